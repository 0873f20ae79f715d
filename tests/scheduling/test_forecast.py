"""This file says what the forecast, the readiness and the streak promise."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.scheduling.card import Card, new_card, retrievability, suspend
from sparring.scheduling.forecast import forecast, mastery, readiness, streak

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TODAY = NOW.date()


def card(name: str, stability: float = 5.0, *, due_in: float = 1, reps: int = 3) -> Card:
    return Card(
        question=name,
        due=NOW + timedelta(days=due_in),
        stability=stability,
        difficulty=5.0,
        state="review",
        last_review=NOW - timedelta(days=2),
        reps=reps,
    )


def test_the_forecast_counts_due_cards_by_day_and_the_overdue_today() -> None:
    cards = [
        card("a", due_in=-30),
        card("b", due_in=0.1),
        card("c", due_in=1),
        card("d", due_in=2),
        card("e", due_in=9),
    ]
    cards += [suspend(card("f", due_in=1)), new_card("g", NOW)]
    assert forecast(cards, NOW, 4) == (2, 1, 1, 0)
    assert forecast(cards, NOW.astimezone(ZoneInfo("Asia/Tokyo")), 3) == (2, 1, 1)
    assert forecast([], NOW, 3) == (0, 0, 0)
    assert forecast([card("a", due_in=0.3)], NOW, 2) == (0, 1)
    assert forecast([card("a", due_in=0.3)], NOW.astimezone(ZoneInfo("America/New_York")), 2) == (1, 0)


def test_mastery_is_given_for_every_topic_also_those_never_practised() -> None:
    found = mastery([card("a"), card("b", 50), card("gone")], {"a": "sql", "b": "sql", "c": "sql", "d": "http"}, NOW)
    assert list(found) == ["http", "sql"]
    assert (found["sql"].seen, found["sql"].total, found["http"].seen, found["http"].total) == (2, 3, 0, 1)
    recalls = [retrievability(each, NOW) for each in (card("a"), card("b", 50))]
    assert found["sql"].mean == pytest.approx((sum(recalls) + 0.3) / 3)
    assert found["http"].mean == pytest.approx(0.3)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.001, 500), max_size=30),
    st.integers(0, 200),
    st.lists(st.sampled_from([1, 2, 3, 4]), max_size=60),
    st.integers(0, 90),
)
def test_readiness_is_a_share_inside_its_interval(
    stabilities: list[float], unseen: int, first_ratings: list[int], days: int
) -> None:
    cards = [card(f"q{index}", each) for index, each in enumerate(stabilities)]
    ids = [each.question for each in cards] + [f"u{index}" for index in range(unseen)]
    ready = readiness(cards, ids, NOW + timedelta(days=days), first_ratings)
    assert 0 <= ready.low <= ready.mean <= ready.high <= 1
    assert (ready.seen, ready.total) == (len(cards), len(ids))


def test_nothing_known_is_anything_possible() -> None:
    nothing = readiness([], [], NOW)
    assert (nothing.low, nothing.high, nothing.total) == (0, 1, 0)
    unseen = readiness([], [f"q{each}" for each in range(50)], NOW)
    assert unseen.low < 0.03
    assert unseen.high > 0.75


def width(cards: list[Card], ids: list[str], first_ratings: list[int]) -> float:
    ready = readiness(cards, ids, NOW + timedelta(days=7), first_ratings)
    return ready.high - ready.low


def test_more_first_answers_and_more_reviews_narrow_the_interval() -> None:
    ids = [f"q{each}" for each in range(100)]
    some = [card(each) for each in ids[:10]]
    assert width(some, ids, [1, 3] * 20) < width(some, ids, [1, 3]) < width(some, ids, [])
    once, often = [card(each, reps=1) for each in ids[:3]], [card(each, reps=20) for each in ids[:3]]
    assert width(often, ids[:3], []) < width(once, ids[:3], [])


def test_however_many_reviews_the_model_may_be_off_for_this_learner() -> None:
    many = [card(f"q{each}", reps=50) for each in range(300)]
    assert width(many, [each.question for each in many], []) > 0.2


def test_those_who_knew_their_first_questions_are_readier() -> None:
    ids = [f"q{each}" for each in range(40)]
    means = [readiness([], ids, NOW, [rating] * 20).mean for rating in (1, 2, 3, 4)]
    assert means[0] < means[1] < means[2] == means[3]


def test_readiness_falls_with_time_and_passes_over_other_questions() -> None:
    cards = [card("a"), card("other", 1000)]
    soon, late = (readiness(cards, ["a", "b"], NOW + timedelta(days=days)) for days in (1, 60))
    assert late.mean < soon.mean
    assert soon.seen == 1


def test_the_interval_holds_the_truth_as_often_as_it_says_where_its_assumptions_hold() -> None:
    """Learners drawn from the assumptions themselves: a share known, and FSRS off by its model error."""
    luck, hits, runs = Random(5), 0, 400
    at = NOW + timedelta(days=5)
    for _ in range(runs):
        cards = [card(f"q{each}", luck.uniform(1, 40), reps=20) for each in range(30)]
        share, bias = luck.betavariate(0.6, 1.4), luck.gauss(0, 0.08)
        first = [3 if luck.random() < share else 1 for _ in range(30)]
        recalled = sum(luck.random() < retrievability(each, at) + bias for each in cards)
        known = sum(luck.random() < share for _ in range(40))
        ready = readiness(cards, [f"q{each}" for each in range(70)], at, first)
        hits += ready.low <= (recalled + known) / 70 <= ready.high
    assert 0.86 <= hits / runs <= 0.97


def days_ago(*ago: int) -> list[date]:
    return [TODAY - timedelta(days=each) for each in ago]


@pytest.mark.parametrize(
    ("ago", "days", "mercy_left"),
    [
        ((), 0, 1),
        ((0,), 1, 1),
        ((1, 2), 2, 1),  # today is not over
        ((0, 1, 2), 3, 1),
        ((0, 2, 3), 3, 0),  # one miss forgiven
        ((2, 3), 2, 0),
        ((3, 4), 0, 1),  # two misses in a row
        ((0, 2, 4), 2, 0),  # a second miss within seven days
        ((0, 1, 2, 3, 4, 5, 6, 8, 9), 9, 1),  # the miss is a week old
        ((0, 2, 3, 4, 5, 6, 7, 9), 8, 0),  # a miss every seven days
        ((0, 2, 3, 4, 5, 6, 8), 6, 0),  # a miss after six
        ((-3, 0), 1, 1),  # the future does not count
    ],
)
def test_a_streak_forgives_one_miss_in_seven_days(ago: tuple[int, ...], days: int, mercy_left: int) -> None:
    found = streak(days_ago(*ago), TODAY)
    assert (found.days, found.mercy_left) == (days, mercy_left)


practised = st.sets(st.integers(0, 40), max_size=40)


@settings(deadline=None)
@given(practised, st.integers(0, 40), st.integers(0, 3))
def test_one_more_day_of_practice_never_shortens_a_streak(ago: set[int], more: int, mercy: int) -> None:
    assert streak(days_ago(*ago, more), TODAY, mercy).days >= streak(days_ago(*ago), TODAY, mercy).days


@settings(deadline=None)
@given(practised, st.integers(0, 3))
def test_a_streak_counts_practised_days_and_mercy_only_helps(ago: set[int], mercy: int) -> None:
    found = streak(days_ago(*ago), TODAY, mercy)
    assert found.days <= len(ago)
    assert 0 <= found.mercy_left <= mercy
    assert streak(days_ago(*ago), TODAY, mercy + 1).days >= found.days


@settings(deadline=None)
@given(practised)
def test_without_mercy_a_streak_is_the_days_in_a_row(ago: set[int]) -> None:
    begin = 0 if 0 in ago else 1
    in_a_row = next(each for each in range(begin, 50) if each not in ago) - begin
    assert streak(days_ago(*ago), TODAY, mercy=0).days == in_a_row


def test_negative_mercy_and_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="mercy is -1"):
        streak([], TODAY, mercy=-1)
    naive = datetime(2026, 11, 22)  # noqa: DTZ001  # naive on purpose
    with pytest.raises(ValueError, match="`now` has no time zone"):
        forecast([], naive, 3)
    with pytest.raises(ValueError, match="`at` has no time zone"):
        readiness([], ["a"], naive)
