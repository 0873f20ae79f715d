"""A document's questions are found, kept as drafts, and practised at once."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

Client = TestClient[Litestar]
URL = "/api/v1/imports"
DOCUMENT = """# Questions

### 1. What is a left-pad service, and who would run one?

It pads text on the left. Nobody should run one, since a loop does the same.

### 2. Why do flaky tests cost more than failing tests?

A failing test says what broke. A flaky test teaches the team to ignore failures.
"""


def send(client: Client, content: str | bytes = DOCUMENT, name: str = "list.md", **params: Any) -> Any:
    return client.post(URL, files={"file": (name, content)}, params=params)


def drafts(client: Client) -> list[Any]:
    items: list[Any] = client.get("/api/v1/questions", params={"drafts": "only"}).json()["items"]
    return items


def test_questions_are_found_and_can_be_practised_at_once(client: Client) -> None:
    response = send(client)
    assert response.status_code == 201
    found = response.json()["items"]
    assert [(each["number"], each["fate"]) for each in found] == [("1", "new"), ("2", "new")]
    assert [each["text"] for each in found][1] == "Why do flaky tests cost more than failing tests?"
    assert {each["question"] for each in found} == {each["id"] for each in drafts(client)}
    body = {"question": found[1]["question"], "text": "A flaky test teaches the team to ignore failures."}
    graded = client.post("/api/v1/answers", json=body).raise_for_status().json()
    assert graded["rubric"]["proposed"] is True
    assert graded["grade"]["score"] > 0


def test_a_dry_run_changes_nothing(client: Client) -> None:
    found = send(client, dry_run=True).json()
    assert [each["fate"] for each in found["items"]] == ["new", "new"]
    assert "Nothing is changed" in found["summary"]
    assert drafts(client) == []


def test_the_same_document_twice_adds_nothing(client: Client) -> None:
    send(client)
    before = drafts(client)
    assert {each["fate"] for each in send(client).json()["items"]} == {"known"}
    assert drafts(client) == before


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 100, b"No question here. Just talk."])
def test_a_document_that_cannot_be_read_is_refused_and_changes_nothing(client: Client, content: bytes) -> None:
    response = send(client, content)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert drafts(client) == []


def test_a_body_without_a_file_is_refused(client: Client) -> None:
    response = client.post(URL, files={"file": (None, "text")})
    assert response.status_code == 400
    broken = client.post(URL, content=b"--x\r\n", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert broken.status_code == 400
    unbounded = client.post(URL, content=b"", headers={"Content-Type": "multipart/form-data"})
    assert unbounded.status_code == 400
    assert client.post(URL, json={}).status_code == 415
    assert {each.headers["content-type"] for each in (response, broken, unbounded)} == {"application/problem+json"}


def test_a_file_name_cannot_lead_out_of_the_folder(client: Client) -> None:
    assert send(client, name="../../../etc/list.md").status_code == 201
    shown = client.get(f"/api/v1/questions/{drafts(client)[0]['id']}").json()
    assert shown["origins"][0]["source"] == "list.md"
