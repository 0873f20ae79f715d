"""This file grades without key points: each sentence of the reference answer counts as one."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct

from sparring.content import Point
from sparring.grading import abuse
from sparring.grading.embedding import Encoder, TokenVectors
from sparring.grading.grade import Finding, Grade, Verdict, rating_of
from sparring.grading.polarity import turned_places
from sparring.grading.recall import Reference, recall, reference_of, worth
from sparring.grading.rubric import Rubric
from sparring.grading.score import VALUES, confidence_of, weight_of
from sparring.grading.units import Unit, units

MET, PARTLY = 0.6, 0.25
"""What a point must be worth to count as met or partly met."""

WIDTH = 0.3
"""Half the width of the interval: wider than with written points, and not yet measured, since public scores are
on scales of their own."""

LOOSE = 0.65
"""An answer that lists or jumbles the right words is multiplied by this, so that it is never Good. Short answers in
exams are often lists, and people give them marks, so they are not worth nothing."""

COPIED = 0.7
"""Share of a point that an answer must copy before a changed word in it turns it round."""

KEPT_RUBRICS = 32


class _Said(Struct, frozen=True):
    """One point's finding and what it is worth, -0.5 to 1."""

    finding: Finding
    value: float


class ReferenceGrader:
    """Judges each sentence of the reference by its recall in the whole answer. Threads may share it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._prepared = lru_cache(maxsize=KEPT_RUBRICS)(self._prepare)

    def prepare(self, rubric: Rubric) -> None:
        """Encode a rubric ahead.

        Raises:
            ModelError: when the embedding model is missing or broken.
        """
        self._prepared(rubric)

    def grade(self, rubric: Rubric, answer: str) -> Grade:
        """Return the grade of an answer, of low confidence.

        Raises:
            ModelError: when the embedding model is missing or broken.
        """
        references = self._prepared(rubric)
        found = units(answer)
        # The question's words weigh nothing in a recall, so a sentence that echoes it need not be looked for.
        asides = abuse.set_aside(answer, found, "", rubric.reference)
        loose = any(aside.why in (abuse.LIST, abuse.JUMBLE) for aside in asides)
        out = {aside.unit for aside in asides if aside.why not in (abuse.LIST, abuse.JUMBLE)}
        kept = [] if abuse.copies(answer, rubric.prompt) else [unit for unit in found if unit not in out]
        tokens = self._encoder.in_context(answer, [(unit.start, unit.end) for unit in kept])
        said = [_said(point, references, tokens, kept, answer) for point in rubric.points]
        notes = [*abuse.limits(answer, found), *abuse.notes(asides, len(found))]
        return _graded(rubric, said, notes, LOOSE if loose else 1.0)

    def _prepare(self, rubric: Rubric) -> Mapping[str, Reference]:
        question, *points = self._encoder.tokens([rubric.prompt, *(point.says for point in rubric.points)])
        return {point.id: reference_of(text, question) for point, text in zip(rubric.points, points, strict=True)}


def _said(
    point: Point, references: Mapping[str, Reference], tokens: Sequence[TokenVectors], kept: Sequence[Unit], answer: str
) -> _Said:
    """Return whether an answer makes a point, quoting the unit that says most of it."""
    value = worth(recall(references[point.id], tokens))
    if not kept or value < PARTLY:
        return _Said(Finding(criterion=point.id, kind="key-point", verdict="missed"), value if kept else 0.0)
    best = kept[int(np.argmax([recall(references[point.id], [text]) for text in tokens]))]
    quote = answer[best.start : best.end]
    turned = any(best.start <= place < best.end for place in turned_places(answer, point.says, least=COPIED))
    verdict: Verdict = "met" if value >= MET else "partly"
    if turned:
        verdict, value = "contradicted", VALUES["contradicted"]
    finding = Finding(
        criterion=point.id, kind="key-point", verdict=verdict, quote=quote, start=best.start, end=best.end
    )
    return _Said(finding, value)


def _graded(rubric: Rubric, said: Sequence[_Said], notes: list[str], most: float) -> Grade:
    weights = np.array([weight_of(point) for point in rubric.points])
    value = round(most * float(np.clip(weights @ [each.value for each in said] / weights.sum(), 0.0, 1.0)), 4)
    interval = (round(max(0.0, value - WIDTH), 4), round(min(1.0, value + WIDTH), 4))
    notes.append("Nobody wrote key points for this question: they are the reference answer's sentences.")
    return Grade(
        score=value,
        rating=rating_of(value),
        basis="rule",
        confidence=confidence_of(interval, proposed=True),
        interval=interval,
        findings=tuple(each.finding for each in said),
        notes=tuple(notes),
    )
