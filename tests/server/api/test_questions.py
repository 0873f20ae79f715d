"""Questions are found page by page, shown without their answers, drafted and suspended."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from sparring.practice import Practice

Client = TestClient[Litestar]
URL = "/api/v1/questions"


def walk(client: Client, **filters: Any) -> list[str]:
    """Return the ids of all pages."""
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(URL, params=filters | ({"cursor": cursor} if cursor else {})).raise_for_status().json()
        assert len(page["items"]) <= filters["limit"]
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
    return found


def add_question(practice: Practice, name: str, like: str = "idempotency") -> None:
    """Put a copy of a question into a pack of its own, as an import would, before all others of its pack."""
    source = Path(practice.question(like).path).read_text("utf-8").replace(f'id = "{like}"', f'id = "{name}"', 1)
    path = practice.settings.packs / "extra" / "questions" / "new" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    practice.reload()


@pytest.mark.parametrize("limit", [1, 2, 5, 200])
@pytest.mark.parametrize("query", ["", "the"])
def test_a_walk_through_the_pages_sees_every_question_once(visited: Client, limit: int, query: str) -> None:
    whole = visited.get(URL, params={"limit": 200, "query": query}).json()
    found = walk(visited, limit=limit, query=query)
    assert found == [each["id"] for each in whole["items"]]
    assert len(found) == len(set(found)) == whole["total"] > 0


def test_a_walk_sees_what_was_there_once_while_questions_come(client: Client, practice: Practice) -> None:
    there = walk(client, limit=200, query="idempotency")
    page = client.get(URL, params={"limit": 1, "query": "idempotency"}).json()
    found = [each["id"] for each in page["items"]]
    for number in range(20):
        if page["next"] is None:
            break
        add_question(practice, f"aaa-{number}")
        cursor = page["next"]
        page = client.get(URL, params={"limit": 1, "query": "idempotency", "cursor": cursor}).json()
        found += [each["id"] for each in page["items"]]
    assert len(found) == len(set(found))
    assert [each for each in found if each in there] == there


def test_filters_choose(visited: Client) -> None:
    def matching(**filters: Any) -> list[Any]:
        items: list[Any] = visited.get(URL, params=filters | {"limit": 200}).raise_for_status().json()["items"]
        return items

    everything = matching()
    assert {each["kind"] for each in matching(kind=["story", "situation"])} == {"story", "situation"}
    assert {each["topic"] for each in matching(topic="api")} == {"api"}
    assert all(each["years"]["from"] <= 2 for each in matching(years=2))
    assert 0 < len(matching(years=2)) < len(everything)
    assert matching(pack="sparring") == everything
    assert matching(pack="elsewhere") == matching(drafts="only") == []
    assert matching(drafts="without") == everything


def test_a_list_has_the_card_and_the_last_grade(client: Client, answered: Any) -> None:
    client.post(f"/api/v1/answers/{answered['answer']['id']}/review", json={"rating": 3}).raise_for_status()
    rows = {each["id"]: each for each in client.get(URL, params={"limit": 200}).json()["items"]}
    assert rows["idempotency"]["score"] == answered["grade"]["score"]
    assert rows["idempotency"]["card"]["reps"] == 1
    assert rows["pagination"]["score"] is rows["pagination"]["card"] is None


def test_a_cursor_of_other_filters_is_refused(visited: Client) -> None:
    cursor = visited.get(URL, params={"limit": 1}).json()["next"]
    response = visited.get(URL, params={"limit": 1, "kind": "story", "cursor": cursor})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "cursor"
    assert visited.get(URL, params={"limit": 7, "cursor": cursor}).status_code == 200


@settings(max_examples=60, deadline=None)
@given(cursor=st.text(min_size=1, max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True))
def test_what_is_no_cursor_is_refused(visited: Client, cursor: str) -> None:
    response = visited.get(URL, params={"cursor": cursor})
    assert response.status_code in {400, 422}
    assert response.json()["errors"][0]["field"] == "cursor"


def test_a_question_is_shown_without_what_would_spoil_it(visited: Client) -> None:
    shown = visited.get(f"{URL}/idempotency")
    revealed = visited.get(f"{URL}/idempotency", params={"reveal": "true"})
    assert shown.json()["revealed"] is None
    spoilers = revealed.json()["revealed"]
    assert spoilers["answer"]
    assert spoilers["points"]
    assert spoilers["answer"] not in shown.text
    assert all(point["says"] not in shown.text for point in spoilers["points"])


def test_a_client_that_has_a_question_is_told_so_until_it_changes(client: Client) -> None:
    first = client.get(f"{URL}/idempotency")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(f"{URL}/idempotency", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"{URL}/idempotency", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(f"{URL}/idempotency?reveal=true", headers={"If-None-Match": tag}).status_code == 200
    client.put(f"{URL}/idempotency/suspension").raise_for_status()
    changed = client.get(f"{URL}/idempotency", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_a_list_has_a_tag_too(client: Client) -> None:
    tag = client.get(URL).headers["etag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(URL, params={"limit": 1}, headers={"If-None-Match": tag}).status_code == 200


def test_a_draft_is_kept_until_it_is_forgotten(client: Client) -> None:
    url = f"{URL}/idempotency/draft"
    assert client.get(url).status_code == 404
    kept = client.put(url, json={"text": "So far"})
    assert (kept.status_code, client.get(url).json()) == (200, kept.json())
    assert kept.json()["text"] == "So far"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.delete(url).status_code == 204


def test_an_empty_draft_is_forgotten(client: Client) -> None:
    url = f"{URL}/idempotency/draft"
    client.put(url, json={"text": "So far"})
    assert client.put(url, json={"text": ""}).status_code == 200
    assert client.get(url).status_code == 404


def test_an_answer_uses_its_draft_up(client: Client) -> None:
    client.put(f"{URL}/idempotency/draft", json={"text": "So far"})
    client.post("/api/v1/answers", json={"question": "idempotency", "text": "So far and further"})
    assert client.get(f"{URL}/idempotency/draft").status_code == 404


@pytest.mark.parametrize("text", ["x" * 20_001, "a\x00b"])
def test_a_draft_that_cannot_be_kept_is_refused(client: Client, text: str) -> None:
    response = client.put(f"{URL}/idempotency/draft", json={"text": text})
    assert response.json()["errors"][0]["field"] == "/text"


def test_a_suspended_question_is_left_out_of_the_plan_until_it_is_resumed(client: Client) -> None:
    def planned() -> set[str]:
        return {each["question"] for each in client.get("/api/v1/plan").json()["items"]}

    first = next(iter(planned()))
    assert client.put(f"{URL}/{first}/suspension").json()["suspended"] is True
    assert first not in planned()
    assert client.delete(f"{URL}/{first}/suspension").json()["suspended"] is False


@pytest.mark.parametrize("path", ["", "/draft", "/suspension"])
def test_nothing_can_be_done_with_a_question_that_is_not_there(visited: Client, path: str) -> None:
    calls = [visited.get, visited.delete] if path == "/draft" else [visited.delete if path else visited.get]
    assert {call(f"{URL}/no-such{path}").status_code for call in calls} == {404}
