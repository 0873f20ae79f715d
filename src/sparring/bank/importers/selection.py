"""This file finds the lines of a document on which its questions start."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from sparring.bank.importers.markers import ANSWER, Mark, asking, closes, labelled, mark_of, section_title
from sparring.bank.importers.numbering import Candidate, sequence
from sparring.bank.importers.outline import BOLD, Line, plain

Group = tuple[str, int, int]
"""Candidates that look alike: style, heading level, depth in lists."""

COUNTED = frozenset({"numbered", "alone", "bare"})
LONG, WIDEST = 50, 130
"""Characters from which a line may have been broken, and to which one is broken at the latest."""

ENOUGH = 1.2
"""The weight from which a text looks like a question of an interview."""


LONGEST_PREFACE = 4
"""Lines that a question may take until its question mark."""


class Start(Struct, frozen=True):
    """Where a question starts: the indexes of its first line and of the first line after its text."""

    index: int
    end: int
    text: str
    mark: Mark
    level: int


SURE = 3.2
"""The weight of a question that the label of an answer follows."""


class Choice(Struct, frozen=True):
    """One group of candidates, read as the document's questions, and how much speaks for that."""

    group: Group
    worth: float
    chosen: tuple[Candidate, ...]


def starts_in(lines: Sequence[Line]) -> list[Start]:
    """Return where the questions of a document start, in order.

    Of all groups of like candidates the one that most looks like questions is taken; lines labelled as questions are
    taken besides; and where a section has no question of that group, the best other group in it.
    """
    starts = {start.index: start for start in _possible(lines)}
    groups = _groups(lines, starts)
    choices = [choice for choice in map(_choose, groups.items()) if choice.worth > 0]
    if not choices:
        return _without_contents(_paragraphs_that_ask(lines), lines)
    first = max(choices, key=lambda choice: choice.worth)
    taken = {each.index for each in first.chosen}
    taken |= {each.index for choice in choices if choice.group[0] == "label" for each in choice.chosen}
    taken |= _in_other_sections(lines, groups, first.group, taken)
    taken |= _before_or_after(choices, first, lines)
    return _without_contents([starts[index] for index in sorted(taken)], lines)


def _possible(lines: Sequence[Line]) -> Iterator[Start]:
    wrapped = _is_wrapped(lines)
    for index, line in enumerate(lines):
        mark = mark_of(line)
        if (
            mark is None
            and not line.blank
            and line.code is None
            and _is_answered(lines, index + 1)
            and asking(plain(line.text))
        ):
            mark = Mark("plain", "", plain(line.text))
        if mark is None:
            continue
        text, end = _question_text(lines, index, mark, wrapped=wrapped)
        if text and not (mark.style == "bare" and asking(text) < ENOUGH):
            yield Start(index, end, text, mark, line.level)


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Say whether the document breaks its lines at a fixed width, so that a question may go on in the next line."""
    lengths = [len(line.text) for line in lines if not line.blank and line.code is None and not line.level]
    long = sum(length > LONG for length in lengths)
    return long > 0 and max(lengths) <= WIDEST and long * 5 >= len(lengths)


def _question_text(lines: Sequence[Line], index: int, mark: Mark, *, wrapped: bool) -> tuple[str, int]:
    """Return the question's text and the index behind it; the text may stand on the lines after the number."""
    text, end = mark.text, index + 1
    if not text:
        end = _next_filled(lines, end)
        if end >= len(lines) or end > index + 4 or not _is_text(lines[end]):
            return "", end
        text, end = plain(lines[end].text), end + 1
    while wrapped and not re.search(r"[.?!:][\"'\u201d)*]*$", text) and end < len(lines) and end < index + 7:
        if not _is_text(lines[end]) or lines[end].level != lines[index].level:
            break
        text, end = f"{text} {plain(lines[end].text)}", end + 1
    return _with_code(lines, text, end)


def _is_text(line: Line) -> bool:
    if line.blank or line.code is not None or labelled(plain(line.text)):
        return False
    mark = mark_of(line)
    return mark is None or mark.style not in {"label", "asked", "numbered", "alone"}


def _with_code(lines: Sequence[Line], text: str, end: int) -> tuple[str, int]:
    """Take what stands between the question and its answer's label into the question, if it is code or still asks."""
    label = next((at for at in range(end, min(end + 40, len(lines))) if _stops(lines[at])), end)
    between = [line for line in lines[end:label] if not line.blank]
    if not between or label >= len(lines) or not ANSWER.match(plain(lines[label].text)):
        return text, end
    if all(line.code is not None for line in between):
        return f"{text}\n" + "\n".join(rendered(lines[end:label])).strip("\n"), label
    if len(between) < LONGEST_PREFACE and "?" not in text and plain(between[-1].text).endswith("?"):
        return " ".join([text, *(plain(line.text) for line in between)]), label
    return text, end


def _stops(line: Line) -> bool:
    return line.code is None and not line.blank and (labelled(plain(line.text)) or mark_of(line) is not None)


def rendered(lines: Iterable[Line]) -> list[str]:
    """Return the lines as Markdown text: code in fences that it cannot close itself, runs of blank lines as one."""
    lines = list(lines)
    shallowest = min((line.depth for line in lines if line.depth), default=0)
    written: list[str] = []
    block: list[Line] = []
    for line in [*lines, Line("", 0)]:
        if line.code is not None:
            block.append(line)
            continue
        if block:
            ticks = max((len(run) for each in block for run in re.findall(r"`{3,}", each.text)), default=2) + 1
            written += [f"{'`' * ticks}{block[0].code}", *(each.text for each in block), "`" * ticks]
            block = []
        if not line.blank or (written and written[-1]):
            written.append("   " * max(0, line.depth - shallowest) + line.text.strip() if not line.blank else "")
    return written


def _next_filled(lines: Sequence[Line], index: int) -> int:
    while index < len(lines) and lines[index].blank:
        index += 1
    return index


def _is_answered(lines: Sequence[Line], index: int) -> bool:
    """Say whether the next line with text is the label of an answer or of guidance."""
    at = _next_filled(lines, index)
    return at < len(lines) and lines[at].code is None and labelled(plain(lines[at].text))


def _groups(lines: Sequence[Line], starts: dict[int, Start]) -> dict[Group, list[Candidate]]:
    groups: dict[Group, list[Start]] = {}
    for start in starts.values():
        groups.setdefault(_group(lines[start.index], start.mark), []).append(start)
    return {group: _weighed(lines, members) for group, members in groups.items()}


def _group(line: Line, mark: Mark) -> Group:
    if mark.style in {"label", "asked", "plain"}:
        return (mark.style, 0, 0)
    if line.level:
        return ("heading", line.level, 0)
    return (mark.style, 0, line.depth)


def _weighed(lines: Sequence[Line], members: list[Start]) -> list[Candidate]:
    """Return the members of a group with their weights; what has no body counts little where most have one."""
    indexes = {start.index for start in members}
    bare = {start.index for start in members if _next_filled(lines, start.end) in indexes}
    strict = len(bare) * 2 < len(members)
    weighed = []
    for start in members:
        weight = asking(start.text) or -0.4
        if start.mark.style in {"label", "asked"} or _is_answered(lines, start.end):
            weight = max(weight, 0) + 2
        elif start.index in bare and (strict or weight < ENOUGH):
            weight = -1.0
        weighed.append(Candidate(start.index, start.mark, weight))
    return weighed


def _choose(entry: tuple[Group, list[Candidate]]) -> Choice:
    """Return which candidates of a group are questions, if the group is one of questions."""
    group, candidates = entry
    if group[0] in {"label", "asked", "plain"}:
        return Choice(group, sum(each.weight for each in candidates), tuple(candidates))
    counted = [each for each in candidates if each.mark.style in COUNTED]
    worth, chosen = sequence(counted)
    if not _mostly_ask(chosen):
        worth, chosen = 0.0, []
    named = [each for each in candidates if each.mark.style not in COUNTED and each.weight >= ENOUGH]
    if named or (chosen and group[0] == "heading"):
        named += [each for each in candidates if each.mark.style not in COUNTED and each.weight == 0.6]  # noqa: PLR2004 - the weight of asking words
    together = sorted([*chosen, *named], key=lambda each: each.index)
    return Choice(group, worth + sum(each.weight for each in named), tuple(together))


def _mostly_ask(chosen: Sequence[Candidate]) -> bool:
    asking_ones = sum(each.weight >= ENOUGH for each in chosen)
    return asking_ones > 0 and asking_ones * 2 >= len(chosen)


def _in_other_sections(
    lines: Sequence[Line], groups: dict[Group, list[Candidate]], first: Group, taken: set[int]
) -> set[int]:
    """Return the questions of sections that have none of the first group but several of another."""
    deepest = first[1] if 0 < first[1] < BOLD else BOLD - 1
    borders = [at for at, line in enumerate(lines) if at not in taken and _is_border(line, deepest)]
    found: set[int] = set()
    for begin, end in pairwise([*borders, len(lines)]):
        if closes(lines[begin]) or any(begin < index < end for index in taken):
            continue
        inside = {
            group: [each for each in candidates if begin < each.index < end]
            for group, candidates in groups.items()
            if group != first
        }
        best = max(map(_choose, inside.items()), key=lambda choice: choice.worth, default=None)
        if best is not None and len(best.chosen) >= 2 and best.worth >= 2 * ENOUGH:  # noqa: PLR2004 - several, not one
            found |= {each.index for each in best.chosen}
    return found


def _before_or_after(choices: Sequence[Choice], first: Choice, lines: Sequence[Line]) -> set[int]:
    """Return the questions of groups that lie wholly before or after the first one and are answered or headings."""
    begin, end = first.chosen[0].index, first.chosen[-1].index
    found: set[int] = set()
    for choice in choices:
        beyond = all(each.index > end for each in choice.chosen) or all(each.index < begin for each in choice.chosen)
        sure = all(each.weight >= SURE - bool(lines[each.index].level) * 2 for each in choice.chosen)
        if choice is not first and beyond and sure and len(choice.chosen) > 1:
            found |= {each.index for each in choice.chosen}
    return found


def _is_border(line: Line, deepest: int) -> bool:
    if line.level:
        return line.level <= deepest
    return bool(section_title(line)) or closes(line)


def _paragraphs_that_ask(lines: Sequence[Line]) -> list[Start]:
    """Return the lines that are one question and stand where a paragraph begins: all that unmarked text can offer."""
    starts = []
    for index, line in enumerate(lines):
        text = plain(line.text)
        opens = index == 0 or lines[index - 1].blank or lines[index - 1].text.rstrip().endswith((".", "`"))
        if line.code is None and opens and len(text) <= 300 and text.endswith("?") and _asks_from_the_start(text):  # noqa: PLR2004 - a question, not an essay
            starts.append(Start(index, index + 1, text, Mark("plain", "", text), 0))
    return starts


def _asks_from_the_start(text: str) -> bool:
    return asking(text.rstrip("?")) > 0 or bool(
        re.match(r"(?:can|could|do|does|did|is|are|have|should|would)\b", text, re.IGNORECASE)
    )


def _without_contents(starts: list[Start], lines: Sequence[Line]) -> list[Start]:
    """Leave out the entries of a table of contents: questions without a body that come again with one."""
    following: list[Start | None] = [*starts[1:], None]
    bodies = [_has_body(lines, start, after) for start, after in zip(starts, following, strict=False)]
    answered = {_key(start.text) for start, body in zip(starts, bodies, strict=True) if body}
    last_answered = {_key(start.text): start.index for start, body in zip(starts, bodies, strict=True) if body}
    return [
        start
        for start, body in zip(starts, bodies, strict=True)
        if body or _key(start.text) not in answered or start.index > last_answered[_key(start.text)]
    ]


def _has_body(lines: Sequence[Line], start: Start, after: Start | None) -> bool:
    stop = after.index if after else len(lines)
    body = _next_filled(lines, start.end)
    return body < stop and not _is_border(lines[body], BOLD - 1)


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()
