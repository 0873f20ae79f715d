"""This file reads off the log how the candidate judged the grader, and has new grades fit that."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sparring.content import Question
from sparring.grading.calibration import Pair, apply, enough, fit, said
from sparring.grading.grade import Basis, Grade
from sparring.grading.rubric import rubric_of
from sparring.grading.score import override
from sparring.practice.results import Fit
from sparring.settings import Preferences
from sparring.store import Judged, Override, Store


def fit_of(store: Store, questions: Mapping[str, Question], chosen: Preferences, basis: Basis) -> Fit:
    """Return how the scores of one grader fit the candidate.

    Corrections of the rules say nothing of a model, so each has its own pairs. Everything is read off the log each
    time; nothing is kept that could disagree with it.
    """
    overrides = defaultdict(list)
    for own in store.all_overrides():
        overrides[own.answer].append(own)
    pairs, rated, kept = [], 0, 0
    for each in store.judged():
        if each.grade.basis == basis and (pair := _pair(each, overrides[each.answer], questions)):
            pairs.append(pair)
            rated += each.rating is not None
            kept += each.rating == each.grade.rating
    return Fit(
        basis=basis,
        judged=len(pairs),
        rated=rated,
        kept=kept,
        pairs=tuple(pairs),
        table=fit(pairs) if enough(pairs) else None,
        used=chosen.use_corrections,
    )


def fitted(grade: Grade, store: Store, questions: Mapping[str, Question], chosen: Preferences) -> Grade:
    """Return a new grade as it fits the candidate, who may have chosen to leave it as it is."""
    if not chosen.use_corrections:
        return grade
    table = fit_of(store, questions, chosen, grade.basis).table
    return apply(table, grade) if table else grade


def _pair(judged: Judged, overrides: Sequence[Override], questions: Mapping[str, Question]) -> Pair | None:
    """Return the raw score and what the candidate's judgement says; None where that can no longer be told.

    A rating is held against the raw score even where a shifted one was shown: to agree with the shift is to say that
    the raw score was wrong.
    """
    grade = judged.grade.unshifted()
    if not 0 <= grade.score <= 1:  # an import may hold anything
        return None
    if not overrides:
        return (grade.score, said(grade.score, judged.rating)) if judged.rating else None
    question = questions.get(judged.question)
    return _corrected(grade, question, overrides) if question else None


def _corrected(grade: Grade, question: Question, overrides: Sequence[Override]) -> Pair | None:
    """Return the pair of a grade whose findings the candidate overruled."""
    rubric, own = rubric_of(question), grade
    try:
        for each in overrides:
            own = override(own, rubric, each.criterion, each.verdict)
    except ValueError:  # an import may hold anything
        return None
    return grade.score, own.score
