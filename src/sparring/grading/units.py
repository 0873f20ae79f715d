"""This file cuts an answer into the units that are quoted: sentences, or windows of unpunctuated speech."""

import re
from itertools import pairwise

from msgspec import Struct

from sparring.grading.words import Word, words

MOST_WORDS = 1200
"""Words of an answer that are read: about eight minutes of speech."""
MOST_CHARACTERS = 12_000

WINDOW = 25
"""Words of a window, where a candidate spoke without full stops."""
LONGEST_SENTENCE = 40

SHORTEST_CLAUSE = 4
"""Words that a clause needs to be looked at by itself."""

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+|;\s+|(?<=[。！？؟])\s*")  # noqa: RUF001 - full stops of other scripts
_CLAUSE = re.compile(
    r"[,:(\u2013\u2014]\s*|\s-\s|\b(?:and|but|because|so|then|while|which|otherwise|if|since|or)\b", re.IGNORECASE
)


class Unit(Struct, frozen=True, gc=False):
    """A piece of the answer that can be quoted: `answer[start:end]`."""

    start: int
    end: int


def readable(answer: str) -> int:
    """Return how many characters of the answer are read; the rest of a very long one is left out."""
    end = min(len(answer), MOST_CHARACTERS)
    found = words(answer[:end])
    return end if len(found) <= MOST_WORDS else found[MOST_WORDS - 1].end


def units(answer: str) -> list[Unit]:
    """Cut the part of the answer that is read into units; each holds at least one word."""
    end = readable(answer)
    cuts = [0, *(found.end() for found in _END.finditer(answer, 0, end)), end]
    return [unit for start, stop in pairwise(cuts) for unit in _windows(answer, start, stop)]


def clauses(answer: str, unit: Unit) -> list[Unit]:
    """Return the clauses of a unit, one and two together, where it has several."""
    cuts = [*(found.start() for found in _CLAUSE.finditer(answer, unit.start, unit.end)), unit.end]
    found: list[Unit] = []
    start = unit.start
    for stop in cuts:
        if len(words(answer[start:stop])) >= SHORTEST_CLAUSE:
            found.append(Unit(start, stop))
            start = stop
    if found:
        found[-1] = Unit(found[-1].start, unit.end)
    if len(found) <= 1:
        return []
    pairs = [Unit(one.start, two.end) for one, two in pairwise(found)]
    return found + (pairs if len(found) > 2 else [])  # noqa: PLR2004 - the only pair of two is the unit itself


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that somebody wrote with full stops."""
    cuts = [0, *(found.end() for found in _END.finditer(text)), len(text)]
    found = (text[start:stop].strip() for start, stop in pairwise(cuts))
    return [sentence for sentence in found if words(sentence)]


def _windows(answer: str, start: int, stop: int) -> list[Unit]:
    """Return a sentence as one unit, or a long run without full stops as windows of like length."""
    found = [Word(word.text, word.start + start, word.end + start) for word in words(answer[start:stop])]
    if not found:
        return []
    count = 1 if len(found) <= LONGEST_SENTENCE else -(-len(found) // WINDOW)
    bounds = [round(index * len(found) / count) for index in range(count + 1)]
    parts = list(pairwise(bounds))
    ends = [found[high - 1].end for _, high in parts[:-1]] + [start + len(answer[start:stop].rstrip())]
    return [Unit(found[low].start, end) for (low, _), end in zip(parts, ends, strict=True)]
