"""This file reads what stands between two questions: the answer, the guidance, and what is neither."""

import re
from collections.abc import Sequence

from msgspec import Struct

from sparring.bank.importers.markers import ADVERT, ANSWER, ASIDE, GUIDANCE
from sparring.bank.importers.outline import Line, plain
from sparring.bank.importers.selection import rendered

FURNITURE = re.compile(
    r"^(?:\d+ min(?:ute)?s? read|was this (?:answer |article |page )?helpful.*|(?:previous|prev|next"
    r"|back to top|show (?:answer|more|less)|read more|copy(?: code)?)"
    r"|(?:last )?updated:? .{0,30}|[-=_*\u2013\u2014]{4,}|[=_*\u2013\u2014]{3}|page \d+(?: of \d+)?)$",
    re.IGNORECASE,
)
LONGEST_TITLE = 8
"""Words up to which a line without a full stop may be the title or an item of an advert."""

LONGEST_CALL = 25
"""Words up to which the first line of an answer may be an advert; longer ones are prose that says the words."""


class Part(Struct):
    """One labelled part of a block: whether it is guidance, its label, and its lines."""

    guidance: bool
    label: str
    lines: list[Line]


def split_answer(block: Sequence[Line]) -> tuple[str, str]:
    """Return the answer and the guidance that the lines after a question hold.

    Where only guidance is given ("How to answer: ...") it is the answer too.
    """
    parts = _parts(_without_adverts(_without_asides(block)))
    answers = [part for part in parts if not part.guidance and _text(part.lines)]
    answer = "\n\n".join(_shown(part, labelled=at > 0) for at, part in enumerate(answers))
    guidance = "\n".join(_shown(part, labelled=True) for part in parts if part.guidance and _text(part.lines))
    return answer or guidance, guidance


def _parts(lines: Sequence[Line]) -> list[Part]:
    parts = [Part(False, "", [])]
    for line in lines:
        text = plain(line.text)
        label = None if line.code is not None else GUIDANCE.match(text) or ANSWER.match(text)
        if label is None:
            parts[-1].lines.append(line)
            continue
        guidance = label.re is GUIDANCE
        name = label["label"] if guidance and not re.match(r"how to|guidance", label["label"], re.IGNORECASE) else ""
        if not guidance and _text(parts[-1].lines):
            name = text[: label.start("text")].strip(" :.-")
        rest = _rest(line.text, label["text"])
        parts.append(Part(guidance, name, [Line(rest, line.number, 0, line.depth)]))
    return parts


def _rest(raw: str, text: str) -> str:
    """Return what follows a label, with its marks where the raw line still has it as it is."""
    return raw[raw.rfind(text) :].strip() if text and text in raw else text


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(rendered(lines)).strip("\n")


def _shown(part: Part, *, labelled: bool) -> str:
    text = _text(part.lines)
    return f"{part.label[0].upper()}{part.label[1:]}: {text}" if labelled and part.label else text


def _without_asides(lines: Sequence[Line]) -> list[Line]:
    """Leave out "Pro Tip: ...", "Also check: ..." and a page's furniture; a title alone takes its paragraph along."""
    kept: list[Line] = []
    skipping = False
    for line in lines:
        text = plain(line.text)
        if line.code is None and (aside := ASIDE.match(text)):
            skipping = not aside["text"]
            continue
        if skipping:
            skipping = not line.blank or not kept
            if not line.blank:
                continue
        if line.code is not None or line.blank or not FURNITURE.match(text):
            kept.append(line)
    return kept


def _without_adverts(lines: list[Line]) -> list[Line]:
    """Leave out boxes that sell something: from the title above the first such line to the last line of the box."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        if not _sells(lines[at], first=not any(not line.blank for line in kept)):
            kept.append(lines[at])
            at += 1
            continue
        while len([line for line in kept if not line.blank]) > 1 and (kept[-1].blank or _is_title(kept[-1])):
            kept.pop()
        while at < len(lines) and (lines[at].blank or _sells(lines[at], first=False) or _is_title(lines[at])):
            at += 1
    return kept


def _sells(line: Line, *, first: bool) -> bool:
    if line.code is not None or not ADVERT.search(line.text):
        return False
    return not first or len(line.text.split()) <= LONGEST_CALL


def _is_title(line: Line) -> bool:
    text = line.text.strip()
    if line.code is not None or not text or text.startswith("- "):
        return False
    return len(text.split()) <= LONGEST_TITLE and not text.endswith((".", ":", ";", ",", "!", "?", ")", "}", '"'))
