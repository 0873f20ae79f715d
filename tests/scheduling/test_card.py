"""This file holds the card to the `fsrs` package's own dates, and to what every rating promises."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sparring.scheduling.card import (
    AGAIN_AFTER,
    Card,
    Rating,
    State,
    intervals,
    new_card,
    resume,
    retrievability,
    review,
    suspend,
)

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
LOG: list[tuple[float, Rating]] = [(0, 3), (2, 3), (9.5, 4), (40, 2), (60, 1), (0.01, 3), (1, 3), (5, 2), (30, 3)]
"""Days since the review before, and the rating."""
ratings = st.sampled_from([1, 2, 3, 4])
gaps = st.floats(min_value=0, max_value=400)
logs = st.lists(st.tuples(gaps, ratings), min_size=1, max_size=12)


def played(log: list[tuple[float, Rating]], retention: float = 0.9) -> list[Card]:
    card, now, cards = new_card("q", NOW), NOW, []
    for gap, rating in log:
        now += timedelta(days=gap)
        card = review(card, rating, now, retention)
        cards.append(card)
    return cards


def reference(log: list[tuple[float, Rating]], retention: float = 0.9) -> list[fsrs.Card]:
    """Play the log with the package alone: a step of ten minutes after a miss, days after all else."""
    card, now, cards = fsrs.Card(card_id=1, due=NOW), NOW, []
    for gap, rating in log:
        now += timedelta(days=gap)
        steps = [timedelta(minutes=10)] if rating == 1 else []
        scheduler = fsrs.Scheduler(
            desired_retention=retention, learning_steps=steps, relearning_steps=steps, enable_fuzzing=False
        )
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), now)
        cards.append(card)
    return cards


@pytest.mark.parametrize("retention", [0.8, 0.9, 0.95])
def test_a_fixed_log_gets_the_dates_of_the_reference(retention: float) -> None:
    ours, theirs = played(LOG, retention), reference(LOG, retention)
    assert [card.due for card in ours] == [card.due for card in theirs]
    assert [card.stability for card in ours] == [card.stability for card in theirs]
    assert [card.difficulty for card in ours] == [card.difficulty for card in theirs]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.49) | st.floats(1, 400), ratings), min_size=1, max_size=12))
def test_any_log_gets_the_dates_of_the_reference(log: list[tuple[float, Rating]]) -> None:
    assert [card.due for card in played(log)] == [card.due for card in reference(log)]


def test_daily_practice_half_an_hour_earlier_counts_as_a_day() -> None:
    met = review(new_card("q", NOW), 1, NOW)
    earlier = review(met, 3, NOW + timedelta(hours=23, minutes=30))
    exact = review(met, 3, NOW + timedelta(hours=24))
    same_day = review(met, 3, NOW + timedelta(hours=5))
    assert earlier.stability == exact.stability
    assert same_day.stability is not None
    assert exact.stability is not None
    assert same_day.stability < exact.stability / 2


@pytest.mark.parametrize("days", [0, 3])
def test_a_stability_of_zero_is_the_least_stability_and_not_a_missing_one(days: int) -> None:
    card = Card(question="q", due=NOW, stability=0.0, difficulty=5.0, state="review", last_review=NOW, reps=1)
    later = NOW + timedelta(days=days)
    assert review(card, 3, later) == review(replace(card, stability=0.001), 3, later)
    assert retrievability(card, later) == retrievability(replace(card, stability=0.001), later)


@pytest.mark.parametrize("state", ["new", "learning", "review", "relearning"])
def test_a_restored_card_that_lacks_a_field_can_still_be_reviewed(state: State) -> None:
    bare = Card(question="q", due=NOW, state=state)
    assert review(bare, 3, NOW).due == review(new_card("q", NOW), 3, NOW).due
    stepless = Card(question="q", due=NOW, stability=3.0, difficulty=5.0, state=state, last_review=NOW)
    assert review(stepless, 3, NOW + timedelta(days=3)).state == "review"


@settings(deadline=None)
@given(logs)
def test_a_better_rating_never_comes_back_sooner(log: list[tuple[float, Rating]]) -> None:
    card = played(log)[-1]
    waits = list(intervals(card, card.due).values())
    assert waits == sorted(waits)
    assert waits[0] == AGAIN_AFTER
    assert all(wait >= timedelta(days=1) for wait in waits[1:])


@settings(deadline=None)
@given(logs)
def test_stability_and_difficulty_stay_in_bounds(log: list[tuple[float, Rating]]) -> None:
    for card in played(log):
        assert card.stability is not None
        assert card.difficulty is not None
        assert 0.001 <= card.stability < 1e6
        assert 1 <= card.difficulty <= 10


@settings(deadline=None)
@given(logs, ratings)
def test_review_is_a_pure_function(log: list[tuple[float, Rating]], rating: Rating) -> None:
    card = played(log)[-1]
    kept = Card(**{name: getattr(card, name) for name in card.__struct_fields__})
    first = review(card, rating, card.due)
    assert review(card, rating, card.due) == first
    assert card == kept


@settings(deadline=None)
@given(logs, st.lists(gaps, min_size=2, max_size=5))
def test_retrievability_falls_with_time(log: list[tuple[float, Rating]], later: list[float]) -> None:
    card = played(log)[-1]
    assert card.last_review is not None
    recalls = [retrievability(card, card.last_review + timedelta(days=days)) for days in sorted(later)]
    assert recalls == sorted(recalls, reverse=True)
    assert all(0 < each <= 1 for each in recalls)


def test_recall_falls_to_ninety_percent_after_the_stability() -> None:
    card = Card(question="q", due=NOW, stability=12.0, difficulty=5.0, state="review", last_review=NOW)
    assert retrievability(card, NOW + timedelta(days=12)) == pytest.approx(0.9)
    assert retrievability(new_card("q", NOW), NOW) == 0


def test_reps_and_lapses_are_counted() -> None:
    cards = played(LOG)
    assert [card.reps for card in cards] == list(range(1, 10))
    assert [card.lapses for card in cards] == [0, 0, 0, 0, 1, 1, 1, 1, 1]


def test_a_miss_comes_back_in_the_same_sitting_and_a_recalled_answer_after_days() -> None:
    missed = review(new_card("q", NOW), 1, NOW)
    assert (missed.state, missed.due) == ("learning", NOW + timedelta(minutes=10))
    again = review(missed, 3, missed.due)
    assert (again.state, again.due) == ("review", missed.due + timedelta(days=1))
    forgotten = review(again, 1, again.due)
    assert (forgotten.state, forgotten.due) == ("relearning", again.due + timedelta(minutes=10))


def test_a_suspended_card_remembers_and_is_due_again_at_once() -> None:
    card = review(new_card("q", NOW), 3, NOW)
    later = NOW + timedelta(days=100)
    back = resume(suspend(card), later)
    assert suspend(card).suspended
    assert (back.suspended, back.due, back.stability, back.last_review) == (False, later, card.stability, NOW)
    assert resume(suspend(card), NOW) == card


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata")])
def test_any_time_zone_gives_the_same_card_in_utc(zone: ZoneInfo) -> None:
    card = review(new_card("q", NOW.astimezone(zone)), 2, NOW.astimezone(zone))
    assert card == review(new_card("q", NOW), 2, NOW)
    assert card.due.tzinfo is UTC


def test_naive_datetimes_are_refused_by_name() -> None:
    naive, card = datetime(2026, 11, 22), new_card("q", NOW)  # noqa: DTZ001  # naive on purpose
    with pytest.raises(ValueError, match="`now` has no time zone"):
        review(card, 3, naive)
    with pytest.raises(ValueError, match="`at` has no time zone"):
        retrievability(card, naive)
    with pytest.raises(ValueError, match="`due` has no time zone"):
        Card(question="q", due=naive)
    with pytest.raises(ValueError, match="`last_review` has no time zone"):
        Card(question="q", due=NOW, last_review=naive)


def test_unknown_ratings_and_retentions_are_refused() -> None:
    card = new_card("q", NOW)
    with pytest.raises(ValueError, match="rating 5 is unknown"):
        review(card, 5, NOW)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match=r"retention 1\.0 is out of range"):
        review(card, 3, NOW, retention=1.0)


def test_a_clock_set_back_loses_nothing() -> None:
    card = review(new_card("q", NOW), 3, NOW)
    after = review(card, 3, NOW - timedelta(days=3))
    assert after.reps == 2
    assert retrievability(card, NOW - timedelta(days=3)) == 1


def test_a_review_never_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's own Card() does, for a unique id."""

    def sleep(_: float) -> None:
        pytest.fail("a review slept")

    monkeypatch.setattr(time, "sleep", sleep)
    card = review(new_card("q", NOW), 1, NOW)
    assert retrievability(review(card, 3, NOW), NOW) == 1
