import os
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from sparring.services.postgres import Postgres
from sparring.services.programs import find_postgres
from sparring.store import Answer, CannotOpen, Store, Unreachable, open_store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def answer(name: str) -> Answer:
    return Answer(id=name, question="cap", text="x", via="typed", at=NOON)


def end_connections(url: str) -> None:
    """As a restart does it: every connection is gone, the server is there."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def kept(postgres_url: str) -> Store:
    return open_store(postgres_url)


def test_a_restart_between_two_calls_goes_unnoticed(kept: Store, postgres_url: str) -> None:
    kept.add_answer(answer("a1"))
    end_connections(postgres_url)
    assert kept.answer("a1") == answer("a1")
    end_connections(postgres_url)
    kept.add_answer(answer("a2"))
    assert len(kept.answers()) == 2
    kept.close()


def test_a_restart_inside_a_transaction_keeps_nothing_and_says_so(kept: Store, postgres_url: str) -> None:
    def restarted() -> None:
        with kept.transaction():
            kept.add_answer(answer("a1"))
            end_connections(postgres_url)
            kept.add_answer(answer("a2"))

    with pytest.raises(Unreachable, match=r"connection was lost|does not answer"):
        restarted()
    assert kept.answers() == []
    kept.add_answer(answer("a3"))
    kept.close()


def test_a_connection_lost_at_the_commit_says_that_it_may_have_been_kept(kept: Store, postgres_url: str) -> None:
    def cut_off() -> None:
        with kept.transaction():
            kept.add_answer(answer("a1"))
            end_connections(postgres_url)

    with pytest.raises(Unreachable, match="look whether the change is there"):
        cut_off()
    kept.close()


def test_a_server_that_is_down_is_named_and_a_later_call_succeeds(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    assert pytestconfig.cache is not None
    server = Postgres(find_postgres(os.environ), pytestconfig.cache.mkdir("postgres"), durable=False)
    with server:
        url = server.start(tmp_path / "pg")
        store = open_store(url)
        store.add_answer(answer("a1"))
        server.kill()
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+/postgres: the server does not answer"):
            store.answers()
        server.start(tmp_path / "pg")
    store.close()


def test_data_survives_a_crash_of_the_server(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    assert pytestconfig.cache is not None
    with Postgres(find_postgres(os.environ), pytestconfig.cache.mkdir("postgres")) as server:
        store = open_store(server.start(tmp_path / "pg"))
        for number in range(20):
            store.add_answer(answer(f"a{number:02}"))
        server.kill()
        store.close()
        again = open_store(server.start(tmp_path / "pg"))
        assert len(again.answers()) == 20
        again.close()


def test_an_open_transaction_of_a_dead_client_blocks_nobody(kept: Store, postgres_url: str) -> None:
    other = open_store(postgres_url)
    stuck = other.transaction()
    stuck.__enter__()
    end_connections(postgres_url)
    kept.add_answer(answer("a1"))
    with pytest.raises(Unreachable):
        stuck.__exit__(None, None, None)
    kept.close()
    other.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://127.0.0.1:1/none?connect_timeout=1", "127.0.0.1:1/none: the server does not answer"),
        ("postgresql://host:port/name?nonsense=1", "the database URL cannot be read"),
    ],
)
def test_a_server_that_is_not_there_is_named(url: str, reason: str) -> None:
    with pytest.raises((CannotOpen, Unreachable), match=reason):
        open_store(url)


def test_the_password_is_not_in_the_message(postgres_url: str) -> None:
    wrong = postgres_url.replace("sparring:", "sparring:hunter2")
    with pytest.raises(Unreachable, match="password authentication failed") as caught:
        open_store(wrong)
    assert "hunter2" not in str(caught.value)


def test_a_database_of_another_encoding_is_refused(postgres_server: str) -> None:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        latin = postgres_server.removesuffix("postgres") + "latin"
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
        with pytest.raises(CannotOpen, match="its encoding is LATIN1; create the database with ENCODING 'UTF8'"):
            open_store(latin)
        with psycopg.connect(latin) as inside:
            assert inside.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        connection.execute("DROP DATABASE latin WITH (FORCE)")
