"""This file writes flashcards as an Anki package (.apkg) and reads those of such a package.

A package is a zip archive with an SQLite file in it. genanki makes the rows; the archive is made here, since genanki
leaves a temporary file behind for every package, and puts the time of day into it.
"""

import itertools
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import Struct

from sparring.bank.flashcards import DECK, FIELDS, MODEL, flashcard_of
from sparring.content import Question
from sparring.scheduling.card import Card

MODEL_ID = 1_763_806_911_274
DECK_ID = 1_763_806_911_837
"""Chosen once and never changed: by them Anki knows that a package brings the same deck again."""

FRONT = "<div class=title>{{title}}</div>{{question}}"
BACK = "{{FrontSide}}<hr id=answer>{{answer}}<details><summary>Key points</summary>{{points}}</details>"
STYLE = """
.card { font: 18px/1.5 system-ui, sans-serif; max-width: 42em; margin: 1em auto; padding: 0 1em; }
.title, summary { opacity: 0.7; font-size: 0.8em; }
pre { overflow-x: auto; padding: 0.7em; background: rgba(128, 128, 128, 0.15); }
"""

COLLECTIONS = ("collection.anki21", "collection.anki2")
"""The SQLite file by its names, the newer first; where both are there, the older one only says "please update"."""
MODERN = "collection.anki21b"
LARGEST_BYTES = 512 * 1024 * 1024


class BadPackage(ValueError):
    """The file is no Anki package that can be read; the message says why and what to do."""


class _Field(Struct):
    name: str


class _Model(Struct):
    flds: list[_Field]


class Note(Struct, frozen=True, kw_only=True):
    """A note of any Anki package: `fields` by name, their values HTML."""

    guid: str
    fields: Mapping[str, str]
    tags: tuple[str, ...] = ()


def write_apkg(
    file: Path | IO[bytes], questions: Iterable[Question], now: datetime, cards: Iterable[Card] = ()
) -> None:
    """Write the questions as an Anki package, those due first in front, the suspended ones suspended.

    Importing it again updates the notes that changed and adds none twice. The same arguments give the same bytes.
    """
    known = {card.question: card for card in cards}
    ordered = sorted(questions, key=lambda each: (known[each.id].due if each.id in known else now, each.id))
    suspended = {name for name, card in known.items() if card.suspended}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (("collection.anki2", _collection(ordered, suspended, now)), ("media", b"{}")):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # ZipInfo has a fixed date


def read_apkg(file: Path | IO[bytes]) -> list[Note]:
    """Return the notes of an Anki package, in the order in which they were made.

    Raises:
        BadPackage: when it is none, is damaged, or has the newest format, whose compression this program lacks.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            content = _member(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadPackage(f"this is no Anki package ({error}); export a deck as .apkg in Anki") from error
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(content)
            return list(_notes(connection))
    except (sqlite3.Error, msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
        raise BadPackage(f"the collection in this package cannot be read ({error}); export it again") from error


def _collection(questions: Iterable[Question], suspended: Collection[str], now: datetime) -> bytes:
    """Return the SQLite file of a package."""
    import genanki

    names = [{"name": name} for name in FIELDS]
    model = genanki.Model(MODEL_ID, MODEL, names, [{"name": "Card", "qfmt": FRONT, "afmt": BACK}], STYLE)
    deck = genanki.Deck(DECK_ID, DECK, "Backend interview questions from Sparring.")
    for place, question in enumerate(questions):
        deck.add_note(_note(genanki, model, question, place, suspend=question.id in suspended))
    with closing(sqlite3.connect(":memory:")) as connection:
        moment = now.timestamp()
        genanki.Package(deck).write_to_db(connection.cursor(), moment, itertools.count(int(moment * 1000)))
        connection.commit()
        return connection.serialize()


def _note(genanki: Any, model: Any, question: Question, place: int, *, suspend: bool) -> Any:
    card = flashcard_of(question)
    fields = [getattr(card, name) for name in FIELDS]
    note = genanki.Note(model, fields, guid=card.guid, tags=card.tags, due=place)
    for each in note.cards:
        each.suspend = suspend
    return note


def _member(archive: zipfile.ZipFile) -> bytes:
    """Return the SQLite file in `archive`."""
    names = archive.namelist()
    found = next((name for name in COLLECTIONS if name in names), None)
    if MODERN in names:
        raise BadPackage(
            "this package has Anki's newest format, which Sparring does not read; in Anki's export window tick "
            '"Support older Anki versions" and export again'
        )
    if found is None:
        raise BadPackage("this archive has no Anki collection in it; export a deck as .apkg in Anki")
    if archive.getinfo(found).file_size > LARGEST_BYTES:
        raise BadPackage(f"this package unpacks to more than {LARGEST_BYTES >> 20} MB; export fewer decks at once")
    return archive.read(found)


def _notes(connection: sqlite3.Connection) -> Iterator[Note]:
    """Yield the notes; the file is a stranger's, so only real tables are read and no code of its schema runs."""
    connection.execute("PRAGMA trusted_schema = OFF")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"notes", "col"} <= tables:
        raise ValueError("it has no notes")
    (described,) = connection.execute("SELECT models FROM col").fetchone() or ("{}",)
    models = msgspec.json.decode(described, type=dict[str, _Model])
    names = {int(number): [field.name for field in model.flds] for number, model in models.items()}
    for guid, model, tags, fields in connection.execute("SELECT guid, mid, tags, flds FROM notes ORDER BY id"):
        values = zip(names[model], str(fields).split("\x1f"), strict=True)
        yield Note(guid=str(guid), fields=dict(values), tags=tuple(str(tags).split()))
