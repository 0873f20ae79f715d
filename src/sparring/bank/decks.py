"""This file reads flashcards, as an Anki package or a CSV sheet, as questions that were found in a document."""

import io
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sparring.bank.flashcards import Flashcard, question_id
from sparring.bank.importers import LARGEST_BYTES, Found, ImportProblem

SUFFIXES = (".apkg", ".csv")
BLOCKS = ("p", "div", "li", "pre", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol")
SOUND = re.compile(r"\[sound:[^\]]*\]")
CLOZE = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}", re.DOTALL)
"""Anki's marks inside a field: a sound to be played, and a gap with an optional hint."""


class Deck(Struct, frozen=True, kw_only=True):
    """The notes of a deck: the ids of the questions that ours were made of, and every note as a question."""

    ours: tuple[str | None, ...]
    found: tuple[Found, ...]


def is_deck(name: str) -> bool:
    """Say whether a file is a deck, by its name."""
    return name.lower().endswith(SUFFIXES)


def read_deck(data: bytes, name: str) -> Deck:
    """Read the deck `data`, whose file is called `name`; both tuples have one entry a note, in order.

    Raises:
        ImportProblem: it is too large, no such file, damaged, or has no note with a question.
    """
    if len(data) > LARGEST_BYTES:
        raise ImportProblem(name, f"has more than {LARGEST_BYTES >> 20} MB; export fewer decks at once")
    cards = _sheet(data, name) if name.lower().endswith(".csv") else _package(data, name)
    notes = [(question_id(card), found) for n, card in enumerate(cards, start=1) if (found := _found(card, n, name))]
    if not notes:
        raise ImportProblem(name, "has no note with a question in it; its first field is what is asked")
    return Deck(ours=tuple(ours for ours, _ in notes), found=tuple(found for _, found in notes))


def _sheet(data: bytes, name: str) -> Sequence[Flashcard]:
    from sparring.bank.importers.decoding import decode
    from sparring.bank.sheet import BadSheet, read_sheet

    try:
        return read_sheet(decode(data, name))
    except BadSheet as error:
        raise ImportProblem(name, str(error)) from error


def _package(data: bytes, name: str) -> Iterator[Flashcard]:
    """Yield the notes; of a note type that is not ours the first field is asked and the second is the answer."""
    from sparring.bank.anki import BadPackage, read_apkg

    try:
        notes = read_apkg(io.BytesIO(data))
    except BadPackage as error:
        raise ImportProblem(name, str(error)) from error
    for note in notes:
        question, answer = [*note.fields.values(), "", ""][:2]
        yield Flashcard(guid=note.guid, question=question, answer=answer, tags=note.tags)


def _found(card: Flashcard, number: int, name: str) -> Found | None:
    text = " ".join(_plain(card.question).split())
    if not text:
        return None
    return Found(number=str(number), text=text, answer=_plain(card.answer), source=name, line=number)


def _plain(field: str) -> str:
    """Return the text of a field, whose blocks become lines."""
    from lxml import html  # type: ignore[import-untyped]

    tree = html.fromstring(f"<div>{field}</div>")
    for each in tree.iter("br", *BLOCKS):
        each.tail = "\n" + (each.tail or "")
    for each in tree.xpath("//script | //style | //comment()"):
        each.drop_tree()
    text = CLOZE.sub(r"\1", SOUND.sub("", tree.text_content()))
    return re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n\n", text).strip()
