import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparring.store import Answer, CannotOpen, Store, Unreachable, open_store, sqlite

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_the_folder_is_made_and_closed_to_others(tmp_path: Path) -> None:
    open_store(url(tmp_path / "new" / "deep" / "a.db")).close()
    assert (tmp_path / "new" / "deep").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["with space.db", "größer.db", "100%.db", "a?mode=memory#b.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    open_store(url(tmp_path / name)).close()
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_every_commit_is_synced_to_the_disk(tmp_path: Path) -> None:
    open_store(url(tmp_path / "a.db")).close()
    connection = sqlite.Sqlite(tmp_path / "a.db").connect()
    asked = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")}
    connection.close()
    assert asked == {"synchronous": 2, "journal_mode": "wal"}


@pytest.mark.parametrize("what", ["a folder", "memory", "below a file"])
def test_a_place_that_is_none_is_refused(tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    place = {"a folder": str(tmp_path), "memory": ":memory:", "below a file": str(tmp_path / "file" / "a.db")}[what]
    with pytest.raises(CannotOpen, match=r"is not a file name|the folder cannot be made"):
        open_store(f"sqlite:///{place}")


@pytest.mark.skipif(os.geteuid() != 0, reason="root becomes nobody here; others need no such detour")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_place_that_may_not_be_written_is_refused_and_left_alone(tmp_path: Path, what: str) -> None:
    place = tmp_path / "kept"
    open_store(url(place / "a.db")).close()
    place.chmod(0o777 if what == "file" else 0o755)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    said = as_nobody(url(place / "a.db"))
    refused = place if what == "folder" else place / "a.db"
    assert said.startswith(f"CannotOpen {refused} may not be written; change its permissions")
    assert [each.name for each in place.iterdir()] == ["a.db"]


AS_NOBODY = """
import os, sys
from sparring.store import open_store, sqlite
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    open_store(sys.argv[1])
except Exception as error:
    print(type(error).__name__, error)
"""


def as_nobody(where: str) -> str:
    """Open the store in a process that is nobody, and return what it said."""
    command = [sys.executable, "-c", AS_NOBODY, where]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("content", [b"This is a diary, and no database at all. " * 40, b"\x00" * 5000, b"short"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(CannotOpen, match=r"a\.db: the file is not an SQLite database"):
        open_store(url(tmp_path / "a.db"))
    assert (tmp_path / "a.db").read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["a.db"]


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"")
    open_store(url(tmp_path / "a.db")).close()


def filled(path: Path) -> bytes:
    """Return the content of a file with 200 answers."""
    store = open_store(url(path))
    with store.transaction():
        for number in range(200):
            store.add_answer(Answer(id=f"a{number}", question="cap", text="word " * 200, via="typed", at=NOON))
    store.close()
    return path.read_bytes()


@pytest.mark.parametrize("how", ["cut short", "schema overwritten"])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, how: str) -> None:
    whole = filled(tmp_path / "a.db")
    short = how == "cut short"
    damaged = whole[: len(whole) // 2] if short else whole[:100] + b"\xff" * 300 + whole[400:]
    (tmp_path / "a.db").write_bytes(damaged)
    with pytest.raises(CannotOpen, match="the file is damaged; restore"):
        open_store(url(tmp_path / "a.db"))
    assert (tmp_path / "a.db").read_bytes() == damaged


def test_damage_deeper_in_the_file_is_told_when_it_is_met(tmp_path: Path) -> None:
    whole = filled(tmp_path / "a.db")
    (tmp_path / "a.db").write_bytes(whole[:90_000] + b"\xff" * 20_000 + whole[110_000:])
    store = open_store(url(tmp_path / "a.db"))
    with pytest.raises(CannotOpen, match="the file is damaged; restore"):
        store.dump()
    store.close()


def test_a_writer_that_waits_too_long_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    store = open_store(url(tmp_path / "a.db"))
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unreachable, match="another process has been writing"):
        store.add_answer(Answer(id="a1", question="cap", text="", via="typed", at=NOON))
    assert store.answers() == []  # readers need not wait
    other.execute("ROLLBACK")
    other.close()
    store.add_answer(Answer(id="a1", question="cap", text="", via="typed", at=NOON))
    store.close()


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    store = open_store(url(tmp_path / "a.db"))
    answer = Answer(id="a0", question="cap", text="word " * 1000, via="typed", at=NOON)
    store.add_answer(answer)
    store._connections.call(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
    kept = {"a0"}
    with pytest.raises(Unreachable, match="the disk is full"):
        fill(store, kept)
    assert {each.id for each in store.answers(limit=1000)} == kept
    store.close()


def fill(store: Store, kept: set[str]) -> None:
    for number in range(1, 1000):
        store.add_answer(Answer(id=f"a{number}", question="cap", text="word " * 1000, via="typed", at=NOON))
        kept.add(f"a{number}")
