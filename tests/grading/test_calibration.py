"""This file checks how the candidate's judgement of answers becomes a table, and what the table does to a grade."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from sparring.content import Point, RedFlag
from sparring.grading.calibration import LARGEST, Pair, Table, apply, changed, enough, fit, said
from sparring.grading.grade import Finding, Grade, Verdict, rating_of
from sparring.grading.rubric import Rubric
from sparring.grading.score import FLAG_CAP, confidence_of, override, score

SCORES = st.integers(0, 10_000).map(lambda points: points / 10_000)
PAIRS = st.lists(st.tuples(SCORES, SCORES), max_size=80)
RUBRIC = Rubric(
    prompt="?",
    reference="!",
    points=tuple(Point(id=name, says=f"{name}.") for name in "abcd"),
    flags=(RedFlag(id="bad", says="Bad.", why="It is."),),
)
GENEROUS: list[Pair] = [(0.5, 0.75)] * 40
STRICT: list[Pair] = [(0.75, 0.5)] * 40


def grade(raw: float, flag: Verdict = "missed") -> Grade:
    met = round(raw * 4)
    points = [
        Finding(criterion=name, kind="key-point", verdict="met" if place < met else "missed")
        for place, name in enumerate("abcd")
    ]
    found = (*points, Finding(criterion="bad", kind="red-flag", verdict=flag))
    interval = (max(0.0, raw - 0.1), min(1.0, raw + 0.1))
    return Grade(
        score=raw,
        rating=rating_of(raw),
        basis="rule",
        confidence=confidence_of(interval, proposed=False),
        interval=interval,
        findings=found,
        notes=("A note.",),
    )


@given(PAIRS, SCORES, SCORES)
def test_a_better_answer_never_scores_less(pairs: list[Pair], one: float, two: float) -> None:
    table = fit(pairs)
    low, high = sorted((one, two))
    assert table(low) <= table(high)
    assert apply(table, grade(low)).score <= apply(table, grade(high)).score


@given(PAIRS, SCORES)
def test_a_score_stays_between_zero_and_one_and_near_what_it_was(pairs: list[Pair], raw: float) -> None:
    value = fit(pairs)(raw)
    assert 0 <= value <= 1
    assert abs(value - raw) <= LARGEST + 1e-4


@given(PAIRS)
def test_the_knots_cover_all_scores_and_never_fall(pairs: list[Pair]) -> None:
    knots = fit(pairs).knots
    assert (knots[0][0], knots[-1][0]) == (0.0, 1.0)
    assert list(knots) == sorted(knots)
    assert [each[1] for each in knots] == sorted(each[1] for each in knots)


@given(st.lists(SCORES, max_size=80), SCORES)
def test_a_candidate_who_always_agrees_changes_nothing(scores: list[float], raw: float) -> None:
    table = fit([(each, each) for each in scores])
    assert table(raw) == raw
    assert apply(table, grade(raw)) == grade(raw)


@given(PAIRS, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_answers_nor_fitting_again_matters(pairs: list[Pair], luck: object) -> None:
    shuffled = list(pairs)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fit(shuffled) == fit(pairs) == fit(list(pairs))


@given(PAIRS, SCORES, SCORES)
def test_one_more_answer_that_is_raised_lowers_no_score(pairs: list[Pair], raw: float, at: float) -> None:
    assert fit([*pairs, (raw, 1.0)])(at) >= fit([*pairs, (raw, raw)])(at) - 1e-4


@given(PAIRS, SCORES, st.sampled_from(["present", "missed"]))
def test_what_the_grader_gave_comes_back_exactly_and_is_what_is_shifted_again(
    pairs: list[Pair], raw: float, flag: Verdict
) -> None:
    table, graded = fit(pairs), grade(min(raw, FLAG_CAP), flag)
    shifted = apply(table, graded)
    assert shifted.unshifted() == graded
    assert apply(table, shifted) == shifted
    assert apply(fit([]), shifted) == graded


@given(PAIRS, SCORES)
def test_a_shifted_grade_is_in_line(pairs: list[Pair], raw: float) -> None:
    shifted = apply(fit(pairs), grade(raw))
    low, high = shifted.interval
    assert 0 <= low <= shifted.score <= high <= 1
    assert shifted.rating == rating_of(shifted.score)
    assert shifted.confidence == confidence_of(shifted.interval, proposed=grade(raw).confidence == "low")
    assert (shifted.raw is None) == (shifted.score == raw)


def test_pools_neighbours_that_fall_to_their_mean() -> None:
    table = fit([(0.5, 0.8)] * 6 + [(0.6, 0.4)] * 6)
    left, right = (3 * 0.5 + 6 * 0.8) / 9, (3 * 0.6 + 6 * 0.4) / 9
    assert left > right
    # The cells of 0.4 and 0.7 stand clear of that mean, so the pool ends there.
    assert table(0.5) == table(0.55) == table(0.6) == pytest.approx((left + right) / 2, abs=1e-4)
    assert (table(0.4), table(0.7)) == (0.4, 0.7)


def test_few_answers_move_a_score_less_than_many() -> None:
    few, many = fit([(0.5, 0.7)] * 3)(0.5), fit([(0.5, 0.7)] * 30)(0.5)
    assert 0.5 < few < many < 0.7
    assert few == 0.6


def test_however_much_is_said_a_score_moves_by_less_than_a_wide_band() -> None:
    assert fit([(0.4, 1.0)] * 500)(0.4) == 0.4 + LARGEST


@pytest.mark.parametrize(
    ("raw", "rating", "score"),
    [
        (0.5, 2, 0.5),  # its own rating says the score itself
        (0.5, 3, 0.75),
        (0.5, 4, 0.95),
        (0.5, 1, 0.35),
        (1.0, 3, 0.85),
        (0.9, 4, 0.9),
        (0.0, 1, 0.0),
        (0.0, 2, 0.45),
    ],
)
def test_a_changed_rating_says_the_nearest_score_inside_its_band(raw: float, rating: int, score: float) -> None:
    assert said(raw, rating) == score
    assert rating_of(said(raw, rating)) == rating


def test_there_is_a_table_from_thirty_answers_of_which_five_were_changed() -> None:
    kept, other = [(0.5, 0.5)], [(0.5, 0.75)]
    assert enough(kept * 25 + other * 5)
    assert not enough(kept * 24 + other * 5)
    assert not enough(kept * 96 + other * 4)
    assert changed(kept * 25 + other * 5) == 5


def test_a_shifted_grade_says_how_far_why_and_on_how_many_answers() -> None:
    shifted = apply(fit(GENEROUS), grade(0.5))
    assert shifted.score > 0.7
    assert shifted.rating == 3
    assert shifted.notes == (
        "Raised from 50 % to 72 % by your own corrections: you judged 40 answers and changed 40.",
        "A note.",
    )
    assert apply(fit(STRICT), grade(0.75)).notes[0].startswith("Lowered from 75 % to 5")
    nearly = Table(knots=((0.0, 0.0), (0.5, 0.501), (1.0, 1.0)), answers=30, changed=5)
    assert apply(nearly, grade(0.5)).notes[0].startswith("Raised by less than 1 % by")


def test_the_interval_moves_with_the_score_and_keeps_its_width() -> None:
    shifted = apply(fit(GENEROUS), grade(0.5))
    low, high = shifted.interval
    assert high - low == pytest.approx(0.2, abs=2e-4)
    assert low + 0.1 == pytest.approx(shifted.score, abs=2e-4)


def test_a_doubtful_grade_is_not_made_surer() -> None:
    doubtful = replace(grade(0.5), confidence="low")
    assert apply(fit(GENEROUS), doubtful).confidence == "low"


def test_where_nothing_was_found_nothing_is_shifted() -> None:
    table = fit([(0.0, 0.45)] * 40)
    assert table(0.0) > 0
    assert apply(table, grade(0.0)) == grade(0.0)


def test_a_red_flag_keeps_a_shifted_answer_below_good() -> None:
    assert apply(fit(GENEROUS), grade(0.5, "present")).score == FLAG_CAP < 0.7


def test_the_candidates_own_verdict_takes_the_place_of_the_shift() -> None:
    shifted = apply(fit(GENEROUS), grade(0.5))
    corrected = override(shifted, RUBRIC, "c", "met")
    assert corrected.score == score(RUBRIC, corrected.findings) == 0.75
    assert corrected.raw is None
    assert corrected.notes[0] == "A note."
    assert corrected.notes[1].endswith("what you say of this answer counts.")
    plain = override(grade(0.5), RUBRIC, "c", "met")
    assert replace(corrected, notes=plain.notes) == plain


def test_a_grade_that_was_kept_before_there_were_tables_still_loads() -> None:
    old = (
        b'{"score":0.5,"rating":2,"basis":"rule","confidence":"low","interval":[0.4,0.6],"findings":[],"notes":["A."]}'
    )
    kept = json.decode(old, type=Grade)
    assert kept.raw is None
    assert kept.unshifted() == kept
    shifted = apply(fit(GENEROUS), kept)
    assert json.decode(json.encode(shifted), type=Grade) == shifted
