"""This file holds the vectorised formulas to the `fsrs` package, card by card."""

from datetime import UTC, datetime, timedelta

import fsrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.scheduling.memory import Memory, first, recall, reviewed

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
SCHEDULER = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

stabilities = st.floats(min_value=0.001, max_value=5000)
difficulties = st.floats(min_value=1, max_value=10)
days_apart = st.integers(min_value=0, max_value=2000)
ratings = st.sampled_from([1, 2, 3, 4])


def card(stability: float, difficulty: float) -> fsrs.Card:
    return fsrs.Card(
        card_id=1,
        state=fsrs.State.Review,
        stability=stability,
        difficulty=difficulty,
        due=NOW,
        last_review=NOW,
    )


@settings(deadline=None)
@given(stabilities, difficulties, days_apart, ratings)
def test_a_review_gives_the_memory_of_the_reference(
    stability: float, difficulty: float, days: int, rating: int
) -> None:
    theirs, _ = SCHEDULER.review_card(card(stability, difficulty), fsrs.Rating(rating), NOW + timedelta(days=days))
    ours = reviewed(Memory(np.array([stability]), np.array([difficulty])), np.array([float(days)]), rating)
    assert ours.stability[0] == pytest.approx(theirs.stability, rel=1e-9)
    assert ours.difficulty[0] == pytest.approx(theirs.difficulty, rel=1e-9)


@settings(deadline=None)
@given(stabilities, days_apart)
def test_recall_is_that_of_the_reference(stability: float, days: int) -> None:
    theirs = SCHEDULER.get_card_retrievability(card(stability, 5), NOW + timedelta(days=days))
    assert recall(Memory(np.array([stability]), np.array([5.0])), days)[0] == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_a_first_answer_gives_the_memory_of_the_reference(rating: int) -> None:
    theirs, _ = SCHEDULER.review_card(fsrs.Card(card_id=1, due=NOW), fsrs.Rating(rating), NOW)
    ours = first(rating, 2)
    assert ours.stability == pytest.approx([theirs.stability] * 2)
    assert ours.difficulty == pytest.approx([theirs.difficulty] * 2)
