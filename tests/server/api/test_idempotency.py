"""A request that is sent twice under one key counts once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sparring.practice import Practice

Client = TestClient[Litestar]
URL = "/api/v1/answers"
BODY = {"question": "expected-salary", "text": "I name a range."}


def post(client: Client, url: str, key: str, body: Any = None) -> httpx.Response:
    return client.post(url, json=body, headers={"Idempotency-Key": key})


def counts(practice: Practice) -> tuple[int, ...]:
    """Return how many rows the log has of each sort."""
    kept = practice.store.contents()
    return tuple(len(rows) for rows in (kept.answers, kept.overrides, kept.reviews, kept.undos))


@pytest.fixture
def name(client: Client) -> str:
    """The id of a graded answer."""
    made: str = client.post(URL, json=BODY).json()["answer"]["id"]
    return made


def test_an_answer_sent_again_is_the_same_answer(client: Client, practice: Practice) -> None:
    first, again = post(client, URL, "k", BODY), post(client, URL, "k", BODY)
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert counts(practice) == (1, 0, 0, 0)


def test_the_order_and_spacing_of_a_body_do_not_matter(client: Client, practice: Practice) -> None:
    post(client, URL, "k", BODY)
    again = client.post(
        URL,
        content=b' {"text" : "I name a range.", "question": "expected-salary"}',
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
    )
    assert again.status_code == 201
    assert counts(practice) == (1, 0, 0, 0)


def test_an_override_sent_again_is_kept_once(client: Client, practice: Practice, name: str) -> None:
    criterion = client.get(f"{URL}/{name}").json()["grade"]["findings"][0]["criterion"]
    body = {"criterion": criterion, "verdict": "met"}
    first, again = (post(client, f"{URL}/{name}/overrides", "k", body) for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert counts(practice) == (1, 1, 0, 0)


def test_a_rating_sent_again_is_no_conflict(client: Client, practice: Practice, name: str) -> None:
    first, again = (post(client, f"{URL}/{name}/review", "k", {"rating": 3}) for _ in range(2))
    assert (again.status_code, again.json()["review"]) == (201, first.json()["review"])
    assert post(client, f"{URL}/{name}/review", "other", {"rating": 3}).status_code == 409
    assert counts(practice) == (1, 0, 1, 0)


def test_an_undo_sent_again_takes_back_one_rating_only(client: Client, practice: Practice, name: str) -> None:
    other = client.post(URL, json=BODY).json()["answer"]["id"]
    for each in (name, other):
        client.post(f"{URL}/{each}/review", json={"rating": 3}).raise_for_status()
    first, again = (post(client, "/api/v1/undo", "k") for _ in range(2))
    assert (again.status_code, again.json()) == (200, first.json())
    assert first.json() == {"question": "expected-salary", "answer": other}
    assert counts(practice) == (2, 0, 2, 1)


def test_without_a_key_every_request_counts(client: Client, practice: Practice) -> None:
    assert {client.post(URL, json=BODY).status_code for _ in range(2)} == {201}
    assert counts(practice)[0] == 2


def test_a_key_used_for_another_body_or_path_is_refused(client: Client, practice: Practice, name: str) -> None:
    post(client, URL, "k", BODY)
    before = counts(practice)
    others: list[tuple[str, Any]] = [
        (URL, BODY | {"text": "Another."}),
        (f"{URL}/{name}/review", {"rating": 3}),
        ("/api/v1/undo", None),
    ]
    for url, body in others:
        response = post(client, url, "k", body)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["errors"][0]["field"] == "Idempotency-Key"
    assert counts(practice) == before


def test_a_request_that_was_refused_leaves_its_key_free(client: Client, practice: Practice) -> None:
    assert post(client, URL, "k", BODY | {"question": "no-such"}).status_code == 404
    assert post(client, URL, "k", BODY).status_code == 201
    assert counts(practice)[0] == 1


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"\xe9", b"a\tb", b"\x7f"])
def test_what_is_no_key_is_refused(client: Client, practice: Practice, key: bytes) -> None:
    response = client.post(URL, json=BODY, headers={b"Idempotency-Key": key})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert counts(practice)[0] == 0


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a b ~!", "null"])
def test_every_other_printable_text_is_a_key(client: Client, practice: Practice, key: str) -> None:
    assert {post(client, URL, key, BODY).status_code for _ in range(2)} == {201}
    assert counts(practice)[0] == 1


def test_of_many_at_once_under_one_key_one_counts(client: Client, practice: Practice) -> None:
    barrier = Barrier(8)

    def send(_: int) -> tuple[int, str]:
        barrier.wait()
        response = post(client, URL, "k", BODY)
        return response.status_code, response.json()["answer"]["id"]

    with ThreadPoolExecutor(8) as threads:
        results = set(threads.map(send, range(8)))
    assert len(results) == 1
    assert next(iter(results))[0] == 201
    assert counts(practice)[0] == 1


def test_of_many_ratings_at_once_under_their_own_keys_one_counts(client: Client, practice: Practice, name: str) -> None:
    barrier = Barrier(8)

    def send(number: int) -> int:
        barrier.wait()
        return post(client, f"{URL}/{name}/review", str(number), {"rating": 3}).status_code

    with ThreadPoolExecutor(8) as threads:
        results = sorted(threads.map(send, range(8)))
    assert results == [201] + 7 * [409]
    assert counts(practice)[2] == 1
