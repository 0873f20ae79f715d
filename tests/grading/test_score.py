"""This file checks how findings add up, and what an override changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.content import Choice, Point, RedFlag
from sparring.grading.grade import Finding, Grade, Verdict, rating_of
from sparring.grading.rubric import Rubric
from sparring.grading.score import FLAG_CAP, override, score

RUBRIC = Rubric(
    prompt="?",
    reference="!",
    points=(
        Point(id="a", says="A.", weight=3),
        Point(id="b", says="B.", weight=1),
        Point(id="c", says="C.", level="should", weight=2),
        Point(id="d", says="D.", level="bonus"),
        Point(id="e", says="E.", weight=1),
        Point(id="f", says="F.", weight=1),
    ),
    choices=(Choice(id="one-of", need=1, of=("e", "f")),),
    flags=(RedFlag(id="bad", says="Bad.", why="It is."),),
)
VERDICTS: tuple[Verdict, ...] = ("met", "partly", "missed", "contradicted")


def findings(flag: Verdict = "missed", **verdicts: Verdict) -> list[Finding]:
    points = [Finding(criterion=p.id, kind="key-point", verdict=verdicts.get(p.id, "missed")) for p in RUBRIC.points]
    choice = Finding(criterion="one-of", kind="key-point", verdict="missed")
    return [*points, choice, Finding(criterion="bad", kind="red-flag", verdict=flag)]


def grade(found: list[Finding]) -> Grade:
    value = score(RUBRIC, found)
    return Grade(
        score=value,
        rating=rating_of(value),
        basis="rule",
        confidence="medium",
        interval=(max(0.0, value - 0.1), min(1.0, value + 0.1)),
        findings=tuple(found),
    )


def test_everything_said_is_a_full_score() -> None:
    assert score(RUBRIC, findings(a="met", b="met", c="met", e="met")) == 1.0


def test_nothing_said_is_zero() -> None:
    assert score(RUBRIC, findings()) == 0.0


def test_a_choice_needs_only_as_many_points_as_it_says() -> None:
    assert score(RUBRIC, findings(e="met")) == score(RUBRIC, findings(e="met", f="met")) > 0


def test_a_contradicted_point_is_worse_than_a_missed_one() -> None:
    assert score(RUBRIC, findings(a="met", b="contradicted")) < score(RUBRIC, findings(a="met"))


def test_a_bonus_adds_and_its_absence_costs_nothing() -> None:
    with_bonus, without = findings(a="met", d="met"), findings(a="met")
    assert score(RUBRIC, with_bonus) == pytest.approx(score(RUBRIC, without) + 0.1)


def test_a_red_flag_keeps_even_a_full_answer_below_good() -> None:
    assert score(RUBRIC, findings(flag="present", a="met", b="met", c="met", e="met")) <= FLAG_CAP < 0.7


@given(verdicts=st.fixed_dictionaries({name: st.sampled_from(VERDICTS) for name in "abcdef"}))
def test_the_score_is_between_zero_and_one_and_a_better_verdict_never_lowers_it(verdicts: dict[str, Verdict]) -> None:
    before = score(RUBRIC, findings(**verdicts))
    assert 0 <= before <= 1
    assert all(score(RUBRIC, findings(**(verdicts | {name: "met"}))) >= before for name in verdicts)


def test_an_override_is_the_candidates_own_and_recomputes_the_score() -> None:
    changed = override(grade(findings()), RUBRIC, "a", "met")
    found = changed.finding("a")
    assert found is not None
    assert (found.verdict, found.basis) == ("met", "self")
    assert changed.score == score(RUBRIC, changed.findings) > 0
    assert changed.rating == rating_of(changed.score)
    assert changed.basis == "rule"
    assert "You changed `a` from missed to met." in changed.notes
    low, high = changed.interval
    assert low <= changed.score <= high


def test_overriding_a_point_carries_over_to_its_choice() -> None:
    changed = override(grade(findings()), RUBRIC, "f", "met")
    choice = changed.finding("one-of")
    assert choice is not None
    assert (choice.verdict, choice.basis) == ("met", "rule")


def test_a_choice_that_the_candidate_overrode_stays_as_it_is() -> None:
    mine = override(grade(findings()), RUBRIC, "one-of", "met")
    assert mine.score > 0
    later = override(mine, RUBRIC, "a", "met").finding("one-of")
    assert later is not None
    assert (later.verdict, later.basis) == ("met", "self")


def test_an_unknown_criterion_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no criterion `z`; it has a, b, c"):
        override(grade(findings()), RUBRIC, "z", "met")


def test_a_verdict_that_the_criterion_cannot_get_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be `present`; choose one of met, partly"):
        override(grade(findings()), RUBRIC, "a", "present")
