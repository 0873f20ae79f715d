"""This file finds what in an answer is no answer: key words, shuffled words, noise, the question, orders.

Such a unit is set aside, not punished: the rest of the answer is judged as it stands, and a note says what was left
out.
"""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from sparring.grading.units import Unit, readable
from sparring.grading.wordpiece import UNKNOWN, pieces
from sparring.grading.words import STOP, content_stems, stem, words

ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:rubric|instructions?|prompt|criteria|grading)\b"
    r"|\b(?:give|award|grant|assign|rate|mark|grade|score)\b.{0,25}"
    r"\b(?:100|full|perfect|top|maximum|highest|best|easy|10/10)\b(?:.{0,20}\b(?:score|marks?|points?|grade"
    r"|rating)\b|\W*$|\s*%)"
    r"|\byou are (?:now )?(?:a|an|the|my) (?:grader|examiner|evaluator|assistant)\b"
    r"|\b(?:all|every) (?:key )?points? (?:is|are|was|were)? ?(?:met|covered|correct)\b"
    r"|\b(?:system|assistant)\s*:|\"?(?:score|verdict|rating)\"?\s*[:=]\s*\"?(?:1(?:00|\.0)?|met|4|easy)\b",
    re.IGNORECASE,
)
"""Words addressed to the grader instead of the interviewer."""

FEWEST = 5
"""Words that an echo, or noise, has at least."""

COPY = 0.9
"""Share of an answer's words that stand in the question in the same order, from which it only repeats it."""

FEWEST_IN_LIST = 12
"""Words below which only a text without any small word is a list; "At the function main" is a whole answer."""

LISTED = 0.3
"""Share of function words in a reference below which a list is what was asked for."""

FUNCTION_SHARE = 0.15
"""Share of function words below which words are a list; English prose has 0.3 to 0.6."""

WHOLE_SHARE = 0.22
"""The same for a whole answer, where more words make the share more certain."""

DISORDER = 0.17
"""Share of small words followed by what never follows them, from which the order of the words is no English."""

BROKEN = 0.5
LETTERS = 5
"""Share of words that fall into more than one piece for each five letters, from which the letters are no English."""

COPIED = 0.85
IN_ORDER = 0.3
"""Share of words from the reference, and of pairs in its order below which they are shuffled."""

_ARTICLES = frozenset(["the", "a", "an", "its", "their", "our", "your", "my", "every"])
_PREPOSITIONS = frozenset(["of", "in", "with", "from", "at", "by", "for", "into", "on", "between"])
_SUBJECTS = frozenset(["i", "we", "they", "he", "she"])
_VERBS = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "had",
        "have",
        "will",
        "would",
        "can",
        "could",
        "do",
        "does",
        "did",
        "must",
        "be",
    ]
)
_JOINS = frozenset(["and", "or", "but", "if", "so", "than", "because", "as"])
_NEVER: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (_ARTICLES, _ARTICLES | _PREPOSITIONS | _SUBJECTS | _VERBS | _JOINS | {"it", "not", "to"}),
    (_PREPOSITIONS, _PREPOSITIONS | _SUBJECTS | _VERBS | _JOINS | {"to", "not"}),
    (_SUBJECTS, _ARTICLES | _PREPOSITIONS | _SUBJECTS | {"to", "it"}),
    (_JOINS, _JOINS - {"if", "as"} | {"of"}),
    (frozenset(["to"]), _PREPOSITIONS | _SUBJECTS | _JOINS | {"is", "are", "was", "were", "will", "can"}),
)
"""Small words of one kind, and those that do not follow them in English."""


LIST = "is a list of key words without statements"
JUMBLE = "has its words in no English order"


class Aside(Struct, frozen=True):
    """A unit that is set aside, and why."""

    unit: Unit
    why: str


def set_aside(answer: str, found: Sequence[Unit], prompt: str, reference: str = "") -> list[Aside]:
    """Return the units that do not count as said, with the reason for each.

    Args:
        answer: the whole answer.
        found: its units.
        prompt: the question; repeating it is no answer.
        reference: the reference answer; its words in another order are no answer.
    """
    each = {unit: _why(answer[unit.start : unit.end], prompt, reference) for unit in found}
    rest = [answer[unit.start : unit.end] for unit in found if not each[unit]]
    every = _why_whole(" ".join(rest), reference)
    return [Aside(unit, why or every) for unit, why in each.items() if why or every]


def notes(asides: Sequence[Aside], units: int) -> list[str]:
    """Return one note for each reason, in plain words."""
    reasons = dict.fromkeys(aside.why for aside in asides)
    counts = {why: sum(aside.why == why for aside in asides) for why in reasons}
    return [
        f"{'Your answer' if counts[why] == units else 'Part of your answer'} {why}, so it does not count as said."
        for why in reasons
    ]


def limits(answer: str, found: Sequence[Unit]) -> list[str]:
    """Return what of an answer was not read, in plain words."""
    if not found:
        return ["The answer is empty."]
    end = readable(answer)
    if answer[end:].strip():
        return [f"Only the first {end:,} characters were read; keep an answer to what fits in eight minutes of speech."]
    return []


def _why_whole(text: str, reference: str) -> str:
    found = [word.text for word in words(text)]
    if _is_noise(found):
        return "is not made of words" if len(found) >= FEWEST else ""
    bare = len(found) >= FEWEST and not _function_share(found)
    long = len(found) >= FEWEST_IN_LIST and _function_share(found) < WHOLE_SHARE
    if (bare or long) and not _lists(reference):
        return LIST
    if _disorder(found) >= DISORDER or _is_shuffled_copy(found, [word.text for word in words(reference)]):
        return JUMBLE
    return ""


def _why(text: str, prompt: str, reference: str) -> str:
    found = [word.text for word in words(text)]
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: bool(ORDER.search(text)), "talks to the grader"),
        (lambda: len(found) >= FEWEST_IN_LIST and _is_noise(found), "is not made of words"),
        (lambda: _is_echo(text, prompt), "repeats the question"),
        (
            lambda: len(found) >= FEWEST_IN_LIST and _function_share(found) < FUNCTION_SHARE and not _lists(reference),
            LIST,
        ),
    )
    return next((why for holds, why in checks if holds()), "")


def _lists(reference: str) -> bool:
    """Tell whether a reference answer is itself a list, or so short that it is hardly more."""
    found = [word.text for word in words(reference)]
    return len(found) > 0 and _function_share(found) < LISTED


def _function_share(found: Sequence[str]) -> float:
    return sum(word in STOP for word in found) / len(found)


def _disorder(found: Sequence[str]) -> float:
    """Return the share of small words, such as "the", that are followed by what does not follow them in English."""
    wrong = total = 0
    for word, after in pairwise(found):
        for leading, never in _NEVER:
            if word in leading:
                total += 1
                wrong += after in never
    return wrong / total if total >= FEWEST_IN_LIST else 0.0


def _is_shuffled_copy(found: Sequence[str], reference: Sequence[str]) -> bool:
    """Tell words that are nearly all from the reference, but not in its order."""
    known, pairs = set(reference), set(pairwise(reference))
    if len(found) < FEWEST_IN_LIST or sum(word in known for word in found) < COPIED * len(found):
        return False
    return sum(pair in pairs for pair in pairwise(found)) < IN_ORDER * len(found)


def _is_noise(found: Sequence[str]) -> bool:
    """Tell letters that are no English: most words break into short pieces or are not in the vocabulary at all."""
    return sum(map(_broken, found)) >= BROKEN * max(len(found), 1)


@lru_cache(maxsize=8192)
def _broken(word: str) -> bool:
    split = pieces(word)
    return any(piece.id == UNKNOWN for piece in split) or len(split) > 1 + len(word) / LETTERS


def copies(answer: str, prompt: str) -> bool:
    """Tell whether an answer is hardly more than the question again, word after word."""
    said, asked = ([word.text for word in words(text)] for text in (answer, prompt))
    same = sum(block.size for block in SequenceMatcher(None, said, asked, autojunk=False).get_matching_blocks())
    return len(said) >= FEWEST and same >= COPY * len(said)


def _is_echo(text: str, prompt: str) -> bool:
    said, asked = set(content_stems(text)), {stem(word.text) for word in words(prompt)}
    return len(words(text)) >= FEWEST and bool(said) and len(said - asked) <= len(said) * 0.1
