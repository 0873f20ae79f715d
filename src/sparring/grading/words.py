"""This file knows English words: which carry no content, which share a stem, and how much each tells."""

import math
import re
from functools import cache, lru_cache

from msgspec import Struct

from sparring.grading.wordpiece import vocabulary

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*(?:-[^\W_]+)*|[^\W_]+")

_STOP = """
a about above after again all also am an and any are as at be because been before being below between both but by can
could did do does doing down during each either else ever every few for from further get gets go goes going got had
has have having he her here hers him his how i if in into is it its itself just let like made make makes many me might
more most much must my neither no nor not of off on once one only or other our ours out over own per quite rather
really same shall she should since so some still such than that the their theirs them then there these they thing
things this those though through to too under until up upon us use used uses using very via was way we well were what
when where whether which while who whole whom whose why will with within without would yes yet you your yours okay ok
um uh erm hmm basically actually honestly maybe s t re ve ll d m don didn doesn isn aren wasn weren won
"""
STOP = frozenset(_STOP.split())
"""Words that say little by themselves; they weigh three tenths in an alignment."""

_SUFFIXES = ("ations", "ation", "ings", "ing", "edly", "ied", "ies", "ed", "ers", "er", "ly", "es", "s", "e")
_FIRST_COMMON, _LAST = 1996, 30521


class Word(Struct, frozen=True, gc=False):
    """One word of a text, in lower case, and the slice `text[start:end]` it stands for."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order, in lower case with straight apostrophes."""
    found = WORD.finditer(text)
    return tuple(Word(each[0].lower().replace("\u2019", "'"), each.start(), each.end()) for each in found)


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that carry content, in order."""
    return [stem(word.text) for word in words(text) if word.text not in STOP]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a crude stem: one common ending is cut where at least three letters stay."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):  # noqa: PLR2004
            return word[: -len(suffix)] + ("y" if suffix in ("ied", "ies") else "")
    return word


@cache
def stop_pieces() -> frozenset[int]:
    """Return the ids of the word pieces that are stop words or punctuation."""
    return frozenset(
        number for piece, number in vocabulary().items() if piece in STOP or not piece.strip("#").isalnum()
    )


def information(piece: int) -> float:
    """Return how much a word piece tells, 0 to 1, from its frequency in English.

    The vocabulary is ordered by frequency, and by Zipf's law the frequency of a word falls as one over its rank, so the
    logarithm of the rank is an inverse document frequency that needs no table.
    """
    rank = max(1, min(piece, _LAST) - _FIRST_COMMON + 2) if piece >= _FIRST_COMMON else 1
    return math.log(1 + rank) / math.log(_LAST - _FIRST_COMMON + 3)
