import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sparring.grading.grade import Grade
from sparring.scheduling.card import new_card
from sparring.store import (
    Answer,
    CannotOpen,
    GradeRow,
    Override,
    Review,
    Store,
    Undo,
    open_store,
    schema,
)
from sparring.store.connections import Connections, Database
from sparring.store.schema import FOLDER, migrate
from sparring.store.store import _database

LOG = ("answer", "grade", "override", "review", "undo")
STATE = ("card", "draft", "preference", "request")
NEWEST = 3
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PARTS = {
    "sqlite": [
        "SELECT m.name, c.* FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
        "SELECT m.name, f.* FROM sqlite_master m, pragma_foreign_key_list(m.name) f",
        (
            'SELECT m.name, i.name, i."unique", x.* FROM sqlite_master m, pragma_index_list(m.name) i,'
            " pragma_index_xinfo(i.name) x"
        ),
    ],
    "postgresql": [
        (
            "SELECT table_name, ordinal_position, column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ),
        (
            "SELECT conrelid::regclass::text, contype, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
        ),
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    ],
}
"""What describes the tables: their columns, their keys and checks, their indexes."""


class Opened:
    """A database and its connections, as `open_store` has them before it makes a store."""

    def __init__(self, url: str) -> None:
        self.database: Database = _database(url)
        self.connections = Connections(self.database)

    def rows(self, query: str) -> list[Any]:
        rows: list[Any] = self.connections.call(lambda connection: connection.execute(query).fetchall())
        return rows

    def described(self) -> list[list[str]]:
        """Return what the tables are made of, without the note of the migrations."""
        found = [self.rows(query) for query in PARTS[self.database.dialect]]
        return [sorted(repr(row) for row in rows if row[0] != "migration") for rows in found]

    def migrate(self, target: int | None = None) -> None:
        migrate(self.database, self.connections, target)


@pytest.fixture
def opened(store_url: str) -> Iterator[Opened]:
    made = Opened(store_url)
    yield made
    made.connections.close()


def run(opened: Opened, script: str) -> None:
    with opened.connections.transaction():
        opened.connections.call(lambda connection: opened.database.run_script(connection, script))


def test_the_migrations_add_up_to_the_schema(opened: Opened) -> None:
    opened.migrate()
    migrated = opened.described()
    opened.migrate(0)
    run(opened, FOLDER.with_name("schema.sql").read_text("utf-8"))
    assert opened.described() == migrated
    assert len(migrated[0]) > 30


def test_migrations_lead_down_to_nothing_and_up_again(opened: Opened) -> None:
    opened.migrate()
    there = opened.described()
    opened.migrate(0)
    assert opened.connections.call(opened.database.tables) == set()
    assert opened.described() == [[], [], []]
    opened.migrate()
    assert opened.described() == there


def test_each_step_down_undoes_its_step_up(opened: Opened) -> None:
    for number in range(1, NEWEST + 1):
        opened.migrate(number - 1)
        before = opened.described()
        opened.migrate(number)
        opened.migrate(number - 1)
        assert opened.described() == before
    opened.migrate(NEWEST)
    assert opened.rows("SELECT number FROM migration ORDER BY number") == [(1,), (2,), (3,)]


def test_data_survives_a_migration_up(store_url: str) -> None:
    early = Opened(store_url)
    early.migrate(2)
    run(early, "INSERT INTO answer VALUES ('a1', 'cap', NULL, 'kept', 1.5, 'typed', '2026-11-22T12:00:00.000000Z');")
    early.connections.close()
    store = open_store(store_url)
    assert store.answer("a1") == Answer(id="a1", question="cap", text="kept", seconds=1.5, via="typed", at=NOON)
    store.close()


def test_a_migration_that_fails_leaves_everything_as_it_was(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "0004-broken.sql").write_text("CREATE TABLE half (a TEXT);\nCREATE TABEL typo (b TEXT);\n", "utf-8")
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    with pytest.raises(Exception, match="TABEL"):
        opened.migrate()
    assert opened.connections.call(opened.database.tables) == set()


def test_every_migration_has_its_way_back_and_serves_both_databases() -> None:
    forward = {path.name for path in FOLDER.glob("*.sql") if ".rollback" not in path.name}
    back = {path.name for path in FOLDER.glob("*.rollback.sql")}
    assert back == {name.removesuffix(".sql") + ".rollback.sql" for name in forward}
    for dialect in PARTS:
        assert len(schema._files(dialect)) == NEWEST


def test_a_newer_schema_is_refused_and_left_alone(opened: Opened, store_url: str) -> None:
    opened.migrate()
    run(opened, f"INSERT INTO migration VALUES ({NEWEST + 1}, 'from the future');")
    before = opened.described()
    with pytest.raises(CannotOpen, match=rf"newer Sparring \(schema {NEWEST + 1}, this one knows {NEWEST}\)"):
        open_store(store_url)
    assert opened.described() == before


def test_the_database_of_another_program_is_refused_and_left_alone(opened: Opened, store_url: str) -> None:
    run(opened, "CREATE TABLE invoice (id TEXT);")
    with pytest.raises(CannotOpen, match=r"tables of another program \(invoice\); name an empty one"):
        open_store(store_url)
    assert opened.connections.call(opened.database.tables) == {"invoice"}


def test_the_queries_only_ever_add_to_the_log() -> None:
    text = re.sub(r"--.*", "", FOLDER.with_name("queries.sql").read_text("utf-8"))
    changed = re.findall(r"\b(?:UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE)\s+(\w+)", text, re.IGNORECASE)
    assert set(changed) - {"SET"} <= set(STATE)
    upserted = re.findall(r"INSERT INTO (\w+)[^;]*ON CONFLICT", text)
    assert upserted
    assert set(upserted) <= set(STATE)
    assert "TRIGGER" not in text


@pytest.fixture
def filled(store: Store, store_url: str) -> Iterator[Opened]:
    grade = Grade(score=1, rating=4, basis="self", confidence="low", interval=(0, 1), findings=())
    card = new_card("cap", NOON)
    store.add_answer(Answer(id="a1", question="cap", text="", via="typed", at=NOON))
    store.add_grade(GradeRow(id="g1", answer="a1", grade=grade, grader="rules", at=NOON))
    store.add_override(Override(id="o1", answer="a1", criterion="c", verdict="met", at=NOON))
    store.add_review(Review(id="r1", question="cap", rating=3, at=NOON, before=card, after=card))
    store.add_undo(Undo(id="u1", review="r1", at=NOON))
    beside = Opened(store_url)
    yield beside
    beside.connections.close()


CHANGES = {
    "sqlite": ["UPDATE {} SET at = 'never'", "DELETE FROM {}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"],
    "postgresql": ["UPDATE {} SET at = 'never'", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
}


def test_the_database_refuses_to_change_the_log(filled: Opened) -> None:
    for table in LOG:
        before = filled.rows(f"SELECT * FROM {table}")
        assert len(before) == 1
        for change in CHANGES[filled.database.dialect]:
            with pytest.raises(Exception, match="is a log: rows are added, never changed"):
                run(filled, change.format(table) + ";")
            assert filled.rows(f"SELECT * FROM {table}") == before


def test_an_index_serves_each_list_of_the_log(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'a.db'}").close()
    connection = sqlite3.connect(tmp_path / "a.db")
    text = re.sub(r"--.*", "", FOLDER.with_name("queries.sql").read_text("utf-8"))
    for statement in text.split(";"):
        if "LIMIT" in statement:
            names = dict.fromkeys(re.findall(r":(\w+)", statement), "1")
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", names))
            assert "TEMP B-TREE" not in plan, plan
            assert "USING INDEX" in plan, plan
    connection.close()
