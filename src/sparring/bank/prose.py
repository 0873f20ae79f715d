"""This file writes an imported answer as Markdown: code in fences, paragraphs apart, nothing taken for a heading."""

import re
from collections.abc import Sequence

FENCE = "```"

CODE = re.compile(
    r"[;{}]\s*$|^[)}\]]+[;,)\]}]*$|=>\s*\S*$|^(?:const|let|var|def|class|import|from|return|function"
    r"|export|package|func|public|private|try|async|await)\b"
    r"(?!.*[.?!]$)|^(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|BEGIN|COMMIT|SET)\b.*;?$|^(?:#|//|--|@)\s?\w"
    r"|^[\w.$\[\]'\"]+(?:, ?[\w.]+)* ?[-+*/]?= ?\S|^[\w.]+\(.*\)[;:]?$"
    r"|^(?:- )?[\w$.\"'-]+:(?: \S+){0,3}[^.\s]?$|^(?:if|for|while|with|else|elif)\b.*[:{]$|^assert "
)
"""How a line of code looks, when nothing else says that it is code."""

SHARE = 0.7
"""The share of lines, from the first line of code on, that must look like code."""


def as_markdown(text: str) -> str:
    """Return an answer as Markdown that shows what the document showed; its words stay as they are."""
    if re.search(r"(?m)^\s*```", text):
        return protected(text.strip())
    lines = [line.rstrip() for line in text.strip().split("\n")]
    code = _code_begins(lines)
    words, block = lines[:code], lines[code:]
    while words and not words[-1]:
        words.pop()
    prose = protected("\n".join(_apart(words)))
    fenced = "\n".join([FENCE, *block, FENCE]) if block else ""
    return "\n\n".join(filter(None, (prose, fenced)))


def _code_begins(lines: Sequence[str]) -> int:
    """Return the index from which on the lines are code, or their number."""
    looks = [bool(CODE.search(line)) for line in lines]
    for at, here in enumerate(looks):
        if here and looks[at:].count(True) >= SHARE * sum(bool(line) for line in lines[at:]) and _surely(lines[at:]):
            return at
    return len(lines)


def _surely(lines: Sequence[str]) -> bool:
    """Say whether something in the lines is no prose for certain, so that a list of `word: word` is left alone."""
    return any(re.search(r"[;{}]\s*$|\)\s*$|^(?:#|//)|^\w+:$|\w\(|^[\w.]+ ?= ?", line) for line in lines)


def _apart(lines: Sequence[str]) -> list[str]:
    """Put a blank line where one paragraph ends and another begins, as each line was one in the source."""
    written: list[str] = []
    for line in lines:
        ends = bool(written) and bool(re.search(r"[.!?:]$", written[-1]))
        if ends and re.match(r"[A-Z\"'\u201c\u2018]", line):
            written.append("")
        written.append(line)
    return written


def protected(text: str) -> str:
    """Return Markdown in which no line opens a section of the question file and every fence is closed."""
    fenced = False
    written = []
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith(FENCE)
        written.append("\\" + line if line.startswith("# ") and not fenced else line)
    return "\n".join([*written, FENCE] if fenced else written)
