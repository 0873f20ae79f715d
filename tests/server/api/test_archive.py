"""Everything can be taken out and brought back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sparring.practice import Practice
from sparring.server.app import create_app

Client = TestClient[Litestar]
JSON = {"Content-Type": "application/json"}


def test_an_export_brought_back_elsewhere_is_all_there(
    client: Client, answered: Any, tmp_path: Path, open_practice: Callable[[Path], Practice]
) -> None:
    client.post(f"/api/v1/answers/{answered['answer']['id']}/review", json={"rating": 3}).raise_for_status()
    client.put("/api/v1/preferences", json={"years": 7}).raise_for_status()
    exported = client.get("/api/v1/export")
    assert exported.headers["content-type"] == "application/json"
    assert exported.headers["content-disposition"].startswith('attachment; filename="sparring-')
    elsewhere = open_practice(tmp_path / "elsewhere")
    with TestClient(create_app(elsewhere, port=80), base_url="http://127.0.0.1") as other:
        for _ in range(2):
            assert other.post("/api/v1/restore", content=exported.content, headers=JSON).status_code == 200
            assert other.get("/api/v1/export").json() == exported.json()
    elsewhere.store.close()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"sparring": 1, "store": 3, "packs": {}}'])
def test_what_is_no_export_changes_nothing(client: Client, answered: Any, body: bytes) -> None:
    before = client.get("/api/v1/export").json()
    response = client.post("/api/v1/restore", content=body, headers=JSON)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert client.get("/api/v1/export").json() == before


def test_an_export_cannot_write_outside_the_packs(client: Client, tmp_path: Path) -> None:
    document = client.get("/api/v1/export").json() | {"packs": {"../../escaped.md": "text"}}
    assert client.post("/api/v1/restore", json=document).status_code == 422
    assert not list(tmp_path.parent.rglob("escaped.md"))


def test_an_export_of_another_type_is_refused(client: Client) -> None:
    response = client.post("/api/v1/restore", content=b"{}", headers={"Content-Type": "text/plain"})
    assert response.status_code == 415
