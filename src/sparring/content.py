"""This file reads one content file: a question as Markdown with TOML front matter between +++ lines.

A question file is read strictly. Every mistake becomes a `Problem` with path, line and the way to mend it, and all
mistakes of a file are reported at once, so that an author mends a file in one go.
"""

import re
import tomllib
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeGuard

import msgspec
from msgspec import Meta, Struct, field

Kind = Literal["concept", "story", "situation", "code", "design", "negotiation", "reverse"]
Level = Literal["must", "should", "bonus"]
Band = Literal["strong", "partial", "wrong", "off"]
Form = Literal["see", "build", "size"]
Years = Literal[0, 2, 3, 5, 7, 10]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, Meta(min_length=1)]

KINDS: tuple[Kind, ...] = typing.get_args(Kind)
YEARS: tuple[int, ...] = typing.get_args(Years)
FORMS: tuple[Form, ...] = typing.get_args(Form)

BANDS: dict[Band, tuple[float, float]] = {
    "strong": (0.70, 1.0),
    "partial": (0.25, 0.70),
    "wrong": (0.0, 0.40),
    "off": (0.0, 0.25),
}
"""Score interval [low, high] that a calibration answer of each band must be graded into."""

KEY_DOTS_MAX = 100
FOLLOW_UP_CONDITION = re.compile(r"^(always|(met|missed|contradicted|present) ([a-z0-9-]+))$")


class Problem(Struct, frozen=True):
    """One mistake in a content file: where it is, what is wrong and how to mend it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(ValueError):
    """A content file could not be read; `problems` has every mistake found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Point(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key point: one checkable statement that a good answer makes."""

    id: Slug
    says: Annotated[Text, Meta(description="The full statement, true on its own.")]
    level: Level = "must"
    weight: Annotated[int, Meta(ge=1, le=5)] = 1
    counts: Annotated[tuple[Text, ...], Meta(description="Wordings that count as saying it.")] = ()
    against: Annotated[tuple[Text, ...], Meta(description="Typical wordings that contradict it.")] = ()


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the key points `of`, any `need` are enough: for questions that ask for a list."""

    id: Slug
    need: Annotated[int, Meta(ge=1)]
    of: Annotated[tuple[Slug, ...], Meta(min_length=2)]


class RedFlag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A claim that costs the candidate the answer, and why it is wrong."""

    id: Slug
    says: Text
    why: Text
    counts: Annotated[tuple[Text, ...], Meta(description="Other wordings of the same mistake.")] = ()


class FollowUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question asked next when `when` holds of the grade, with its own short rubric."""

    id: Slug
    when: Annotated[
        Text,
        Meta(description="`always`, or `met`/`missed`/`contradicted` and a point's id, or `present` and a flag's id."),
    ]
    ask: Text
    points: Annotated[tuple[Text, ...], Meta(min_length=1)]


class Calibration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer as a candidate would give it, and the score band the grader must put it in."""

    band: Band
    text: Text


class Experience(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From how many years of experience the question is asked, and where it discriminates best."""

    from_: Years = field(name="from")
    sweet: Years


class Minutes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Time to answer and to read the reference answer, in minutes."""

    answer: Annotated[float, Meta(gt=0, le=120)] = 3
    read: Annotated[float, Meta(gt=0, le=60)] = 2


class Origin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an imported question was found, with the fields the document gave it."""

    source: Text
    line: Annotated[int, Meta(ge=1)]
    number: str
    text: Text
    kind: str = ""
    section: str = ""
    years: int | None = None
    guidance: str = ""


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a question file."""

    id: Slug
    kind: Kind
    topic: Slug
    title: Text
    years: Experience
    stacks: tuple[str, ...] = ()
    minutes: Minutes = Minutes()
    asked_as: Annotated[
        tuple[Text, ...], Meta(description="Short wordings of the same question, to find duplicates.")
    ] = ()
    listens_for: Annotated[str, Meta(description="What the interviewer wants to find out.")] = ""
    see: Annotated[tuple[Slug, ...], Meta(description="Experiments that show it.")] = ()
    build: Annotated[tuple[Slug, ...], Meta(description="Labs that train it.")] = ()
    size: Annotated[tuple[Slug, ...], Meta(description="Design scenarios that use it.")] = ()
    planned: Annotated[
        tuple[str, ...], Meta(description="Links whose target is not written yet, as `build:lab-id`.")
    ] = ()
    sources: Annotated[tuple[Text, ...], Meta(description="RFC, manual page or paper, with its section.")] = ()
    draft: Annotated[bool, Meta(description="Imported, with a rubric proposed from its answer.")] = False
    points: Annotated[tuple[Point, ...], Meta(min_length=1)] = field(name="point")
    choices: tuple[Choice, ...] = field(name="choice", default=())
    flags: tuple[RedFlag, ...] = field(name="flag", default=())
    follow_ups: tuple[FollowUp, ...] = field(name="follow", default=())
    levels: Annotated[dict[str, Text], Meta(description="What each level, in years, must add.")] = {}
    calibration: tuple[Calibration, ...] = field(name="calibrate", default=())
    origins: tuple[Origin, ...] = field(name="origin", default=())


class Question(Header, frozen=True, kw_only=True):
    """A question as it is asked: the front matter, the prompt and the reference answer."""

    prompt: Text
    answer: Text
    pack: str = ""
    path: str = ""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a question's front matter, generated from `Header`."""
    return msgspec.json.schema(Header) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def read_question(path: Path, pack: str = "") -> Question:
    """Read the question file at `path`.

    Raises:
        ContentError: with every mistake in the file, or with the reason why it cannot be read at all.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ContentError([Problem(str(path), 1, f"cannot be read ({error.strerror}); check the path")]) from error
    except UnicodeDecodeError as error:
        raise ContentError([Problem(str(path), 1, "is not UTF-8; save the file as UTF-8")]) from error
    return parse_question(text, path=str(path), pack=pack)


def parse_question(text: str, path: str, pack: str = "") -> Question:
    """Read a question from `text`; `path` only names it in errors.

    Raises:
        ContentError: with every mistake in the text.
    """
    front, body, body_line = _split(text, path)
    raw = _toml(front, path)
    sections = _sections(body)
    problems = [
        Problem(path, body_line, f"has no text under `# {name}`; add the heading and its text")
        for name in ("Prompt", "Answer")
        if not sections.get(name)
    ]
    reader = _Reader(path, front)
    try:
        header = msgspec.convert(raw, Header)
    except msgspec.ValidationError:
        # msgspec stops at the first mistake; the reader finds them all and is slower.
        reader.read(Header, raw, ())
        problems += reader.problems
    else:
        problems += _contradictions(header, reader)
    if problems:
        raise ContentError(sorted(problems, key=lambda problem: problem.line))
    fields = {each: getattr(header, each) for each in Header.__struct_fields__}
    return Question(**fields, prompt=sections["Prompt"], answer=sections["Answer"], pack=pack, path=path)


def _toml(front: str, path: str) -> dict[str, Any]:
    """Return the front matter's tables."""
    for number, line in enumerate(front.split("\n"), start=2):
        if line.split("=")[0].count(".") > KEY_DOTS_MAX and line.lstrip()[:1] != '"':
            # tomllib takes time in the square of a dotted key's length.
            raise ContentError([Problem(path, number, f"has a key of more than {KEY_DOTS_MAX} parts; shorten it")])
    try:
        return tomllib.loads(front)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and what a very long number or deep list raises
        found = re.search(r"at line (\d+)", str(error))
        line_number = int(found[1]) + 1 if found else front.count("\n") + 1
        raise ContentError([Problem(path, line_number, f"is not valid TOML: {error}")]) from error


def _split(text: str, path: str) -> tuple[str, str, int]:
    """Return the front matter, the body, and the line on which the body begins."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "+++":
        raise ContentError([Problem(path, 1, "must begin with a line `+++`; put the TOML front matter there")])
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "+++":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise ContentError([Problem(path, 1, "has no second `+++`; close the front matter with one")])


def _sections(body: str) -> dict[str, str]:
    """Split Markdown at its level-one headings, leaving headings inside code fences alone."""
    found: dict[str, list[str]] = {}
    current, fenced = None, False
    for line in body.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if line.startswith("# ") and not fenced:
            current = found.setdefault(line[2:].strip(), [])
        elif current is not None:
            current.append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


Key = tuple[str | int, ...]


class _Reader:
    """Checks TOML tables field by field, so that one mistake does not hide the next."""

    def __init__(self, path: str, front: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._lines = dict(_key_lines(front))

    def line(self, key: Key) -> int:
        """Return the file's line of `key`, or of the nearest table that holds it."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 1)

    def complain(self, key: Key, message: str) -> None:
        self.problems.append(Problem(self.path, self.line(key), message))

    def read(self, kind: type[Struct], raw: dict[str, Any], where: Key) -> None:
        """Note every mistake in the table `raw`, which should have the fields of `kind`."""
        known = {each.encode_name: each for each in msgspec.structs.fields(kind)}
        for name in raw.keys() - known.keys():
            self.complain((*where, name), f"unknown key `{name}`; known here are {', '.join(sorted(known))}")
        for name, each in known.items():
            if name in raw:
                self._check(each.type, raw[name], (*where, name))
            elif each.required:
                self.complain(where, f"`{name}` is missing; add it")

    def _check(self, wanted: Any, raw: Any, where: Key) -> None:
        bare = wanted.__origin__ if hasattr(wanted, "__metadata__") else wanted
        entry = typing.get_args(bare)[0] if typing.get_origin(bare) is tuple else None
        before = len(self.problems)
        if _is_table(entry) and isinstance(raw, list):
            for index, table in enumerate(raw):
                if isinstance(table, dict):
                    self.read(entry, table, (*where, index))
                else:
                    self.complain(where, f"`{where[-1]}` must be tables; write each as [[{where[-1]}]]")
        elif _is_table(bare) and isinstance(raw, dict):
            self.read(bare, raw, where)
        if len(self.problems) > before:
            return
        try:
            msgspec.convert(raw, wanted)
        except msgspec.ValidationError as error:
            self.complain(where, f"`{where[-1]}`: {error}")


def _is_table(wanted: Any) -> TypeGuard[type[Struct]]:
    return isinstance(wanted, type) and issubclass(wanted, Struct)


def _key_lines(front: str) -> Iterator[tuple[Key, int]]:
    """Yield each key of the front matter with its line in the file (the opening +++ is line 1)."""
    table: Key = ()
    counts: dict[str, int] = {}
    quote = ""
    for number, line in enumerate(front.split("\n"), start=2):
        if quote:
            quote = "" if quote in line else quote
            continue
        if header := re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line):
            counts[header[1]] = counts.get(header[1], -1) + 1
            table = (header[1], counts[header[1]])
            yield table, number
        elif header := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
            table = (header[1],)
            yield table, number
        elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line):
            yield (*table, key[1]), number
            yield from (((*table, key[1], inner), number) for inner in re.findall(r"[{,]\s*([\w-]+)\s*=", line))
        for mark in ('"""', "'''"):
            if line.count(mark) % 2:
                quote = mark


Complain = Callable[[Key, str], Problem]


def _contradictions(header: Header, reader: _Reader) -> Iterator[Problem]:
    """Yield what each key alone cannot show: doubled ids, links to nothing, follow-ups that can never be asked."""

    def problem(key: Key, message: str) -> Problem:
        return Problem(reader.path, reader.line(key), message)

    yield from _doubled_ids(header, problem)
    yield from _bad_choices(header, problem)
    tables = {each.id: name for name, entries in _entries(header).items() for each in entries}
    for index, follow in enumerate(header.follow_ups):
        if reason := _unreachable(follow, tables):
            yield problem(("follow", index, "when"), f"can never be asked: {reason}")
    for year in header.levels:
        if year not in {str(number) for number in YEARS}:
            yield problem(("levels", year), f"`{year}` is no level; use one of {', '.join(map(str, YEARS))}")
    for name in header.planned:
        if not re.fullmatch(r"(see|build|size):[a-z0-9-]+", name):
            yield problem(("planned",), f"`{name}` is no planned link; write it as `build:lab-id`")
    if header.years.sweet < header.years.from_:
        yield problem(("years",), "`sweet` is before `from`; it must be the same or later")
    if not header.draft:
        yield from _unfinished(header, problem)


def _entries(header: Header) -> dict[str, tuple[Point | Choice | RedFlag | FollowUp, ...]]:
    """Return the tables whose entries share one space of ids, since findings and conditions name them by id alone."""
    return {"point": header.points, "choice": header.choices, "flag": header.flags, "follow": header.follow_ups}


def _doubled_ids(header: Header, problem: Complain) -> Iterator[Problem]:
    seen: set[str] = set()
    for table, entries in _entries(header).items():
        for index, entry in enumerate(entries):
            if entry.id in seen:
                yield problem((table, index, "id"), f"id `{entry.id}` is used twice; give each entry its own id")
            seen.add(entry.id)


def _bad_choices(header: Header, problem: Complain) -> Iterator[Problem]:
    points = {point.id for point in header.points}
    for index, choice in enumerate(header.choices):
        for name in choice.of:
            if name not in points:
                yield problem(("choice", index, "of"), f"`{name}` is no key point; name one of {sorted(points)}")
        if choice.need >= len(choice.of):
            yield problem(("choice", index, "need"), f"`need` must be below the {len(choice.of)} points in `of`")


def _unreachable(follow: FollowUp, ids: dict[str, str]) -> str:
    """Return why the follow-up's condition can never hold, or nothing."""
    condition = FOLLOW_UP_CONDITION.match(follow.when)
    if condition is None:
        return f"`{follow.when}` is no condition; write `always`, `missed POINT`, `met POINT` or `present FLAG`"
    verdict, name = condition[2], condition[3]
    if name is None:
        return ""
    tables = ("flag",) if verdict == "present" else ("point", "choice")
    if ids.get(name) not in tables:
        return f"there is no {' or '.join(tables)} with the id `{name}`"
    return ""


def _unfinished(header: Header, problem: Complain) -> Iterator[Problem]:
    """Yield what a draft may lack and a finished question may not."""
    if not header.listens_for:
        yield problem((), "`listens_for` is missing; say what the interviewer wants to find out")
    for index, point in enumerate(header.points):
        if not point.counts:
            yield problem(("point", index), f"point `{point.id}` has no `counts`; add wordings that count")
        if not point.against:
            yield problem(("point", index), f"point `{point.id}` has no `against`; add wordings that contradict it")
    missing = {"strong", "partial", "wrong"} - {each.band for each in header.calibration}
    for band in sorted(missing):
        yield problem((), f"has no [[calibrate]] answer with band `{band}`; add one as a candidate would say it")
