"""This file proposes key points from a reference answer, for questions that nobody wrote a rubric for."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from sparring.content import Point
from sparring.grading.rubric import Rubric
from sparring.grading.units import sentences
from sparring.grading.wordpiece import vocabulary
from sparring.grading.words import STOP, information, stem, words

MOST_POINTS = 8
FEWEST_WORDS = 3
"""Content words that a sentence needs to be a point."""

FEWEST_STEPS = 3
"""Parts between commas from which a sentence is taken for a list of steps."""

LONGEST_POINT = 60
"""Words after which a sentence is cut; longer ones are lists or broken punctuation."""

NEWS = 0.35
"""Share of a sentence's information that must be new after the points before it; else it repeats them."""

_STEP = re.compile(r"[,;](?![^()]*\))\s+(?:(?:and|or|then|and then|finally)\s+)?")
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_HEADING = re.compile(r"^\s*#{1,6}\s.*$|^\s*\*\*[^*]+\*\*:?\s*$|^\s*[-=_*]{3,}\s*$", re.MULTILINE)
_MARKS = re.compile(r"^\s*(?:[-*+•▪●◦✓✔→]|\d{1,2}[.)])\s+|[*_`]{1,3}|^\s*>\s?|<[^>\n]{1,80}>", re.MULTILINE)
_FILLER = re.compile(
    r"^(?:sure|great question|good question|here(?:'s| is| are)|let'?s|let me|in (?:summary|conclusion|short)"
    r"|to summari[sz]e|"
    r"for example|example|e\.g|note that you|tips?\b|pro tip|this question|interviewers?|candidates?"
    r"|sample answer|answer)\b"
    r"|(?:as follows|the following|below|these (?:steps|points|reasons))\s*[:.]?$|^[^.!?]{0,60}:$|\?$",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"[{};]\s*$|=>|^\s*(?:import|from|const|let|var|def|class|return|public|private|SELECT|INSERT)\b.*[;:({]"
    r"|\w+\(.*\)\s*[;{]?$"
)


def propose_points(prompt: str, answer: str) -> tuple[Point, ...]:
    """Return key points from the sentences of a reference answer, in its order.

    Code, headings, filler, repetitions and sentences that only repeat the question are left out. Of the rest, those
    that tell most become points, at most eight; the more one tells, the more it weighs. An answer with no words gives
    none.
    """
    told = [_cut(part) for sentence in sentences(_plain(answer)) for part in _steps(sentence)]
    asked = {stem(word.text) for word in words(prompt)}
    kept = _novel([text for text in told if not _FILLER.search(text) and not _PROGRAM.search(text)], asked)
    if not kept:
        whole = max(told or sentences(answer)[:1], key=len, default="")
        kept = [(whole, 1.0)] if whole else []
    strongest = sorted((tells for _, tells in kept), reverse=True)[:MOST_POINTS]
    chosen = [(text, tells) for text, tells in kept if tells >= strongest[-1]][:MOST_POINTS]
    return tuple(_point(number, text, tells, strongest) for number, (text, tells) in enumerate(chosen, start=1))


def rubric_for(question: str, reference: str, rubric: Sequence[Any] | None = None) -> Rubric:
    """Return the rubric of a question that comes as plain data: given key points, or points proposed from `reference`.

    Args:
        question: what was asked.
        reference: a good answer.
        rubric: key points, each a statement or a table with `says` and what else a key point may have.

    Raises:
        ValueError: when an entry is no key point, or there is neither a rubric nor a reference.
    """
    if rubric:
        points = tuple(_given(number, entry) for number, entry in enumerate(rubric, start=1))
        if len({point.id for point in points}) < len(points):
            raise ValueError("two key points of the rubric have the same id; give each its own")
    else:
        points = propose_points(question, reference)
    if not points:
        raise ValueError("there is neither a rubric nor a reference answer to propose one from; give one of them")
    return Rubric(prompt=question, reference=reference, points=points, proposed=not rubric)


def _given(number: int, entry: Any) -> Point:
    table = {"says": entry} if isinstance(entry, str) else entry
    try:
        return msgspec.convert({"id": f"point-{number}", **table}, Point)
    except (TypeError, msgspec.ValidationError) as error:
        raise ValueError(
            f"entry {number} of the rubric is no key point ({error}); write a statement or a table with `says`"
        ) from error


def _plain(answer: str) -> str:
    return _MARKS.sub("", _HEADING.sub("", _CODE.sub("\n", answer)))


def _steps(sentence: str) -> list[str]:
    """Split a sentence that lists three or more steps, each a statement of its own; leave any other whole.

    A part too short to be a statement stays with the one before it.
    """
    steps: list[str] = []
    for part in _STEP.split(sentence):
        if steps and not _says_enough(part):
            steps[-1] = f"{steps[-1]}, {part.strip()}"
        else:
            steps.append(part.strip())
    if len(steps) < FEWEST_STEPS or not all(map(_says_enough, steps)):
        return [sentence]
    return [step[:1].upper() + step[1:] for step in steps]


def _says_enough(part: str) -> bool:
    return len({word.text for word in words(part)} - STOP) >= FEWEST_WORDS


def _cut(sentence: str) -> str:
    found = words(sentence)
    flat = " ".join(sentence.split())
    return flat if len(found) <= LONGEST_POINT else " ".join(sentence[: found[LONGEST_POINT - 1].end].split())


def _novel(told: Sequence[str], asked: set[str]) -> list[tuple[str, float]]:
    """Return the sentences that say something new, with how much."""
    seen, kept = set(asked), []
    for text in told:
        content = {word.text for word in words(text) if word.text not in STOP}
        fresh = {word for word in content if stem(word) not in seen}
        tells, whole = sum(map(_tells, fresh)), sum(map(_tells, content))
        if len(content) >= FEWEST_WORDS and fresh and tells >= NEWS * whole:
            kept.append((text, tells))
            seen |= {stem(word) for word in content}
    return kept


def _tells(word: str) -> float:
    return information(vocabulary().get(word, len(vocabulary()) - 1))


def _point(number: int, text: str, tells: float, strongest: Sequence[float]) -> Point:
    """Return a point; one that tells two thirds as much as the strongest weighs three, one below a third, one."""
    share = tells / strongest[0]
    weight = 3 if share >= 2 / 3 else 2 if share >= 1 / 3 else 1
    return Point(id=f"point-{number}", says=text, weight=weight, level="must" if weight > 1 else "should")
