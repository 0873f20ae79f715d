"""Every error is a problem document that names what is wrong."""

import logging
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sparring.practice import Practice
from sparring.server.app import create_app
from sparring.store import Unreachable

Client = TestClient[Litestar]
JSON = {"Content-Type": "application/json"}


def problem(response: httpx.Response, status: int) -> Any:
    """Return the problem, checked to be one as RFC 9457 has it."""
    found = response.json()
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert (found["status"], found["title"]) == (status, HTTPStatus(status).phrase)
    assert found["detail"]
    return found


def faults(response: httpx.Response, status: int = 400) -> dict[str, str]:
    return {each["field"]: each["message"] for each in problem(response, status)["errors"]}


def test_an_unknown_path_is_said_to_be_unknown(visited: Client) -> None:
    assert "/api/v1/nothing" in problem(visited.get("/api/v1/nothing"), 404)["detail"]


def test_an_unknown_question_is_named(visited: Client) -> None:
    assert "`no-such`" in problem(visited.get("/api/v1/questions/no-such"), 404)["detail"]


def test_a_method_that_is_not_possible_is_answered_with_those_that_are(visited: Client) -> None:
    response = visited.delete("/api/v1/answers")
    problem(response, 405)
    assert set(response.headers["allow"].split(", ")) == {"GET", "POST", "OPTIONS"}


def test_options_names_every_method(visited: Client) -> None:
    paths = {"answers": "GET, OPTIONS, POST", "questions/x/draft": "DELETE, GET, OPTIONS, PUT", "undo": "OPTIONS, POST"}
    for path, methods in paths.items():
        response = visited.options(f"/api/v1/{path}")
        assert (response.status_code, response.content, response.headers["allow"]) == (204, b"", methods)


def test_a_body_that_is_too_large_is_refused(visited: Client) -> None:
    response = visited.post("/api/v1/answers", content=b" " * 1_000_001, headers=JSON)
    assert "1 MB" in problem(response, 413)["detail"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_of_another_type_is_refused_and_told_the_right_one(visited: Client, media_type: str) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    response = visited.post("/api/v1/answers", content=b"{}", headers=headers)
    problem(response, 415)
    assert response.headers["accept"] == "application/json"


def test_a_media_type_may_have_parameters(visited: Client) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    problem(visited.post("/api/v1/answers", content=b"{}", headers=headers), 400)


@pytest.mark.parametrize("body", [b"", b"{", b"{}x", b"\xff", b'"\xed\xa0\x80"', b"[" * 100_000, b"NaN", b"{'a': 1}"])
def test_a_body_that_is_no_json_cannot_be_processed(visited: Client, body: bytes) -> None:
    assert "JSON" in problem(visited.post("/api/v1/answers", content=body, headers=JSON), 422)["detail"]


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"text"'])
def test_json_that_is_no_object_is_refused(visited: Client, body: bytes) -> None:
    assert faults(visited.post("/api/v1/answers", content=body, headers=JSON)) == {"": "must be a JSON object"}


def test_every_bad_field_of_a_body_is_named_at_once(visited: Client) -> None:
    body = {"question": 3, "seconds": -1, "via": "thought", "more~/": 1}
    found = faults(visited.post("/api/v1/answers", json=body))
    assert found.keys() == {"/question", "/text", "/seconds", "/via", "/more~0~1"}
    assert found["/text"] == "is missing"
    assert "typed" in found["/via"]
    assert "question, text" in found["/more~0~1"]


def test_a_bad_entry_of_a_list_is_pointed_at(visited: Client) -> None:
    assert faults(visited.put("/api/v1/preferences", json={"packs": ["a", 3]})).keys() == {"/packs/1"}


@pytest.mark.parametrize("rating", ["3", 3.5, True, 0, 5, None, [3]])
def test_a_value_of_another_type_is_not_bent_into_shape(visited: Client, rating: Any) -> None:
    response = visited.post("/api/v1/answers/any/review", json={"rating": rating})
    assert faults(response).keys() == {"/rating"}


def test_a_whole_number_may_be_written_with_a_fraction_of_zero(visited: Client) -> None:
    assert visited.post("/api/v1/answers/no-such/review", json={"rating": 3.0}).status_code == 404


def test_every_bad_parameter_is_named_at_once_as_the_client_knows_it(visited: Client) -> None:
    bad = {"query": "x" * 201, "kind": "riddle", "years": "many", "limit": "0", "cursor": "x" * 501}
    found = faults(visited.get("/api/v1/questions", params=bad))
    assert found.keys() == bad.keys()
    assert "concept" in found["kind"]


def test_a_header_is_named_as_the_client_knows_it(visited: Client) -> None:
    response = visited.post("/api/v1/undo", headers={"Idempotency-Key": "x" * 256})
    assert faults(response).keys() == {"Idempotency-Key"}


def test_what_is_understood_and_cannot_be_done_names_the_field(client: Client, answered: Any) -> None:
    name = answered["answer"]["id"]
    override = client.post(f"/api/v1/answers/{name}/overrides", json={"criterion": "no-such", "verdict": "met"})
    assert faults(override, 422).keys() == {"/criterion"}


def test_what_contradicts_what_was_done_is_a_conflict(client: Client, answered: Any) -> None:
    review = f"/api/v1/answers/{answered['answer']['id']}/review"
    assert client.post(review, json={"rating": 3}).status_code == 201
    assert "undo" in problem(client.post(review, json={"rating": 4}), 409)["detail"]


def test_a_database_that_does_not_answer_is_unavailable_for_now(
    practice: Practice, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise Unreachable("another process has been writing for 10 s; try again")

    monkeypatch.setattr(practice.store, "cards", gone)
    response = client.get("/api/v1/questions")
    assert "try again" in problem(response, 503)["detail"]
    assert response.headers["retry-after"] == "1"


def test_a_fault_of_ours_tells_an_id_that_is_in_the_log_and_nothing_else(
    practice: Practice, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("the secret reason")

    monkeypatch.setattr(practice, "plan", broken)
    with caplog.at_level(logging.ERROR, "sparring.server"):
        response = client.get("/api/v1/plan?private=thought")
    found = problem(response, 500)
    assert found["id"] in found["detail"]
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    (record,) = caplog.records
    assert found["id"] in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    assert "thought" not in caplog.text


def test_an_answer_that_succeeds_writes_nothing_to_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "sparring"):
        client.post("/api/v1/answers", json={"question": "idempotency", "text": "a private thought"})
    assert "private" not in caplog.text


def test_a_browser_that_strays_gets_a_page_and_the_api_a_problem(practice: Practice) -> None:
    html = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    with TestClient(create_app(practice, port=80), base_url="http://127.0.0.1") as client:
        page = client.get("/nowhere", headers=html)
        assert page.status_code == 404
        assert page.headers["content-type"].startswith("text/html")
        problem(client.get("/api/v1/nowhere", headers=html), 404)
