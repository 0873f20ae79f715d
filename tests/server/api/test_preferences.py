"""Preferences are read, chosen, and not overwritten unseen."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

Client = TestClient[Litestar]
URL = "/api/v1/preferences"


def test_what_is_chosen_is_kept_and_what_is_left_out_is_the_default(client: Client) -> None:
    defaults = client.get(URL).json()
    chosen = {"interview_on": "2026-12-14", "minutes_a_day": 25}
    assert client.put(URL, json=chosen).json() == client.get(URL).json() == defaults | chosen
    assert client.put(URL, json={}).json() == defaults


def test_a_choice_changes_the_plan(client: Client) -> None:
    client.put(URL, json={"minutes_a_day": 5}).raise_for_status()
    assert client.get("/api/v1/plan").json()["minutes_a_day"] == 5


def test_a_client_that_has_them_is_told_so(client: Client) -> None:
    tag = client.get(URL).headers["etag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304


def test_a_choice_made_on_an_old_state_is_refused(client: Client) -> None:
    tag = client.get(URL).headers["etag"]
    first = client.put(URL, json={"years": 7}, headers={"If-Match": tag})
    late = client.put(URL, json={"years": 2}, headers={"If-Match": tag})
    assert (first.status_code, late.status_code) == (200, 412)
    assert late.headers["content-type"] == "application/problem+json"
    assert late.headers["etag"] == first.headers["etag"]
    assert client.get(URL).json()["years"] == 7
    assert client.put(URL, json={"years": 2}, headers={"If-Match": late.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("known", ["*", '"other", {tag}'])
def test_if_match_may_be_a_list_or_anything(client: Client, known: str) -> None:
    tag = client.get(URL).headers["etag"]
    assert client.put(URL, json={}, headers={"If-Match": known.format(tag=tag)}).status_code == 200


@pytest.mark.parametrize("known", ["W/{tag}", '"other"'])
def test_if_match_compares_strongly(client: Client, known: str) -> None:
    tag = client.get(URL).headers["etag"]
    assert client.put(URL, json={}, headers={"If-Match": known.format(tag=tag)}).status_code == 412


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interview_on", "14 December"),
        ("minutes_a_day", 4),
        ("years", 41),
        ("desired_retention", 0.96),
        ("show_intervals", 1),
        ("use_corrections", "no"),
        ("packs", "one"),
        ("other", 1),
    ],
)
def test_what_cannot_be_chosen_is_named(client: Client, field: str, value: object) -> None:
    response = client.put(URL, json={field: value})
    assert (response.status_code, [each["field"] for each in response.json()["errors"]]) == (400, [f"/{field}"])
    assert client.get(URL).json() == client.put(URL, json={}).json()
