"""This file brings questions in from documents: found, compared with what is there, shown, and kept."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from sparring.bank.decks import is_deck, read_deck
from sparring.bank.drafts import ImportPlan, apply_import, plan_import, read_asked
from sparring.bank.importers import LARGEST_BYTES, Found, ImportProblem, read_document
from sparring.bank.similarity import compare, group, wordings
from sparring.content import Origin, Question
from sparring.grading.proposal import propose_points
from sparring.practice.practice import Practice
from sparring.practice.results import Refused, Unknown

IMPORTED = "imported"


class Fate(Struct, frozen=True):
    """What an import does with one question, and the id of the question it ends in."""

    found: Found
    what: Literal["new", "merged", "asked", "known"]
    question: str


def read(path: Path) -> bytes:
    """Return the bytes of a document.

    Raises:
        Refused: it is no readable file, or too large.
    """
    try:
        if path.is_file() and path.stat().st_size > LARGEST_BYTES:
            raise Refused(f"{path}: has more than {LARGEST_BYTES // 10**6} MB; split it", "file")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: cannot be read ({error.strerror}); check the path", "file") from error


def find(documents: Iterable[tuple[str, bytes]]) -> list[Found]:
    """Return the questions in documents, given as names and bytes; all are read before anything is kept.

    Raises:
        Refused: a document could not be read, or has no question.
    """
    try:
        return [each for name, data in documents for each in _find(name, data)]
    except ImportProblem as problem:
        raise Refused(str(problem), "file") from problem


def _find(name: str, data: bytes) -> Sequence[Found]:
    return read_deck(data, name).found if is_deck(name) else read_document(data, name)


def plan(practice: Practice, found: Sequence[Found], into: str = IMPORTED) -> ImportPlan:
    """Return what importing `found` into the pack `into` would do; nothing is changed.

    Raises:
        Refused: `into` is no name for a pack, or its list of asked questions is damaged.
    """
    pack = _pack(practice, into)
    try:
        asked = read_asked(pack)
    except ValueError as error:
        raise Refused(str(error), "file") from error
    bank = list(practice.catalog.questions.values())
    return plan_import(
        found,
        bank,
        lambda texts: group(texts, practice.encoder.embed),
        pack=pack,
        propose=propose_points,
        asked=asked,
    )


def apply(practice: Practice, planned: ImportPlan, into: str = IMPORTED) -> None:
    """Do what the plan says; the questions can be practised at once."""
    apply_import(_pack(practice, into), planned)
    practice.reload()


def _pack(practice: Practice, name: str) -> Path:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise Refused(f"`{name}` is no name for a pack; use small letters, digits and hyphens", "into")
    return practice.settings.packs / name


def fates(planned: ImportPlan) -> list[Fate]:
    """Return what happens with each question, in the order of the document."""
    happens = [
        *(
            Fate(each, "merged" if n else "new", draft.id)
            for draft in planned.new
            for n, each in enumerate(draft.found)
        ),
        *(Fate(each, "merged", addition.id) for addition in planned.merged for each in addition.found),
        *(Fate(_found(each.origin), "asked", each.question) for each in planned.asked),
        *(Fate(each, "known", "") for each in planned.known),
    ]
    return sorted(happens, key=lambda fate: (fate.found.source, fate.found.line))


def summary(planned: ImportPlan, *, dry_run: bool = False) -> str:
    """Return what an import does, in one sentence."""
    counts = [fate.what for fate in fates(planned)]
    words = [
        f"{counts.count('new')} new",
        f"{counts.count('merged')} merged with another wording",
        f"{counts.count('asked')} the bank asks already",
        f"{counts.count('known')} imported before",
    ]
    return f"{len(counts)} questions: {', '.join(words)}." + (" Nothing is changed yet." if dry_run else "")


class Similar(Struct, frozen=True):
    """Groups of two or more questions that ask the same thing, each as source, number and text.

    `undecided` counts the pairs that were left apart because there are too many to compare by meaning.
    """

    groups: list[list[dict[str, str]]]
    undecided: int


def similar(practice: Practice, found: Sequence[Found], *, with_bank: bool) -> Similar:
    """Group the questions of documents with one another and, if asked, with those of the bank."""
    asked = [{"source": each.source, "number": each.number, "text": each.text} for each in found]
    if with_bank:
        asked += [line for each in practice.catalog.questions.values() for line in _lines(each)]
    grouping = compare([each["text"] for each in asked], practice.encoder.embed)
    groups = (_distinct(asked[n] for n in members) for members in grouping.groups if members[0] < len(found))
    return Similar([group for group in groups if len(group) > 1], grouping.undecided)


def _lines(question: Question) -> list[dict[str, str]]:
    source = f"bank:{question.pack}"
    return [{"source": source, "number": question.id, "text": text} for text in wordings(question)]


def _distinct(lines: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """A question of the bank has several wordings; one of them in a group is enough."""
    return list({(each["source"], each["number"]): each for each in reversed([*lines])}.values())[::-1]


# An upload waits in the data folder between being shown and being kept, so that a restart forgets nothing.


def receive(practice: Practice, name: str, data: bytes) -> str:
    """Keep an uploaded document until it is imported, and return the id of the upload.

    Raises:
        Refused: it cannot be read, or has no question; it is not kept.
    """
    safe = re.sub(r"[^\w.-]+", "-", Path(name).name)[-80:].lstrip(".") or "document"
    find([(safe, data)])
    upload = f"{hashlib.sha256(data).hexdigest()[:16]}-{safe}"
    folder = practice.settings.home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / upload).write_bytes(data)
    return upload


def _received(practice: Practice, upload: str) -> tuple[Path, list[Found]]:
    path = practice.settings.home / "uploads" / upload
    if Path(upload).name != upload or not path.is_file():
        raise Unknown("this upload is gone; choose the file again")
    return path, find([(upload.split("-", 1)[-1], path.read_bytes())])


def preview(practice: Practice, upload: str) -> ImportPlan:
    """Return what importing an upload would do.

    Raises:
        Unknown: the upload was imported or is gone.
    """
    return plan(practice, _received(practice, upload)[1])


def keep(practice: Practice, upload: str) -> ImportPlan:
    """Import an upload, and forget the upload.

    Raises:
        Unknown: the upload was imported or is gone.
    """
    path, found = _received(practice, upload)
    planned = plan(practice, found)
    apply(practice, planned)
    path.unlink(missing_ok=True)
    return planned


def _found(origin: Origin) -> Found:
    return Found(
        number=origin.number,
        text=origin.text,
        answer="",
        kind=origin.kind,
        section=origin.section,
        years=origin.years,
        source=origin.source,
        line=origin.line,
    )
