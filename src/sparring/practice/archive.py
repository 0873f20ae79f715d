"""This file takes everything a candidate has out, and brings it back in."""

import io
from pathlib import Path
from typing import Any

import msgspec

from sparring.bank.decks import read_deck
from sparring.bank.importers import ImportProblem
from sparring.practice import imports
from sparring.practice.practice import Practice
from sparring.practice.results import Refused
from sparring.store import BadExport

VERSION = 1
FORMATS = ("json", "csv", "anki")
DECKS = {"csv": ".csv", "anki": ".apkg"}
"""The forms that hold questions only, and how their files are called."""


def dump(practice: Practice) -> dict[str, Any]:
    """Return everything as JSON values: the whole store and the files of the packs that imports wrote."""
    return {"sparring": VERSION, "store": practice.store.dump(), "packs": _files(practice.settings.packs)}


def _files(packs: Path) -> dict[str, str]:
    found = sorted(each for each in packs.rglob("*") if each.is_file() and each.suffix in {".md", ".toml"})
    return {each.relative_to(packs).as_posix(): each.read_text("utf-8") for each in found}


def load(practice: Practice, document: Any) -> str:
    """Bring back what `dump` returned; what is here already stays as it is. Return what was done, in words.

    Raises:
        Refused: the document is not such an export; nothing is changed.
    """
    if not isinstance(document, dict) or document.get("sparring") != VERSION:
        raise Refused(
            f"this is no export of Sparring, or of a newer one than this (`sparring` must be {VERSION})", "file"
        )
    files = _checked_files(document.get("packs"))
    try:
        practice.store.load(document.get("store", {}))
    except BadExport as error:
        raise Refused(str(error), "file") from error
    new = [name for name in files if not (practice.settings.packs / name).exists()]
    for name in new:
        path = practice.settings.packs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name], "utf-8")
    practice.reload()
    return f"Restored: {len(practice.store.reviews())} reviews are here now, and {len(new)} question files were added."


def _checked_files(files: Any) -> dict[str, str]:
    """Return the files of the packs, all of them inside the packs' folder, whatever the document says."""
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise Refused("`packs` must map the names of files to their text", "file")
    for name in files:
        parts = Path(name).parts
        inside = not Path(name).is_absolute() and ".." not in parts and "\0" not in name
        if not inside or Path(name).suffix not in {".md", ".toml"}:
            raise Refused(f"`packs` has a file that cannot be written here: {name!r}", "file")
    return files


def export(practice: Practice, form: str) -> bytes:
    """Return the file of an export: everything as JSON, or the questions as CSV or an Anki deck.

    Raises:
        Refused: there is no such form.
    """
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(dump(practice)), indent=1)
    questions = list(practice.catalog.questions.values())
    if form == "csv":
        from sparring.bank.sheet import write_sheet

        return write_sheet(questions).encode()
    if form == "anki":
        from sparring.bank.anki import write_apkg

        package = io.BytesIO()
        write_apkg(package, questions, practice.now(), practice.store.cards())
        return package.getvalue()
    raise Refused(f"there is no export `{form}`; choose one of {', '.join(FORMATS)}", "form")


def restore(practice: Practice, form: str, content: bytes, name: str) -> str:
    """Bring back what an exported file holds; return what was done, in words.

    Raises:
        Refused: the file is not what it should be; nothing is changed.
    """
    if form == "json":
        try:
            document = msgspec.json.decode(content)
        except msgspec.DecodeError as error:
            raise Refused(f"{name} is no JSON: {error}", "file") from error
        return load(practice, document)
    if form in DECKS:
        return _load_deck(practice, content, Path(name).stem + DECKS[form])
    raise Refused(f"there is no export `{form}`; choose one of {', '.join(FORMATS)}", "form")


def form_of(name: str) -> str:
    """Return the form of an exported file by its name."""
    return next((form for form, suffix in DECKS.items() if name.lower().endswith(suffix)), "json")


def _load_deck(practice: Practice, content: bytes, name: str) -> str:
    """Import the notes of a deck that were not made of questions which are here."""
    try:
        deck = read_deck(content, name)
    except ImportProblem as problem:
        raise Refused(str(problem), "file") from problem
    notes = zip(deck.ours, deck.found, strict=True)
    foreign = [found for ours, found in notes if ours not in practice.catalog.questions]
    planned = imports.plan(practice, foreign)
    imports.apply(practice, planned)
    kept = f"{len(deck.found) - len(foreign)} notes are questions of this bank, which stay as they are"
    return f"{kept}. Of the others, {imports.summary(planned)}"
