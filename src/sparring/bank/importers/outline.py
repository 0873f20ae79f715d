"""This file defines the outline of a document: the one list of lines that every format is turned into."""

import re
from functools import lru_cache

from msgspec import Struct

BOLD = 7
"""Heading level of what only looks like a heading: a bold line, a summary, a term that is defined."""


class Line(Struct, frozen=True):
    """One line of a document, with what the format says about it.

    `number` is its 1-based line in the source; `level` 1 to 6 for a heading, 7 for a line that stands out like one, 0
    for text; `depth` how deep in lists it is; `code` the language of a code block ("" where not said), None for text.
    """

    text: str
    number: int
    level: int = 0
    depth: int = 0
    code: str | None = None

    @property
    def blank(self) -> bool:
        """Whether it has no text."""
        return not self.text.strip()


DECORATION = re.compile(r"^(?:[-*+]\s+)?[^\w\"'(\[{<@/$&=.`|\\+~%\u201c\u2018-]+")
BULLET = re.compile(r"^[-*+\u2022\u25cf\u25aa\u2013]\s+")
BOLD_MARKS = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
WRAPPED = re.compile(r"^(?:__(?P<bold>[^_].*[^_])__|\*(?P<slanted>[^*\s].*[^*\s])\*|_(?P<under>[^_\s].*[^_\s])_)$")
LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()\s]*\)")


LONGEST_MARKED = 5000
"""Characters up to which bold is looked for in a line; looking takes the square of that."""


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Return the words of a line: without emoji, bullets and marks in front, bold, code ticks and link targets."""
    words = text.replace("`", "").strip()
    if "](" in words:
        words = LINK.sub(r"\1", words)
    if len(words) <= LONGEST_MARKED and words.count("**") > 1:
        words = BOLD_MARKS.sub(r"\1", words)
    if wrapped := WRAPPED.match(words):
        words = wrapped[wrapped.lastgroup or 0]
    for leading in (BULLET, DECORATION):
        if found := leading.match(words):
            words = words[found.end() :].lstrip() or words
    return words.strip()
