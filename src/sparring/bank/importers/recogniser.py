"""This file finds the questions in the outline of a document, with their answers and sections."""

import re
from collections.abc import Sequence

from msgspec import Struct

from sparring.bank.importers.answers import split_answer
from sparring.bank.importers.found import Found, category_of, years_of
from sparring.bank.importers.markers import ASIDE, asking, closes, labelled, section_title, title_of
from sparring.bank.importers.outline import BOLD, Line, plain
from sparring.bank.importers.selection import Start, starts_in

NEAR = 14
"""How many lines of introduction may stand between a section's title in plain text and its first question."""


LONGEST_LINE = 5000
"""Characters up to which a line is looked through for an answer that follows its question."""


class Section(Struct, frozen=True):
    """A heading that holds for the questions after it; `level` 9 where plain text gives none."""

    level: int
    title: str


PLAIN_LEVEL = 9


def recognise(lines: Sequence[Line], source: str) -> list[Found]:
    """Return the questions in `lines`, in order; `source` names the document in each."""
    starts = starts_in(lines)
    if not starts:
        return []
    borders = _borders(lines, starts)
    found = []
    path: tuple[Section, ...] = ()
    at = 0
    for start, stop in zip(starts, [*(start.index for start in starts[1:]), len(lines)], strict=True):
        for index in range(at, start.index):
            if index in borders:
                path = _entered(path, borders[index])
        at = start.end
        end = next((index for index in range(start.end, stop) if index in borders), stop)
        found.append(_found(lines, start, lines[start.end : end], path, source))
    return found


def _borders(lines: Sequence[Line], starts: Sequence[Start]) -> dict[int, Section]:
    """Return the lines that end a question's block, by index, with the section that each opens."""
    inside = {index for start in starts for index in range(start.index, start.end)}
    near = _near(lines, {start.index for start in starts})
    level = max((start.level for start in starts), default=0)
    deepest = level if 0 < level < BOLD else BOLD - 1
    borders = {}
    for index, line in enumerate(lines):
        if index in inside or line.blank or line.code is not None:
            continue
        title = _border_title(lines, index, deepest, near=near[index], inside=inside)
        if title:
            opens_none = closes(line) or ASIDE.match(title)
            borders[index] = Section(line.level or PLAIN_LEVEL, "" if opens_none else title)
    return borders


def _near(lines: Sequence[Line], heads: set[int]) -> list[int]:
    """Return for each line how many lines with text lie between it and the next question."""
    distances = [len(lines)] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        distances[index] = 0 if index in heads else distances[index + 1] + (not lines[index].blank)
    return distances


def _border_title(lines: Sequence[Line], index: int, deepest: int, *, near: int, inside: set[int]) -> str:
    """Return the title of the section that begins on this line, or "" where none does."""
    line = lines[index]
    text = plain(line.text)
    if labelled(text):
        return ""
    if 0 < line.level <= deepest:
        return title_of(line.text) or text
    if ASIDE.match(text):
        return ""
    if closes(line):
        return text
    if near <= NEAR and (title := section_title(line)):
        return title_of(title)
    return title_of(text) if near == 1 and not line.level and _stands_alone(lines, index, inside) else ""


def _stands_alone(lines: Sequence[Line], index: int, inside: set[int]) -> bool:
    """Say whether a short line between blank ones, right before a question, is a title ("Databases")."""
    text = plain(lines[index].text)
    lonely = (index == 0 or lines[index - 1].blank) and index + 1 < len(lines) and lines[index + 1].blank
    words = text.split()
    shaped = len(words) <= 6 and text[:1].isupper() and not re.search(r"[.,;!?)}`\d]$", text)  # noqa: PLR2004 - a title, not a sentence
    opens = index > 0 and _follows_question(lines, index, inside)
    return lonely and shaped and not opens and not lines[index].depth


def _follows_question(lines: Sequence[Line], index: int, inside: set[int]) -> bool:
    """Say whether nothing stands between a question and this line: then it is the answer, however short."""
    at = index - 1
    while at >= 0 and lines[at].blank:
        at -= 1
    return at in inside or (at >= 0 and labelled(plain(lines[at].text)))


def _entered(path: tuple[Section, ...], section: Section) -> tuple[Section, ...]:
    return (*(above for above in path if above.level < section.level), section)


def _found(lines: Sequence[Line], start: Start, block: Sequence[Line], path: tuple[Section, ...], source: str) -> Found:
    answer, guidance = split_answer(block)
    text = start.text
    if not answer:
        text, answer = _answer_on_the_line(text)
    titles = [section.title for section in reversed(path) if section.title]
    years = (years_of(title) for title in titles)
    kinds = (category_of(title) for title in titles)
    return Found(
        number=start.mark.number,
        text=text,
        answer=answer,
        guidance=guidance,
        kind=start.mark.kind or next(filter(None, kinds), ""),
        section=titles[0] if titles else "",
        years=next((stated for stated in years if stated is not None), None),
        source=source,
        line=lines[start.index].number,
    )


def _answer_on_the_line(text: str) -> tuple[str, str]:
    """Split "What is a pod? Answer: A group of ..." and "What is a pod? A group of ..." on one line."""
    labelled_one = len(text) <= LONGEST_LINE and re.match(
        r"(?s)(.+?)\s+(?:answer|ans)\s*:\s*(.+)$", text, re.IGNORECASE
    )
    if labelled_one:
        return labelled_one[1], labelled_one[2]
    question, mark, rest = text.partition("? ")
    if mark and len(rest.split()) >= 3 and "?" not in rest and asking(rest) == 0:  # noqa: PLR2004 - a sentence
        return f"{question}?", rest.strip()
    return text, ""
