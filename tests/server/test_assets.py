"""Static files are served whole, and kept by browsers as long as they do not change."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sparring.server.rendering import STATIC, static

Client = TestClient[Litestar]


@pytest.mark.parametrize("path", sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.*")))
def test_every_file_is_served_as_it_is_with_a_type(visited: Client, path: str) -> None:
    response = visited.get(f"/static/{path}")
    assert response.content == (STATIC / path).read_bytes()
    expected = {"js": "javascript", "css": "text/css", "svg": "image/svg+xml"}.get(path.rsplit(".", 1)[-1], "")
    assert expected in response.headers["content-type"]


def test_a_file_named_with_its_hash_is_kept_for_ever_and_any_other_is_asked_for_again(visited: Client) -> None:
    assert "immutable" in visited.get(static("app.css")).headers["cache-control"]
    assert visited.get("/static/app.css").headers["cache-control"] == "no-cache"
    assert visited.get("/static/app.css?v=0123456789ab").headers["cache-control"] == "no-cache"


def test_a_file_that_did_not_change_is_not_sent_again(visited: Client) -> None:
    tag = visited.get("/static/app.css").headers["etag"]
    again = visited.get("/static/app.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["no.css", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd", "a/%00"])
def test_nothing_outside_the_folder_is_served(visited: Client, path: str) -> None:
    assert visited.get(f"/static/{path}").status_code == 404
