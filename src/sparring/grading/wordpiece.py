"""This file splits text into the word pieces of BERT's uncased vocabulary, each with its place in the text."""

import unicodedata
from functools import cache, lru_cache
from importlib import resources

from msgspec import Struct

UNKNOWN, START, END = 100, 101, 102
"""Ids of [UNK], [CLS] and [SEP]; a candidate who types "[SEP]" gets five ordinary pieces."""

LONGEST_WORD = 100
"""A word of more normalised characters than this becomes one [UNK], as in the reference tokeniser."""

_CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class Piece(Struct, frozen=True, gc=False):
    """One word piece: its id in the vocabulary and the slice `text[start:end]` it stands for."""

    id: int
    start: int
    end: int


def pieces(text: str) -> list[Piece]:
    """Split `text` into word pieces, without [CLS] and [SEP].

    Devlin et al., "BERT" (2019): clean, lower case, strip accents, split at white space and punctuation, then take the
    longest known prefix of what is left again and again.
    """
    found: list[Piece] = []
    word: list[tuple[str, int]] = []
    for at, original in enumerate(text):
        for char in _normal(original):
            if char == " " or _stands_alone(char):
                found += _split(word)
                word = []
                if char != " ":
                    found += _split([(char, at)])
            else:
                word.append((char, at))
    return found + _split(word)


@cache
def vocabulary() -> dict[str, int]:
    """Return the id of every word piece; the ids of words fall with their frequency in English."""
    lines = resources.files(__package__).joinpath("vocab.txt").read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines[:-1])}


@lru_cache(maxsize=4096)
def _normal(char: str) -> str:
    """Return what one character becomes: nothing, a space, or one or more lower-case characters."""
    if char in "\t\n\r" or char.isspace():
        return " " if char in "\t\n\r" or unicodedata.category(char) != "Cc" else ""
    if char in "\0\ufffd" or unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    decomposed = unicodedata.normalize("NFD", char)
    return "".join(part.lower() for part in decomposed if unicodedata.category(part) != "Mn")


@lru_cache(maxsize=4096)
def _stands_alone(char: str) -> bool:
    """Tell punctuation and Chinese characters, which are words of their own."""
    code = ord(char)
    if unicodedata.category(char).startswith("P") or (char.isascii() and not char.isalnum() and code > ord(" ")):
        return True
    return any(low <= code <= high for low, high in _CHINESE)


def _split(word: list[tuple[str, int]]) -> list[Piece]:
    """Split one word, given as characters with their places, into the longest pieces the vocabulary has."""
    if not word:
        return []
    parts = _longest("".join(char for char, _ in word)) if len(word) <= LONGEST_WORD else ()
    if not parts:
        return [Piece(UNKNOWN, word[0][1], word[-1][1] + 1)]
    return [Piece(number, word[start][1], word[end - 1][1] + 1) for number, start, end in parts]


@lru_cache(maxsize=16384)
def _longest(letters: str) -> tuple[tuple[int, int, int], ...]:
    """Return the id, start and end of the pieces of a word, or nothing where the vocabulary cannot spell it."""
    known, found, start = vocabulary(), [], 0
    while start < len(letters):
        prefix = "##" if start else ""
        end = next((end for end in range(len(letters), start, -1) if prefix + letters[start:end] in known), None)
        if end is None:
            return ()
        found.append((known[prefix + letters[start:end]], start, end))
        start = end
    return tuple(found)
