"""This file turns found questions into draft question files, merging what asks the same thing.

A plan says what an import would do and touches nothing; applying it writes each file whole or not at all.
"""

import os
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from sparring.bank.importers.found import Found, content_kind
from sparring.bank.prose import as_markdown, protected
from sparring.bank.similarity import wordings
from sparring.content import YEARS, Experience, Kind, Origin, Point, Question, parse_question

Propose = Callable[[str, str], tuple[Point, ...]]
"""Makes the key points of a draft from its prompt and its answer as Markdown, code in fences."""

Group = Callable[[Sequence[str]], list[list[int]]]
"""Groups texts that ask the same thing: the indexes of each group, every index in exactly one."""

NO_ANSWER = "No answer was given in the source."
LONGEST_SLUG = 60


class Asked(Struct, frozen=True):
    """A finished question that a document asks too, and the answer the document gives."""

    question: str
    origin: Origin
    answer: str = ""


class NewDraft(Struct, frozen=True, kw_only=True):
    """A question file to be written: where, with what text, and the questions merged in it, the first one first."""

    id: str
    path: Path
    text: str
    found: tuple[Found, ...]


class Addition(Struct, frozen=True, kw_only=True):
    """Further sources, and answers they give, for a draft that is there already."""

    id: str
    path: Path
    found: tuple[Found, ...]


class ImportPlan(Struct, frozen=True, kw_only=True):
    """What an import will do.

    It writes the files of `new`, adds sources to the drafts of `merged`, notes the finished questions of `asked` as
    asked again, and leaves alone what is `known`.
    """

    new: tuple[NewDraft, ...] = ()
    merged: tuple[Addition, ...] = ()
    asked: tuple[Asked, ...] = ()
    known: tuple[Found, ...] = ()


def plan_import(
    found: Sequence[Found],
    bank: Sequence[Question],
    groups: Group,
    *,
    pack: Path,
    propose: Propose,
    topic: str = "imported",
    asked: Sequence[Asked] = (),
) -> ImportPlan:
    """Plan what importing `found` into the folder `pack` does, without touching anything.

    `bank` has every question of all packs, the drafts of `pack` among them; `asked` what `read_asked` returns for it.
    What asks the same as a finished question is noted as asked; the same as a draft of this pack adds a source to it;
    the rest becomes drafts under `questions/<topic>/`.
    """
    seen = {_key(origin) for question in bank for origin in question.origins} | {_key(each.origin) for each in asked}
    fresh = [each for each in found if _key(origin_of(each)) not in seen]
    known = tuple(each for each in found if _key(origin_of(each)) in seen)
    asking = [(question, text) for question in bank for text in wordings(question)]
    texts = [each.text for each in fresh] + [text for _, text in asking]
    new, merged, again = [], [], []
    ids = {question.id for question in bank} | {path.stem for path in pack.rglob("*.md")}
    for members in sorted((sorted(group) for group in (groups(texts) if fresh else [])), key=lambda group: group[0]):
        same = tuple(fresh[index] for index in members if index < len(fresh))
        there = [asking[index - len(fresh)][0] for index in members if index >= len(fresh)]
        if not same:
            continue
        target = _target(there, pack)
        if target is None:
            new.append(_draft(same, pack, topic, propose, ids))
            ids.add(new[-1].id)
        elif _is_draft_of(target, pack):
            merged.append(Addition(id=target.id, path=Path(target.path), found=same))
        else:
            again += [Asked(target.id, origin_of(each), _clean(each.answer)) for each in same]
    return ImportPlan(new=tuple(new), merged=tuple(merged), asked=tuple(again), known=known)


def _target(there: Sequence[Question], pack: Path) -> Question | None:
    """Return which of the bank's questions takes the newcomers in: a finished one before a draft."""
    ordered = sorted(there, key=lambda question: (question.draft, not _is_draft_of(question, pack)))
    return ordered[0] if ordered else None


def _is_draft_of(question: Question, pack: Path) -> bool:
    return question.draft and bool(question.path) and Path(question.path).resolve().is_relative_to(pack.resolve())


def _key(origin: Origin) -> tuple[str, str, str]:
    return origin.source, origin.number, " ".join(origin.text.split())


def origin_of(found: Found) -> Origin:
    """Return where a found question comes from, as a question file keeps it."""
    return Origin(
        source=_clean(found.source) or "unknown",
        line=max(found.line, 1),
        number=_clean(found.number),
        text=_clean(found.text),
        kind=_clean(found.kind),
        section=_clean(found.section),
        years=found.years,
        guidance=_clean(found.guidance),
    )


def _clean(text: str) -> str:
    """Return `text` with one kind of line end and without what UTF-8 cannot hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _draft(same: tuple[Found, ...], pack: Path, topic: str, propose: Propose, ids: Collection[str]) -> NewDraft:
    """Return the draft of questions that ask the same: worded as the first, answered as the longest answer does."""
    first = same[0]
    prompt = _clean(first.text).strip()
    answer = max((_clean(each.answer).strip() for each in same), key=len)
    others = [each for each in same if _words(each.answer) not in {"", _words(answer)}]
    name = _free(slug(prompt), ids)
    body = as_markdown(answer) if answer else NO_ANSWER
    text = render_draft(
        name,
        kind=content_kind(first.kind, prompt),
        topic=topic,
        years=_experience(same),
        points=_points(prompt, body if answer else "", propose),
        origins=[origin_of(each) for each in same],
        prompt=prompt,
        answer=body + "".join(_other_answer(each) for each in _distinct(others)),
    )
    return NewDraft(id=name, path=pack / "questions" / topic / f"{name}.md", text=text, found=same)


def _distinct(found: Iterable[Found]) -> list[Found]:
    return list({_words(each.answer): each for each in found}.values())


def _other_answer(found: Found) -> str:
    where = " ".join(_clean(found.source).split())
    return f"\n\n## Also answered in {where}, line {found.line}\n\n{as_markdown(_clean(found.answer))}"


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", _clean(text).casefold()))


def _points(prompt: str, answer: str, propose: Propose) -> tuple[Point, ...]:
    """Return the proposed key points; without an answer, the one point that can be asked for: that there is one."""
    points = propose(prompt, answer) if answer else ()
    if points:
        return points
    says = answer[:500].strip() or "The answer addresses what was asked, gives a reason for it, and names an example."
    return (Point(id="answers-it", says=says),)


def _experience(same: Sequence[Found]) -> Experience:
    """Return for how many years of experience a question is, as its documents state or their sections imply."""
    stated = next((each.years for each in same if each.years is not None), None)
    sections = " ".join(each.section for each in same)
    if stated is None and re.search(r"\b(?:fresher|entry|junior|basic|beginner)", sections, re.IGNORECASE):
        return Experience(from_=0, sweet=0)
    if stated is None and re.search(r"\b(?:experienced|senior|advanced|expert)", sections, re.IGNORECASE):
        return Experience(from_=3, sweet=5)
    if stated is None:
        return Experience(from_=0, sweet=3)
    nearest = max(year for year in YEARS if year <= max(stated, 0))
    return Experience(from_=nearest, sweet=nearest)  # type: ignore[arg-type]  # a member of YEARS


def slug(text: str) -> str:
    """Return an id for a question's text: its first words in lower case, joined by hyphens, 60 characters at most."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = re.findall(r"[a-z0-9]+", ascii_only.replace("'", ""))
    name = ""
    for word in words:
        if len(name) + 1 + len(word) > LONGEST_SLUG:
            break
        name = f"{name}-{word}" if name else word
    return name or (words[0][:LONGEST_SLUG] if words else "question")


def _free(name: str, ids: Collection[str]) -> str:
    if name not in ids:
        return name
    number = 2
    while f"{name}-{number}" in ids:
        number += 1
    return f"{name}-{number}"


def render_draft(
    name: str,
    *,
    kind: Kind,
    topic: str,
    years: Experience,
    points: Sequence[Point],
    origins: Sequence[Origin],
    prompt: str,
    answer: str,
) -> str:
    """Return the text of a draft question file, which `sparring.content.parse_question` reads back as it is."""
    title = " ".join(prompt.split())
    head = [
        "+++",
        f"id = {toml(name)}",
        f"kind = {toml(kind)}",
        f"topic = {toml(topic)}",
        f"title = {toml(title)}",
        f"years = {{ from = {years.from_}, sweet = {years.sweet} }}",
        "draft = true",
    ]
    tables = [_table("point", point) for point in points] + [_table("origin", origin) for origin in origins]
    return (
        "\n".join(head)
        + "\n\n"
        + "\n".join(tables)
        + f"+++\n\n# Prompt\n\n{protected(prompt)}\n\n# Answer\n\n{answer}\n"
    )


def _table(name: str, value: Struct) -> str:
    """Return a TOML table with the fields of a struct, in their order, without those at their default."""
    lines = [f"[[{name}]]"]
    for each in msgspec.structs.fields(value):
        content = getattr(value, each.name)
        if each.required or content != each.default:
            lines.append(f"{each.encode_name} = {toml(content)}")
    return "\n".join(lines) + "\n"


def toml(value: str | float | Sequence[str]) -> str:
    """Return a string, a number or a list of strings as TOML writes it, on one line (TOML 1.0, "String")."""
    if isinstance(value, str):
        return '"' + "".join(_escaped(sign) for sign in _clean(value)) + '"'
    if isinstance(value, int | float):
        return str(value)
    return "[" + ", ".join(toml(each) for each in value) + "]"


ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _escaped(sign: str) -> str:
    return ESCAPES.get(sign) or (f"\\u{ord(sign):04x}" if ord(sign) < 0x20 or sign == "\x7f" else sign)  # noqa: PLR2004 - where printable ASCII begins


def read_asked(pack: Path) -> tuple[Asked, ...]:
    """Return what `asked.toml` of a pack says: which finished questions documents ask too.

    Raises:
        ValueError: the file is not as an import writes it; the message names the file and the reason.
    """
    path = pack / "asked.toml"
    if not path.exists():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("asked", [])
        return tuple(
            Asked(entry.pop("question"), answer=entry.pop("answer", ""), origin=msgspec.convert(entry, Origin))
            for entry in entries
        )
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: is no list of [[asked]] tables ({error}); mend or delete it") from error


def apply_import(pack: Path, plan: ImportPlan) -> tuple[Path, ...]:
    """Do what the plan says and return the files written.

    Every text is made and read back before the first file is touched; each file is then replaced whole. Applying the
    same plan again changes nothing.

    Raises:
        ContentError: a draft that was to be added to cannot be read any more.
        OSError: a file could not be written; files written before it are whole and stay.
    """
    texts = {draft.path: draft.text for draft in plan.new}
    for addition in plan.merged:
        texts[addition.path] = _with_sources(texts.get(addition.path) or addition.path.read_text("utf-8"), addition)
    for path, text in texts.items():
        parse_question(text, path=str(path))
    if plan.asked:
        texts[pack / "asked.toml"] = _with_asked(pack, plan.asked)
    changed = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        _replace(path, texts[path])
    return tuple(changed)


def _with_sources(text: str, addition: Addition) -> str:
    """Return a draft's text with further sources, and the answers it does not have yet, at its two ends."""
    question = parse_question(text, path=str(addition.path))
    seen = {_key(origin) for origin in question.origins}
    more = [each for each in addition.found if _key(origin_of(each)) not in seen]
    have = _words(question.answer)
    answers = [each for each in _distinct(more) if _words(each.answer) and _words(each.answer) not in have]
    front, end, body = text.rstrip("\n").partition("\n+++\n")
    tables = "".join("\n" + _table("origin", origin_of(each)) for each in more)
    return (
        front + "\n" + tables.rstrip("\n") + end + body + "".join(map(_other_answer, answers)) + "\n" if more else text
    )


def _with_asked(pack: Path, asked: Sequence[Asked]) -> str:
    there = read_asked(pack)
    seen = {(each.question, _key(each.origin)) for each in there}
    more = [each for each in asked if (each.question, _key(each.origin)) not in seen]
    tables = [f"[[asked]]\nquestion = {toml(each.question)}\n{_fields(each)}" for each in (*there, *more)]
    return "# Questions of other packs that imported documents ask too; written by `spar bank import`.\n\n" + "\n".join(
        tables
    )


def _fields(asked: Asked) -> str:
    answer = f"answer = {toml(asked.answer)}\n" if asked.answer else ""
    return _table("", asked.origin).partition("\n")[2] + answer


def _replace(path: Path, text: str) -> None:
    """Write a file so that after a crash it is either as before or whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
