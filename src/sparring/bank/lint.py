"""This file checks packs as a whole: what one question file alone cannot show is wrong."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sparring.bank.catalog import bundled, question_files, read_file
from sparring.bank.similarity import Embed, group, wordings
from sparring.content import FORMS, ContentError, Problem, Question

TARGETS = {"see": "experiments", "build": "labs", "size": "scenarios"}
"""The folder of a pack in which the targets of each form's links lie."""


class _File(Struct, frozen=True):
    """A question file that could be read, with the pack it lies in, if it lies in one."""

    path: Path
    pack: Path | None
    question: Question

    def line(self, key: str, value: str = "") -> int:
        """Return the line of the front matter on which `key` begins, or `value` is first named from there on."""
        lines = self.path.read_text(encoding="utf-8").split("\n")
        start = next((at for at, line in enumerate(lines) if line.split("=")[0].strip() == key), 0)
        return next((at for at in range(start, len(lines)) if value in lines[at]), start) + 1

    def problem(self, message: str, key: str, value: str = "") -> Problem:
        return Problem(str(self.path), self.line(key, value), message)


def lint(folders: Sequence[Path], embed: Embed | None = None) -> list[Problem]:
    """Return every mistake in the packs `folders`, by path and line.

    Each of `folders` is a pack, a folder inside one, or one question file. With `embed`, near-duplicates are also
    found by meaning.
    """
    problems: list[Problem] = []
    files: list[_File] = []
    for path in _paths(folders, problems):
        found = read_file(path)
        if isinstance(found, ContentError):
            problems.extend(found.problems)
        else:
            files.append(_File(path, _pack_of(path), found))
    packs = {pack for folder in folders if (pack := _pack_of(folder / "questions" / "any.md"))}
    places = [bundled(), *sorted(packs | {file.pack for file in files if file.pack})]
    for file in files:
        problems.extend([*_misplaced(file), *_dangling(file, places), *_arrived(file, places)])
    problems.extend([*_doubled(files), *_alike(files, embed)])
    return sorted(set(problems), key=lambda problem: (problem.path, problem.line, problem.message))


def _paths(folders: Iterable[Path], problems: list[Problem]) -> list[Path]:
    """Return the question files that `folders` name, each once and by path; note what names none."""
    found: dict[Path, Path] = {}
    for folder in folders:
        if folder.is_file():
            paths = [folder]
        elif (folder / "questions").is_dir() or _pack_of(folder / "question.md"):
            paths = question_files(folder / "questions" if (folder / "questions").is_dir() else folder)
        else:
            problems.append(Problem(str(folder), 1, "is no pack; name a folder that holds `questions`, or a file"))
            paths = []
        found |= {path.resolve(): path for path in paths if path.resolve() not in found}
    return sorted(found.values())


def _pack_of(path: Path) -> Path | None:
    """Return the pack that the question file `path` lies in."""
    return next((parent.parent for parent in path.absolute().parents if parent.name == "questions"), None)


def _misplaced(file: _File) -> Iterator[Problem]:
    """Yield where the file's name and folder contradict its front matter."""
    name, topic = file.question.id, file.question.topic
    if file.path.stem != name:
        yield file.problem(f"id `{name}` differs from the file name; rename the file to `{name}.md`", "id")
    if file.pack and file.path.absolute().parent != file.pack / "questions" / topic:
        yield file.problem(f"topic `{topic}` differs from the folder; move the file to `questions/{topic}/`", "topic")


def _dangling(file: _File, places: Sequence[Path]) -> Iterator[Problem]:
    """Yield the links to what no pack has."""
    for form in FORMS if file.pack else ():
        for target in getattr(file.question, form):
            if not _exists(form, target, places):
                message = (
                    f"`{form}` links to `{target}`, but there is no `{TARGETS[form]}/{target}/`;"
                    f' write it, or put `planned = ["{form}:{target}"]`'
                )
                yield file.problem(message, form, f'"{target}"')


def _arrived(file: _File, places: Sequence[Path]) -> Iterator[Problem]:
    """Yield the planned links to what is there by now."""
    for link in file.question.planned:
        form, _, target = link.partition(":")
        if _exists(form, target, places):
            message = f'planned link `{link}` exists by now; move it to `{form} = ["{target}"]`'
            yield file.problem(message, "planned", f'"{link}"')


def _exists(form: str, target: str, places: Iterable[Path]) -> bool:
    return any((place / TARGETS[form] / target).is_dir() for place in places)


def _doubled(files: Iterable[_File]) -> Iterator[Problem]:
    """Yield each id that an earlier file has already."""
    first: dict[str, _File] = {}
    for file in files:
        earlier = first.setdefault(file.question.id, file)
        if earlier is not file:
            message = f"id `{file.question.id}` is taken by {earlier.path}; rename one of the two"
            yield file.problem(message, "id")


def _alike(files: Sequence[_File], embed: Embed | None) -> Iterator[Problem]:
    """Yield each question that asks the same as an earlier one, in any of their wordings."""
    asked = [(file, text) for file in files for text in wordings(file.question)]
    for members in group([text for _, text in asked], embed):
        first, *others = dict.fromkeys(asked[index][0].path for index in members)
        for file in files:
            if file.path in others:
                message = f"asks the same as {first}; merge the two, or make the prompt say what differs"
                yield file.problem(message, "id")
