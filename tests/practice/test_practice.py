"""What a candidate does with questions, and the rules that hold while doing it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sparring.grading.grade import rating_of
from sparring.practice import ANSWER_LENGTH_MAX, Conflict, Practice, Refused, Unknown
from sparring.settings import Preferences

QUESTION = "idempotency"
TEXT = "An idempotent request may be sent again: the client sends one key, and the server stores it with the result."


def _rated(practice: Practice, name: str, rating: int) -> Any:
    return practice.rate(practice.submit(name, TEXT).id, rating)


def test_an_answer_is_kept_before_it_is_graded(practice: Practice) -> None:
    answer = practice.submit(QUESTION, TEXT, seconds=61.5, via="spoken")
    assert practice.store.answer(answer.id) == answer
    assert practice.store.grade(answer.id) is None


def test_an_answer_is_graded_after_a_restart_and_only_once(
    tmp_path: Path, open_practice: Callable[[Path], Practice]
) -> None:
    first = open_practice(tmp_path)
    answer = first.submit(QUESTION, TEXT)
    first.store.close()

    second = open_practice(tmp_path)
    result = second.result(answer.id)
    assert result.answer.text == TEXT
    assert result.graded == second.store.grade(answer.id)
    assert second.result(answer.id).graded == result.graded


def test_an_answer_ends_the_draft_of_its_question_and_an_answer_to_a_follow_up_does_not(practice: Practice) -> None:
    practice.save_draft(QUESTION, "An idem")
    practice.submit(QUESTION, TEXT, follow_up="expiry")
    assert practice.store.draft(QUESTION) is not None
    practice.submit(QUESTION, TEXT)
    assert practice.store.draft(QUESTION) is None
    practice.save_draft(QUESTION, "An idem")
    practice.save_draft(QUESTION, "")
    assert practice.store.draft(QUESTION) is None


def test_what_is_too_long_is_refused_and_the_draft_stays(practice: Practice) -> None:
    practice.save_draft(QUESTION, "An idem")
    with pytest.raises(Refused, match="20,000 characters; this has 20,001"):
        practice.submit(QUESTION, "x" * (ANSWER_LENGTH_MAX + 1))
    with pytest.raises(Refused, match="20,000 characters"):
        practice.save_draft(QUESTION, "x" * (ANSWER_LENGTH_MAX + 1))
    draft = practice.store.draft(QUESTION)
    assert draft is not None
    assert draft.text == "An idem"
    assert practice.store.answers() == []


def test_what_does_not_exist_is_named(practice: Practice) -> None:
    for act in (
        lambda: practice.question("none"),
        lambda: practice.submit("none", TEXT),
        lambda: practice.submit(QUESTION, TEXT, follow_up="none"),
        lambda: practice.result("none"),
        lambda: practice.rate("none", 3),
        lambda: practice.override("none", "client-key", "met"),
        lambda: practice.set_suspended("none", suspended=True),
        lambda: practice.save_draft("none", "x"),
        lambda: practice.judge("none", "x"),
    ):
        with pytest.raises(Unknown, match="`none`"):
            act()


def test_an_answer_is_rated_once_until_it_is_undone(practice: Practice) -> None:
    answer = practice.submit(QUESTION, TEXT)
    review = practice.rate(answer.id, 3)
    assert practice.store.card(QUESTION) == review.after
    with pytest.raises(Conflict, match="undo"):
        practice.rate(answer.id, 1)
    assert practice.store.card(QUESTION) == review.after

    assert practice.undo() == review
    assert practice.result(answer.id).review is None
    again = practice.rate(answer.id, 1)
    assert again.before == review.before
    assert practice.store.card(QUESTION) == again.after


def test_undo_takes_reviews_back_newest_first_until_none_is_left(practice: Practice, clock: Any) -> None:
    done = []
    for name in (QUESTION, "deadlocks", QUESTION):
        done.append(_rated(practice, name, 3))
        clock.forward(days=1)
    for review in reversed(done):
        assert practice.undo() == review
        assert practice.store.card(review.question) == (review.before if review.before.seen else None)
    with pytest.raises(Conflict, match="no review to undo"):
        practice.undo()


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_there_are_four_ratings(practice: Practice, rating: int) -> None:
    with pytest.raises(Refused, match="is no rating"):
        practice.rate(practice.submit(QUESTION, TEXT).id, rating)


def test_the_answer_to_a_follow_up_is_graded_and_not_scheduled(practice: Practice) -> None:
    answer = practice.submit(QUESTION, "A day or longer, so that no client can still retry.", follow_up="expiry")
    result = practice.result(answer.id)
    points = practice.question(QUESTION).follow_ups[2].points
    assert len([each for each in result.grade.findings if each.kind == "key-point"]) == len(points)
    assert result.follow_ups == ()
    with pytest.raises(Refused, match="follow-up is not rated"):
        practice.rate(answer.id, 3)
    assert practice.store.card(QUESTION) is None
    assert practice.store.latest_grades() == {}


def test_follow_ups_are_asked_as_their_conditions_hold_and_overrides_count(practice: Practice) -> None:
    result = practice.result(practice.submit(QUESTION, "I do not know.").id)
    verdict = {each.criterion: each.verdict for each in result.grade.findings}
    assert verdict["atomic-claim"] == "missed"
    assert [each.id for each in result.follow_ups] == ["same-millisecond"]
    corrected = practice.override(result.answer.id, "atomic-claim", "met")
    assert [each.id for each in corrected.follow_ups] == ["crash-between"]


def test_an_override_is_the_candidates_own_and_the_graders_finding_stays(practice: Practice) -> None:
    answer = practice.submit(QUESTION, "I do not know.")
    before = practice.result(answer.id)
    result = before
    for point in before.rubric.points:
        result = practice.override(answer.id, point.id, "met")
    mine = [each for each in result.grade.findings if each.kind == "key-point"]
    assert {each.basis for each in mine} == {"self"}
    assert result.grade.score > before.grade.score
    assert result.grade.rating == rating_of(result.grade.score)
    assert result.graded == before.graded
    assert len(result.overrides) == len(before.rubric.points)
    with pytest.raises(Refused, match="no criterion `none`"):
        practice.override(answer.id, "none", "met")
    with pytest.raises(Refused, match="cannot be `present`"):
        practice.override(answer.id, "client-key", "present")


def test_a_question_leaves_the_plan_when_it_is_rated_and_comes_back_when_it_is_due(
    practice: Practice, clock: Any
) -> None:
    practice.set_preferences(Preferences(minutes_a_day=480))
    assert QUESTION in {each.question for each in practice.plan().items}
    review = _rated(practice, QUESTION, 3)
    assert QUESTION not in {each.question for each in practice.plan().items}
    clock.now = review.after.due.astimezone(clock.now.tzinfo)
    planned = {each.question: each.reason for each in practice.plan().items}
    assert planned[QUESTION] == "due"


def test_a_question_set_aside_is_not_planned(practice: Practice) -> None:
    practice.set_preferences(Preferences(minutes_a_day=480))
    practice.set_suspended(QUESTION, suspended=True)
    assert QUESTION not in {each.question for each in practice.plan().items}
    practice.set_suspended(QUESTION, suspended=False)
    assert QUESTION in {each.question for each in practice.plan().items}


def test_what_is_done_today_is_taken_off_the_minutes_of_the_day(practice: Practice, clock: Any) -> None:
    practice.set_preferences(Preferences(minutes_a_day=10))
    assert practice.plan().items
    for name in (QUESTION, "deadlocks", "pagination"):
        _rated(practice, name, 4)
    assert practice.plan().items == ()
    clock.now = clock.now.replace(hour=0, minute=5) + dt.timedelta(days=1)
    assert practice.plan().items


@pytest.mark.parametrize("hours", [-11, -5, 0, 5.5, 9, 14])
def test_the_day_ends_at_the_candidates_midnight(practice: Practice, clock: Any, hours: float) -> None:
    zone = dt.timezone(dt.timedelta(hours=hours))
    clock.now = dt.datetime(2026, 11, 20, 23, 50, tzinfo=zone)
    _rated(practice, QUESTION, 3)
    clock.now = dt.datetime(2026, 11, 21, 0, 10, tzinfo=zone)
    _rated(practice, "deadlocks", 3)
    progress = practice.progress()
    assert progress.days == {dt.date(2026, 11, 20): 1, dt.date(2026, 11, 21): 1}
    assert progress.streak.days == 2
    assert len(progress.due) > sum(progress.due) >= 2 - progress.due[0]


def test_progress_counts_what_comes_back_and_names_what_was_missed(practice: Practice, clock: Any) -> None:
    assert sum(practice.progress().due) == 0
    answer = practice.submit(QUESTION, "I do not know.")
    practice.result(answer.id)
    review = practice.rate(answer.id, 3)
    progress = practice.progress()
    days = (review.after.due.astimezone(clock.now.tzinfo).date() - clock.now.date()).days
    assert progress.due[days] == 1
    assert sum(progress.due) == 1
    assert {name for name, _ in progress.weak_points} == {QUESTION}
    assert progress.mastery["api"].seen == 1


def test_today_names_what_came_back_wrong_until_it_is_answered_well(practice: Practice, clock: Any) -> None:
    _rated(practice, QUESTION, 1)
    assert practice.today().came_back_wrong == (QUESTION,)
    clock.forward(hours=1)
    _rated(practice, QUESTION, 3)
    assert practice.today().came_back_wrong == ()


def test_the_interview_may_be_today_or_over(practice: Practice, clock: Any) -> None:
    _rated(practice, QUESTION, 3)
    for days, left in ((0, 0), (-3, -3), (1, 1)):
        practice.set_preferences(Preferences(interview_on=clock.now.date() + dt.timedelta(days=days)))
        assert practice.today().plan.days_left == left


def test_judging_keeps_nothing(practice: Practice) -> None:
    assert 0 <= practice.judge(QUESTION, TEXT).score <= 1
    assert practice.store.answers() == []


def test_a_pack_named_in_the_preferences_is_read_at_once(practice: Practice, tmp_path: Path) -> None:
    source = Path(practice.question("deadlocks").path)
    own = tmp_path / "own" / "questions" / "data" / "my-own.md"
    own.parent.mkdir(parents=True)
    own.write_text(source.read_text().replace('id = "deadlocks"', 'id = "my-own"'))
    practice.set_preferences(msgspec.structs.replace(practice.preferences(), packs=(str(tmp_path / "own"),)))
    assert practice.question("my-own").pack == "own"
    practice.set_preferences(Preferences())
    with pytest.raises(Unknown):
        practice.question("my-own")


def test_what_was_done_with_a_question_that_is_gone_is_kept_and_harms_nothing(
    practice: Practice, tmp_path: Path, clock: Any
) -> None:
    test_a_pack_named_in_the_preferences_is_read_at_once(practice, tmp_path)
    practice.set_preferences(Preferences(packs=(str(tmp_path / "own"),)))
    answer = practice.submit("my-own", "I do not know.")
    practice.result(answer.id)
    practice.rate(answer.id, 1)
    practice.set_preferences(Preferences())
    assert practice.today().came_back_wrong == ()
    assert practice.progress().weak_points == ()
    assert "my-own" not in {each.question for each in practice.plan().items}
    with pytest.raises(Unknown, match="my-own"):
        practice.result(answer.id)
    assert practice.undo().answer == answer.id


def test_undo_leaves_a_question_set_aside_that_was_set_aside_since(practice: Practice) -> None:
    _rated(practice, QUESTION, 3)
    practice.set_suspended(QUESTION, True)
    practice.undo()
    card = practice.store.card(QUESTION)
    assert card is not None
    assert card.suspended
    assert card.reps == 0
