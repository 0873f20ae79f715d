"""This file says what a plan promises, whatever the cards, and how it orders them."""

import importlib.util
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sparring.scheduling.card import Card, new_card, retrievability, review, suspend
from sparring.scheduling.plan import LEAST_GAIN, RECALLED_AS, NewQuestion, Plan, plan

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TODAY = NOW.date()


def card(
    name: str, *, ago: float, stability: float = 3.0, due_in: float | None = None, difficulty: float = 5.0
) -> Card:
    """Return a card last answered `ago` days ago; due when its recall has fallen to 90 %, unless told otherwise."""
    last = NOW - timedelta(days=ago)
    due = last + timedelta(days=stability) if due_in is None else NOW + timedelta(days=due_in)
    return Card(
        question=name,
        due=due,
        stability=stability,
        difficulty=difficulty,
        state="review",
        last_review=last,
        reps=1,
    )


def fresh(*names: str, minutes: float = 5.0, importance: float = 1.0) -> list[NewQuestion]:
    return [NewQuestion(question=name, minutes=minutes, importance=importance) for name in names]


def towards(cards: list[Card], new: list[NewQuestion], days: int, *, minutes: float = 40, now: datetime = NOW) -> Plan:
    return plan(cards, new, now=now, interview_on=now.date() + timedelta(days=days), minutes_a_day=minutes)


def names(made: Plan) -> list[str]:
    return [item.question for item in made.items]


cards_of_all_kinds = st.lists(
    st.builds(
        lambda name, ago, stability, difficulty, step, suspended: replace(
            card(f"q{name}", ago=ago, stability=stability, difficulty=difficulty), step=step, suspended=suspended
        ),
        st.integers(0, 15),
        st.floats(0, 60),
        st.floats(0.001, 300),
        st.floats(1, 10),
        st.sampled_from([None, None, 0]),
        st.booleans(),
    ),
    max_size=15,
)
new_of_all_kinds = st.lists(
    st.builds(
        lambda name, minutes, importance: NewQuestion(question=f"q{name}", minutes=minutes, importance=importance),
        st.integers(10, 25),
        st.floats(0.5, 60),
        st.floats(0, 3),
    ),
    max_size=10,
)
dates = st.none() | st.integers(-5, 60).map(lambda days: TODAY + timedelta(days=days))


@settings(deadline=None)
@given(cards_of_all_kinds, new_of_all_kinds, dates, st.floats(0, 120), st.floats(0, 120))
def test_a_plan_keeps_its_promises(
    cards: list[Card], new: list[NewQuestion], on: date | None, minutes: float, done: float
) -> None:
    made = plan(cards, new, now=NOW, interview_on=on, minutes_a_day=minutes, minutes_done_today=done)
    questions = names(made)
    assert len(questions) == len(set(questions))
    assert not set(questions) - {each.question for each in cards if not each.suspended} - {q.question for q in new}
    latest = {each.question: each for each in cards if not each.suspended}
    assert all(item.question in latest for item in made.items if item.reason != "new")
    assert sum(item.minutes for item in made.items[:-1]) < max(minutes - done, 1e-9)
    assert made.minutes_planned == pytest.approx(sum(item.minutes for item in made.items))
    assert all(0 <= item.gain <= 1 for item in made.items)
    assert plan(cards, new, now=NOW, interview_on=on, minutes_a_day=minutes, minutes_done_today=done) == made


@settings(deadline=None)
@given(cards_of_all_kinds, new_of_all_kinds, dates, st.randoms(use_true_random=False))
def test_the_order_of_the_cards_changes_nothing(
    cards: list[Card], new: list[NewQuestion], on: date | None, luck: Random
) -> None:
    single = list({each.question: each for each in cards}.values())
    mixed = luck.sample(single, len(single))
    new = list({each.question: each for each in new}.values())
    assert plan(mixed, luck.sample(new, len(new)), now=NOW, interview_on=on, minutes_a_day=40) == plan(
        single, new, now=NOW, interview_on=on, minutes_a_day=40
    )


def test_without_a_date_it_is_the_plain_order_of_fsrs() -> None:
    cards = [card("late", ago=9), card("later", ago=5), card("ahead", ago=1)]
    new = fresh("slight", importance=0.2) + fresh("fitting")
    made = plan(cards, new, now=NOW, interview_on=None, minutes_a_day=60)
    assert names(made) == ["late", "later", "fitting", "slight"]
    assert [item.reason for item in made.items] == ["due", "due", "new", "new"]
    assert (made.days_left, made.due_count, made.new_count) == (None, 2, 2)


def test_after_the_interview_it_is_the_plain_order_again() -> None:
    cards, new = [card("late", ago=9), card("ahead", ago=1)], fresh("new")
    made = towards(cards, new, -1)
    assert names(made) == ["late", "new"]
    assert made.days_left == -1


def test_the_weak_come_before_the_due_when_they_gain_more_on_the_day() -> None:
    made = towards(
        [card("due-and-firm", ago=41, stability=40), card("weak-not-due", ago=2, stability=0.5, due_in=1)], [], 7
    )
    assert [(item.question, item.reason) for item in made.items] == [("weak-not-due", "weak"), ("due-and-firm", "due")]
    assert made.items[0].gain > made.items[1].gain


def test_what_is_safe_on_the_day_is_postponed_though_it_is_due() -> None:
    safe = card("safe", ago=20, stability=90, due_in=-1)
    assert names(towards([safe], [], 7)) == []
    assert towards([safe], [], 7).due_count == 1
    assert names(towards([safe], [], 200)) == ["safe"]


def test_a_question_recalled_today_has_had_its_turn() -> None:
    assert names(towards([card("done", ago=0.1, stability=0.3)], [], 14)) == []


def test_no_review_is_planned_that_gains_next_to_nothing() -> None:
    hard = card("hard", ago=1, stability=20, difficulty=10)
    assert retrievability(hard, NOW + timedelta(days=60)) < 0.9  # not safe, yet practice today would not help
    assert names(towards([hard], [], 60)) == []
    assert names(towards([card("same-but-easier", ago=1, stability=20, difficulty=2)], [], 60)) == ["same-but-easier"]


def test_a_missed_question_comes_first_once_its_step_is_over_and_last_before() -> None:
    missed = review(new_card("missed", NOW), 1, NOW)
    others = [card("weak", ago=3, stability=0.5)]
    assert names(towards([missed, *others], [], 9, now=NOW + timedelta(minutes=11))) == ["missed", "weak"]
    assert names(towards([missed, *others], [], 9, now=NOW + timedelta(minutes=2))) == ["weak", "missed"]


def test_new_questions_come_early_last_on_the_eve_and_not_on_the_day() -> None:
    cards, new = [card("weak", ago=3, stability=1)], fresh("new")
    assert names(towards(cards, new, 21)) == ["new", "weak"]
    assert names(towards(cards, new, 1)) == ["weak", "new"]
    assert names(towards(cards, new, 0)) == ["weak"]
    assert names(towards([], new, 0)) == []


def test_important_and_short_questions_are_met_first() -> None:
    new = fresh("long", minutes=15) + fresh("slight", importance=0.3) + fresh("short", minutes=3) + fresh("usual")
    assert names(towards([], new, 21, minutes=99)) == ["short", "usual", "long", "slight"]


def test_important_cards_are_reviewed_first() -> None:
    cards = [card("a", ago=4), card("b", ago=4)]
    made = plan(cards, [], now=NOW, interview_on=TODAY + timedelta(9), minutes_a_day=9, importance={"b": 2.0})
    assert names(made)[0] == "b"


def test_a_card_never_answered_is_a_new_question_and_planned_once() -> None:
    made = towards([new_card("q", NOW)], fresh("q", "q", "r", "r"), 14)
    assert sorted(names(made)) == ["q", "r"]
    assert made.new_count == 2


def test_a_suspended_question_is_neither_reviewed_nor_new() -> None:
    assert names(towards([suspend(card("q", ago=9))], fresh("q"), 14)) == []
    assert names(plan([suspend(card("q", ago=9))], fresh("q"), now=NOW, interview_on=None, minutes_a_day=9)) == []


def test_minutes_done_today_are_taken_off() -> None:
    new = fresh(*"abcdefgh")
    made = plan([], new, now=NOW, interview_on=None, minutes_a_day=40, minutes_done_today=31)
    assert made.minutes_planned == 10
    assert plan([], new, now=NOW, interview_on=None, minutes_a_day=40, minutes_done_today=40).items == ()


def test_today_is_the_candidates_own_date() -> None:
    evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    due = replace(card("q", ago=3), due=evening + timedelta(hours=6))
    tokyo = evening.astimezone(ZoneInfo("Asia/Tokyo"))
    assert plan([due], [], now=evening, interview_on=None, minutes_a_day=9).items == ()
    assert names(plan([due], [], now=tokyo, interview_on=None, minutes_a_day=9)) == ["q"]
    tomorrow_in_tokyo = replace(due, due=evening + timedelta(hours=16))
    assert plan([tomorrow_in_tokyo], [], now=tokyo, interview_on=None, minutes_a_day=9).items == ()
    assert plan([], [], now=tokyo, interview_on=date(2026, 11, 24), minutes_a_day=9).days_left == 1


def test_a_stability_of_zero_still_gives_a_plan() -> None:
    assert names(towards([card("q", ago=3, stability=0.0)], [], 14)) == ["q"]


def test_a_naive_now_and_a_question_without_time_are_refused() -> None:
    with pytest.raises(ValueError, match="`now` has no time zone"):
        plan([], [], now=datetime(2026, 11, 22), interview_on=None, minutes_a_day=9)  # noqa: DTZ001  # on purpose
    with pytest.raises(ValueError, match="minutes must be above 0"):
        NewQuestion(question="q", minutes=0)


def test_ten_thousand_cards_are_planned_at_once() -> None:
    cards = [card(f"q{each}", ago=each % 50, stability=1 + each % 70) for each in range(10_000)]
    begun = time.perf_counter()
    made = towards(cards, fresh(*(f"n{each}" for each in range(1000))), 14)
    assert time.perf_counter() - begun < 2  # 0.06 s when measured alone; slow machines and neighbours are forgiven
    assert made.minutes_planned >= 40


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "planner.py"
    spec = importlib.util.spec_from_file_location("planner_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("population", ["typical", "experienced", "forgetful"])
@pytest.mark.parametrize("days", [7, 14])
def test_simulated_learners_recall_more_on_the_day_than_in_plain_fsrs_order(
    simulation: ModuleType, population: str, days: int
) -> None:
    learners = [simulation.draw_learner(seed, simulation.POPULATIONS[population]) for seed in range(12)]
    planned = simulation.recall_on_the_day(learners, simulation.by_planner, days, 30)
    plain = simulation.recall_on_the_day(learners, simulation.by_due, days, 30)
    gain, margin = simulation.mean_and_margin(planned - plain)
    assert gain - margin > 0.005


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.floats(0.001, 200), st.floats(1, 10), st.integers(1, 60))
def test_a_gain_is_the_difference_that_playing_every_rating_gives(
    ago: int, stability: float, difficulty: float, days: int
) -> None:
    """The planner's arrays against `review` and FSRS's own recall, one rating after the other."""
    before = card("q", ago=ago, stability=stability, difficulty=difficulty)
    day = NOW + timedelta(days=days)
    recall = retrievability(before, NOW)
    missed = review(review(before, 1, NOW), 3, NOW + timedelta(minutes=10))
    after = (1 - recall) * retrievability(missed, day + timedelta(minutes=10))
    for rating in (2, 3, 4):
        after += recall * RECALLED_AS[rating] * retrievability(review(before, rating, NOW), day)
    items = towards([before], [], days).items
    expected = after - retrievability(before, day)
    assert [item.gain for item in items] == pytest.approx([expected] if items else [])
    assert bool(items) == (expected >= LEAST_GAIN and retrievability(before, day) < 0.9)
