"""Which requests are answered, and with which headers."""

import http.client
import json
import socket

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from sparring.practice import Practice
from sparring.server.app import create_app
from sparring.server.security import refusal_of

OWN = "127.0.0.1:8420"


def refused(method: str = "GET", path: str = "/", hosts: tuple[str, ...] = (), **headers: str) -> int:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    refusal = refusal_of(method, path, raw, 8420, frozenset(hosts))
    return refusal[0] if refusal else 0


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8420", "localhost", "localhost:8420", "LocalHost:8420", "[::1]", "[::1]:8420"]
)
def test_loopback_hosts_are_answered_with_and_without_the_port(host: str) -> None:
    assert refused(host=host) == 0


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8420",
        "localhost:80",
        "localhost.evil.example",
        "127.0.0.1.nip.io:8420",
        "0.0.0.0:8420",
        "localhost:8420@evil.example",
        "::1",
        "[::1",
        "localhost.",
    ],
)
def test_every_other_host_is_misdirected_whatever_the_method(host: str) -> None:
    assert {refused(method, host=host) for method in ("GET", "POST", "OPTIONS")} == {421}


def test_a_missing_host_and_a_doubled_one_are_misdirected() -> None:
    assert refusal_of("GET", "/", [], 8420, frozenset()) is not None
    assert refusal_of("GET", "/", [(b"host", b"localhost"), (b"host", b"localhost")], 8420, frozenset()) is not None


def test_a_host_the_operator_named_is_answered() -> None:
    assert refused(host="Sparring.example", hosts=("sparring.example",)) == 0
    assert refused(host="sparring.example:9000", hosts=("sparring.example",)) == 0
    assert refused(host="sparring.example:9000", hosts=("sparring.example:9000",)) == 0
    assert refused(host="sparring.example:9001", hosts=("sparring.example:9000",)) == 421


def test_an_empty_host_name_opens_nothing(practice: Practice) -> None:
    with TestClient(create_app(practice, port=80, hosts=[""]), base_url="http://evil.example") as client:
        assert client.get("/api/v1/health").status_code == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_browser_may_change_nothing_for_another_site(method: str, site: str) -> None:
    assert refused(method, host=OWN, sec_fetch_site=site) == 403
    assert refused(method, host=OWN, sec_fetch_site=site, origin=f"http://{OWN}") == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_and_the_address_bar_may(site: str) -> None:
    assert refused("POST", host=OWN, sec_fetch_site=site) == 0


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1:8421",
        "http://localhost:8420",
        "http://127.0.0.1:8420.evil.example",
        "http://evil.example@127.0.0.1:8420",
        "chrome-extension://127.0.0.1:8420",
        "http://[",
    ],
)
def test_a_foreign_origin_is_refused_for_changes_and_for_all_of_the_api(origin: str) -> None:
    assert refused("POST", host=OWN, origin=origin) == 403
    assert refused("GET", "/api/v1/export", host=OWN, origin=origin) == 403
    assert refused("GET", "//api/v1/export", host=OWN, origin=origin) == 403
    assert refused("GET", "/api/v1/export", host=OWN, origin=origin, sec_fetch_site="same-origin") == 403


def test_the_own_origin_is_accepted_also_behind_a_proxy_that_ends_tls() -> None:
    assert refused("POST", host=OWN, origin=f"http://{OWN}") == 0
    assert refused("POST", host="sparring.example", origin="https://sparring.example", hosts=("sparring.example",)) == 0


def test_another_site_may_link_to_a_page_and_not_read_the_api() -> None:
    assert refused("GET", "/questions/idempotency", host=OWN, sec_fetch_site="cross-site") == 0
    assert refused("GET", "/api/v1/export", host=OWN, sec_fetch_site="cross-site") == 403


def test_a_program_that_is_no_browser_may_do_everything() -> None:
    assert {refused(method, "/api/v1/answers", host=OWN) for method in ("GET", "POST", "PUT", "DELETE")} == {0}


EXPECTED = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()",
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/static/app.css", "/nowhere", "/api/v1/questions/nowhere"])
def test_every_answer_has_the_security_headers(visited: TestClient[Litestar], path: str, name: str) -> None:
    assert visited.get(path).headers.get_list(name) == [EXPECTED[name]]


def test_refusals_have_the_security_headers_too(visited: TestClient[Litestar]) -> None:
    refused = visited.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 421
    assert {name: refused.headers[name] for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/api/v1/questions", "/nowhere"])
def test_nothing_but_static_files_is_stored_by_caches(visited: TestClient[Litestar], path: str) -> None:
    assert visited.get(path).headers.get_list("cache-control") == ["no-store"]


def test_no_answer_opens_the_api_to_other_origins(visited: TestClient[Litestar]) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answers = [visited.options("/api/v1/answers", headers=asked), visited.get("/api/v1/health")]
    assert not [name for each in answers for name in each.headers if name.startswith("access-control")]


def exchange(port: int, request: bytes) -> tuple[int, http.client.HTTPMessage, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, response.headers, response.read()


def test_a_real_server_answers_its_own_host_only(port: int) -> None:
    def status(host: str) -> int:
        return exchange(port, f"GET /api/v1/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())[0]

    assert status(f"localhost:{port}") == 200
    assert status("localhost") == 200
    assert status("evil.example") == 421
    assert status(f"localhost:{port + 1}") == 421


def test_a_real_server_refuses_a_page_of_another_site(port: int) -> None:
    head = f"POST /api/v1/undo HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\n"
    assert exchange(port, f"{head}Origin: http://evil.example\r\n\r\n".encode())[0] == 403
    assert exchange(port, f"{head}Origin: http://localhost:{port}\r\n\r\n".encode())[0] == 409


def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(port: int) -> None:
    head = f"POST /api/v1/answers HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
    status, headers, body = exchange(port, f"{head}Content-Length: 1000001\r\n\r\n".encode())
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert "1 MB" in json.loads(body)["detail"]


def test_a_body_that_announces_nothing_is_cut_off_at_the_limit(port: int) -> None:
    head = f"POST /api/v1/answers HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n"
    chunk = b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n"
    status, headers, _ = exchange(port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 16)
    assert (status, headers["content-type"]) == (413, "application/problem+json")


def test_an_import_may_be_larger_than_other_bodies_and_not_endless(port: int) -> None:
    head = (
        f"POST /api/v1/imports HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    )
    assert exchange(port, f"{head}Content-Length: 25000001\r\n\r\n".encode())[0] == 413
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"\x00" * 2_000_000
    body += b"\r\n--x--\r\n"
    assert exchange(port, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)[0] == 422
