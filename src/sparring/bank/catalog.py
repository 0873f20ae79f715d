"""This file loads packs, folders of question files, into one catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from sparring.bank.shelf import Shelf
from sparring.content import ContentError, Problem, Question, read_question

Loaded = tuple[Path, Question | ContentError]


class Pack(Struct, frozen=True):
    """A folder of content under a name: the bundled content, a user's git checkout, or what imports wrote."""

    name: str
    folder: Path


class Catalog(Struct, frozen=True, eq=False, weakref=True):
    """All questions of all packs by id, in the order of the packs and of their paths, and what could not be read.

    Two catalogues are the same only if they are one object, so that a search index can be kept for each.
    """

    questions: Mapping[str, Question]
    problems: tuple[Problem, ...] = ()
    packs: tuple[Pack, ...] = ()


def load_catalog(packs: Sequence[Pack], shelf: Path | None = None) -> Catalog:
    """Read every question of `packs`.

    A file that cannot be read is a problem of the catalogue and the rest still loads. Where two packs have the same
    id, the earlier pack wins. With `shelf`, a file that is written and read by this function alone, what has not
    changed since the last load is not parsed again.
    """
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    kept = Shelf(shelf)
    for pack in packs:
        if not _is_folder(pack.folder):
            problems.append(Problem(str(pack.folder), 1, "is no folder; mend or remove the pack in the settings"))
            continue
        for path, found in _read(pack, kept):
            if isinstance(found, ContentError):
                problems.extend(found.problems)
            elif first := questions.get(found.id):
                message = f"id `{found.id}` is taken by {first.path}; rename one of the two"
                problems.append(Problem(str(path), 1, message))
            else:
                questions[found.id] = found
    kept.save()
    return Catalog(MappingProxyType(questions), tuple(problems), tuple(packs))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long
        return False


def bundled() -> Path:
    """Return the folder of the content that is shipped: inside the wheel, or beside the sources in a checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_content"
    return shipped if shipped.is_dir() else package.parents[1] / "content"


def question_files(folder: Path) -> list[Path]:
    """Return everything below `folder` that is named like a question file, hidden folders left out, in stable order."""
    found = (path for path in folder.rglob("*.md") if not path.is_dir())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def read_file(path: Path, pack: str = "") -> Question | ContentError:
    """Return the question at `path`, or the error that says why there is none."""
    if not path.is_file():  # a pipe would block for ever, a broken link has no text
        return ContentError([Problem(str(path), 1, "is no regular file; remove it or put the question there")])
    try:
        return read_question(path, pack)
    except ContentError as error:
        return error


def _read(pack: Pack, shelf: Shelf) -> Iterator[Loaded]:
    for path in question_files(pack.folder / "questions"):
        found = shelf.take(path, pack.name) or read_file(path, pack.name)
        if isinstance(found, Question):
            shelf.put(path, pack.name, found)
        yield path, found
