"""This file lends the server's tests the whole app over a fresh store and the content that is shipped."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from litestar import Litestar
from litestar.testing import TestClient

from sparring import wiring
from sparring.grading.embedding import Encoder
from sparring.practice import Practice
from sparring.server.app import create_app
from sparring.settings import read_settings

PORT = 8420
STRONG = (
    "An idempotent request has the same effect however often it is sent. The client makes an idempotency key for the "
    "payment and sends it again with every retry. The server keeps the key with the result in one transaction under a "
    "unique constraint, and gives the stored response back when the key comes again, so the customer is charged once."
)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedding model, loaded once."""
    encoder = Encoder()
    encoder.warm()
    return encoder


@pytest.fixture(scope="session")
def open_practice(encoder: Encoder) -> Callable[[Path], Practice]:
    """Open the practice in a data folder."""
    return lambda home: wiring.practice(read_settings({}, str(home)), encoder)


@pytest.fixture
def practice(tmp_path: Path, open_practice: Callable[[Path], Practice]) -> Iterator[Practice]:
    """A fresh practice."""
    practice = open_practice(tmp_path)
    yield practice
    practice.store.close()


@pytest.fixture
def client(practice: Practice) -> Iterator[TestClient[Litestar]]:
    """A client of the app over a fresh practice."""
    with TestClient(create_app(practice, port=PORT), base_url=f"http://127.0.0.1:{PORT}") as client:
        yield client


@pytest.fixture
def answered(client: TestClient[Litestar]) -> Any:
    """A graded answer, as the API gave it."""
    return client.post("/api/v1/answers", json={"question": "idempotency", "text": STRONG}).raise_for_status().json()


@pytest.fixture(scope="session")
def visited(
    open_practice: Callable[[Path], Practice], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Litestar]]:
    """A client shared by tests that change nothing."""
    practice = open_practice(tmp_path_factory.mktemp("visited"))
    with TestClient(create_app(practice, port=PORT), base_url=f"http://127.0.0.1:{PORT}") as client:
        yield client
    practice.store.close()


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[[Practice], int]]:
    """Serve a practice as `spar serve` does, on a free port, which is returned; the end of the session stops it."""
    with ExitStack() as stack:
        yield lambda practice: stack.enter_context(_served(practice))


@contextmanager
def _served(practice: Practice) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        config = uvicorn.Config(create_app(practice, port=port), log_level="error", access_log=False, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield port
        server.should_exit = True
        thread.join()
    practice.store.close()


@pytest.fixture(scope="session")
def port(
    open_practice: Callable[[Path], Practice],
    serving: Callable[[Practice], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> int:
    """The port of a real server, shared by tests that change nothing."""
    return serving(open_practice(tmp_path_factory.mktemp("served")))
