"""What the candidate says of thirty answers shifts the next grade, and can be told apart from it for ever."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from sparring.grading.calibration import ANSWERS_MIN, CHANGED_MIN, apply
from sparring.grading.embedding import Encoder
from sparring.grading.grade import Basis, Grade, rating_of
from sparring.grading.grader import Grader
from sparring.grading.rubric import Rubric
from sparring.practice import Practice
from sparring.settings import Preferences
from sparring.store import Answer, Override

QUESTION = "idempotency"
TEXT = "An idempotent request may be sent again: the client sends one key, and the server stores it with the result."


class FixedGrader:
    """A grader whose next scores the test chooses; the findings are a real grade's."""

    def __init__(self, like: Grade) -> None:
        self.score = 0.5
        self.basis: Basis = "rule"
        self._like = like

    def prepare(self, rubric: Rubric) -> None:
        """Nothing can be done ahead."""

    def grade(self, rubric: Rubric, answer: str) -> Grade:  # noqa: ARG002 - whatever is asked and answered
        interval = (max(0.0, self.score - 0.1), min(1.0, self.score + 0.1))
        own = replace(self._like, score=self.score, rating=rating_of(self.score), interval=interval, notes=())
        return replace(own, basis=self.basis)


@pytest.fixture(scope="session")
def like(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Grade:
    """A real grade."""
    from sparring import wiring
    from sparring.settings import read_settings

    practice = wiring.practice(read_settings({}, str(tmp_path_factory.mktemp("like"))), encoder)
    grade = practice.judge(QUESTION, TEXT)
    practice.store.close()
    return grade


@pytest.fixture
def grader(like: Grade) -> FixedGrader:
    """The grader of the practices of a test."""
    return FixedGrader(like)


@pytest.fixture
def practice(tmp_path: Path, open_practice: Callable[[Path], Practice], grader: FixedGrader) -> Practice:
    """A fresh practice whose scores the test chooses."""
    return given_grader(open_practice(tmp_path), grader)


def given_grader(practice: Practice, grader: Grader) -> Practice:
    practice._grader = lambda _: grader
    return practice


def graded(practice: Practice, follow_up: str | None = None) -> Answer:
    answer = practice.submit(QUESTION, TEXT, follow_up=follow_up)
    practice.result(answer.id)
    return answer


def missed_point(grade: Grade) -> str:
    return next(each.criterion for each in grade.findings if (each.kind, each.verdict) == ("key-point", "missed"))


def judge(practice: Practice, rating: int, times: int = 1) -> None:
    """Answer and rate."""
    for _ in range(times):
        practice.rate(graded(practice).id, rating)


def test_thirty_answers_shift_the_next_grade_and_leave_the_earlier_ones(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN - 1)
    last = graded(practice)
    practice.rate(last.id, 3)
    assert practice.result(last.id).grade.raw is None

    shifted = practice.result(graded(practice).id)
    assert shifted.grade.score > 0.7
    assert shifted.grade.rating == 3
    assert shifted.grade.notes == (
        "Raised from 50 % to 72 % by your own corrections: you judged 30 answers and changed 30.",
    )
    assert shifted.graded.grade == shifted.grade
    assert practice.result(last.id).grade.score == 0.5
    assert practice.judge(QUESTION, TEXT) == shifted.grade


def test_the_rule_graders_own_score_stays_in_the_log_beside_the_shifted_one(
    tmp_path: Path, open_practice: Callable[[Path], Practice]
) -> None:
    practice = open_practice(tmp_path)
    own = practice.judge(QUESTION, TEXT)
    assert 0 < own.score < 0.9
    judge(practice, own.rating + 1, ANSWERS_MIN)
    row = practice.store.grade(graded(practice).id)
    assert row is not None
    assert row.grade.score > own.score
    assert row.grade.unshifted() == own


def test_twenty_nine_answers_shift_nothing(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN - 1)
    assert practice.result(graded(practice).id).grade.raw is None


def test_agreeing_with_the_grader_shifts_nothing(practice: Practice) -> None:
    judge(practice, 2, ANSWERS_MIN)
    judge(practice, 3, CHANGED_MIN - 1)
    assert practice.result(graded(practice).id).grade.raw is None
    assert practice.progress().fit.table is None
    judge(practice, 3)
    assert practice.result(graded(practice).id).grade.raw is not None


def test_a_table_is_fitted_on_raw_scores_only(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN)
    before = practice.progress().fit
    judge(practice, 3, 5)  # the suggestion is Good by now, and is kept
    after = practice.progress().fit
    assert {raw for raw, _ in after.pairs} == {0.5}
    assert after.pairs == before.pairs + ((0.5, 0.75),) * 5
    assert (after.rated, after.kept) == (35, 5)
    judge(practice, 2)  # back to what the grader itself gave
    assert practice.progress().fit.pairs[-1] == (0.5, 0.5)


def test_the_table_comes_back_the_same_after_a_restart(
    practice: Practice, tmp_path: Path, open_practice: Callable[[Path], Practice], grader: FixedGrader
) -> None:
    judge(practice, 3, ANSWERS_MIN)
    kept = practice.result(graded(practice).id)
    again = given_grader(open_practice(tmp_path), grader)
    assert again.progress().fit == practice.progress().fit
    assert again.result(kept.answer.id) == kept
    table = again.progress().fit.table
    assert table is not None
    assert kept.grade == apply(table, kept.grade.unshifted())


def test_who_leaves_the_corrections_out_gets_the_graders_own_score(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN)
    practice.set_preferences(Preferences(use_corrections=False))
    result = practice.result(graded(practice).id)
    assert (result.grade.score, result.grade.raw, result.grade.notes) == (0.5, None, ())
    assert practice.progress().fit.table is not None
    assert not practice.progress().fit.used


def test_an_undone_rating_is_no_judgement(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN)
    practice.undo()
    assert practice.progress().fit.judged == ANSWERS_MIN - 1
    assert practice.result(graded(practice).id).grade.raw is None


def test_a_correction_counts_with_the_score_it_leads_to_and_more_than_the_rating(practice: Practice) -> None:
    answer = graded(practice)
    missed = missed_point(practice.result(answer.id).grade)
    shown = practice.override(answer.id, missed, "met").grade.score
    assert shown > 0.5
    assert practice.progress().fit.pairs == ((0.5, shown),)
    practice.rate(answer.id, 1)
    found = practice.progress().fit
    assert found.pairs == ((0.5, shown),)
    assert (found.judged, found.rated, found.kept) == (1, 1, 0)
    practice.override(answer.id, missed, "missed")
    assert practice.progress().fit.pairs == ((0.5, 0.5),)


def test_a_correction_of_a_shifted_grade_takes_the_place_of_the_shift(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN)
    answer = graded(practice)
    before = practice.result(answer.id)
    missed = missed_point(before.grade)
    own = practice.override(answer.id, missed, "partly")
    assert own.grade.raw is None
    assert own.graded == before.graded
    assert 0.5 < own.grade.score < before.grade.score
    assert [note for note in own.grade.notes if note.startswith("Raised")] == []
    assert practice.progress().fit.pairs[-1] == (0.5, own.grade.score)


def test_follow_ups_are_neither_counted_nor_shifted(practice: Practice) -> None:
    judge(practice, 3, ANSWERS_MIN)
    before = practice.progress().fit
    answer = graded(practice, follow_up="expiry")
    result = practice.result(answer.id)
    assert result.grade.raw is None
    practice.override(answer.id, result.grade.findings[0].criterion, "met")
    assert practice.progress().fit == before


def test_corrections_of_the_rules_say_nothing_of_a_model(practice: Practice, grader: FixedGrader) -> None:
    judge(practice, 3, ANSWERS_MIN)
    grader.basis = "model"
    assert practice.result(graded(practice).id).grade.raw is None
    practice.set_preferences(Preferences(model_url="http://127.0.0.1:1/v1"))
    assert (practice.progress().fit.basis, practice.progress().fit.judged) == ("model", 0)


def test_a_corrected_answer_whose_question_is_gone_is_left_out_and_a_rated_one_still_counts(practice: Practice) -> None:
    corrected, rated = graded(practice), graded(practice)
    practice.override(corrected.id, practice.result(corrected.id).grade.findings[0].criterion, "met")
    practice.rate(rated.id, 3)
    assert practice.progress().fit.judged == 2
    practice.catalog = replace(practice.catalog, questions={})
    assert practice.progress().fit.pairs == ((0.5, 0.75),)


def test_what_an_import_brought_and_fits_nothing_is_left_out(practice: Practice, grader: FixedGrader) -> None:
    answer = graded(practice)
    odd = Override(id="odd", answer=answer.id, criterion="none", verdict="met", at=practice.now())
    practice.store.add_override(odd)
    grader.score = 7.0
    practice.rate(graded(practice).id, 4)
    assert practice.progress().fit.pairs == ()
    grader.score = 0.5
    assert practice.result(graded(practice).id).grade.score == 0.5
