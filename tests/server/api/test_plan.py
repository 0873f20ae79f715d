"""The plan, the first page's contents and the progress are what the practice says."""

from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sparring.practice import Practice


@pytest.mark.parametrize("name", ["plan", "today", "progress"])
def test_the_api_says_what_the_practice_says(
    client: TestClient[Litestar], practice: Practice, answered: Any, name: str
) -> None:
    client.post(f"/api/v1/answers/{answered['answer']['id']}/review", json={"rating": 1}).raise_for_status()
    said = client.get(f"/api/v1/{name}").raise_for_status().json()
    assert said.keys() == msgspec.to_builtins(getattr(practice, name)(), str_keys=True).keys()
    if name == "today":
        assert said["came_back_wrong"] == ["idempotency"]
    if name == "progress":
        assert sum(said["days"].values()) == 1


def test_health_tells_the_version_and_whether_the_model_is_loaded(client: TestClient[Litestar]) -> None:
    found = client.get("/api/v1/health").json()
    assert found == {"status": "ok", "version": found["version"], "model": "ready"}
    assert found["version"][0].isdigit()
