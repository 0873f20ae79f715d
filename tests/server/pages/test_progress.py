"""The progress page tells how the grader fits the candidate, and the settings leave that out."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace

from sparring.grading.grade import rating_of
from sparring.practice import Practice
from sparring.store import GradeRow

Client = TestClient[Litestar]
CHOSEN = {"minutes_a_day": "40", "years": "3", "desired_retention": "0.9", "show_intervals": "on"}
TEXT = "An idempotent request may be sent again: the client sends one key, and the server stores it with the result."


@pytest.fixture
def judge(practice: Practice, answered: Any) -> Any:
    """Judge answers that the rules graded 50 %, or otherwise where a score is given."""
    row = practice.store.grade(answered["answer"]["id"])
    assert row is not None
    kept = row.grade

    def rate(rating: int, times: int, score: float = 0.5) -> None:
        like = replace(kept, score=score, rating=rating_of(score), interval=(0.0, 1.0))
        for _ in range(times):
            answer = practice.submit("idempotency", "An answer.")
            graded = GradeRow(id=practice.new_id(), answer=answer.id, grade=like, grader="rule", at=practice.now())
            practice.store.add_grade(graded)
            practice.rate(answer.id, rating)

    return rate


def section(client: Client) -> str:
    """The section about the fit, without its tags."""
    page = client.get("/progress").raise_for_status().text
    found = re.search(r'<section[^>]*aria-labelledby="fit">.*?</section>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<(?!circle|polyline)[^>]*>", " ", found[0]).split())


def test_before_anything_is_judged_the_section_says_what_it_will_show(client: Client) -> None:
    said = section(client)
    assert said.startswith("How the grader fits you You have judged no answer that the rules graded yet.")
    assert "From 30 judged answers on, 5 of them changed" in said
    assert "polyline" not in said


def test_what_was_judged_and_kept_is_counted_before_there_is_a_table(client: Client, judge: Any) -> None:
    judge(2, times=1)
    assert "You have judged 1 answer that the rules graded, and kept the suggested rating in 1 of 1." in section(client)
    judge(3, times=2)
    said = section(client)
    assert "You have judged 3 answers that the rules graded, and kept the suggested rating in 1 of 3." in said
    assert "Changed so far: 2." in said
    assert "polyline" not in said


def test_from_thirty_answers_on_the_scores_are_plotted_with_their_figures(client: Client, judge: Any) -> None:
    judge(3, times=25)
    judge(2, times=5)
    said = section(client)
    assert "New scores shift as the line shows." in said
    assert "25 answers: graded 50 %, yours 75 %" in said
    assert "5 answers: graded 50 %, yours 50 %" in said
    assert "A score of 50 % is raised to 68 %, the largest shift" in said
    assert "50 % 68 % 30" in said
    assert "0 % 0 % 0" in said


def test_a_shifted_grade_says_so_on_its_page(client: Client, practice: Practice, judge: Any) -> None:
    own = practice.judge("idempotency", TEXT)
    judge(own.rating + 1, times=30, score=own.score)
    answer = client.post("/api/v1/answers", json={"question": "idempotency", "text": TEXT}).json()
    grade = answer["grade"]
    assert grade["raw"]["score"] == own.score < grade["score"]
    page = client.get(f"/answers/{answer['answer']['id']}").text
    assert "by your own corrections: you judged 30 answers and changed 30." in page


def test_the_corrections_are_used_until_they_are_left_out_in_the_settings(
    client: Client, practice: Practice, judge: Any
) -> None:
    own = practice.judge("idempotency", TEXT)
    judge(own.rating + 1, times=30, score=own.score)
    box = re.compile(r'<input type="checkbox" name="use_corrections"[^>]*\bchecked>')
    assert box.search(client.get("/settings").text)
    client.post("/settings", data=CHOSEN).raise_for_status()
    assert not practice.preferences().use_corrections
    assert not box.search(client.get("/settings").text)
    assert "You chose in the settings to leave scores as graded." in section(client)
    assert practice.judge("idempotency", TEXT) == own

    client.post("/settings", data=CHOSEN | {"use_corrections": "on"}).raise_for_status()
    assert practice.judge("idempotency", TEXT).unshifted() == own != practice.judge("idempotency", TEXT)


def test_a_form_that_is_refused_keeps_the_box_as_it_was_sent(client: Client) -> None:
    page = client.post("/settings", data=CHOSEN | {"years": "none"}).text
    assert re.search(r'name="use_corrections"[^>]*\bchecked', page) is None
    assert re.search(r'name="show_intervals"[^>]*\bchecked', page)
