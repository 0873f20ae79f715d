"""This file lends tests a store on either database, with a real PostgreSQL server behind one, and a model endpoint."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.recorded import RecordedEndpoint

from sparring.services.postgres import Postgres
from sparring.services.programs import find_postgres
from sparring.store import Store, open_store


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of one server for the whole session; its template outlives the session in pytest's cache."""
    assert pytestconfig.cache is not None
    template = pytestconfig.cache.mkdir("postgres")
    with Postgres(find_postgres(os.environ), template, durable=False) as server:
        yield server.start(tmp_path_factory.mktemp("pg"))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh database."""
    import psycopg
    from psycopg import sql

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgres_server.removesuffix("postgres") + name
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sparring.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh store on either database."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def endpoint() -> Iterator[RecordedEndpoint]:
    """A model endpoint that replays recorded replies."""
    started = RecordedEndpoint()
    yield started
    started.close()
