"""This file is the SQLite side of the store: one file in WAL mode, synced to the disk at every commit."""

import os
import sqlite3
import time
from pathlib import Path

from sparring.store.errors import CannotOpen, Missing, StoreError, Taken, Unreachable, Unstorable, described

BUSY_SECONDS = 10.0
"""How long a writer waits for another process to finish."""

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # an acknowledged answer survives a power cut, in WAL mode too
    "PRAGMA fullfsync = ON",  # macOS: fsync alone leaves the data in the drive's cache
    "PRAGMA recursive_triggers = ON",  # else INSERT OR REPLACE would slip past the log's delete triggers
)

_MEANING: dict[str, tuple[type[StoreError], str]] = {
    "SQLITE_CONSTRAINT_PRIMARYKEY": (Taken, "that id or key is taken"),
    "SQLITE_CONSTRAINT_UNIQUE": (Taken, "that id or key is taken"),
    "SQLITE_CONSTRAINT_FOREIGNKEY": (Missing, "the row it refers to is not there"),
    "SQLITE_CONSTRAINT_CHECK": (Unstorable, "a value is outside its allowed range"),
    "SQLITE_CONSTRAINT_NOTNULL": (Unstorable, "a value is missing"),
    "SQLITE_BUSY": (Unreachable, f"another process has been writing for {BUSY_SECONDS:.0f} s; try again"),
    "SQLITE_FULL": (Unreachable, "the disk is full; free some space and try again"),
    "SQLITE_IOERR": (Unreachable, "the disk refused to read or write; check it and try again"),
    "SQLITE_READONLY": (CannotOpen, "the file may not be written; check its permissions"),
    "SQLITE_CANTOPEN": (CannotOpen, "the file cannot be opened; check the folder and its permissions"),
    "SQLITE_NOTADB": (CannotOpen, "the file is not an SQLite database; name another one"),
    "SQLITE_CORRUPT": (CannotOpen, "the file is damaged; restore an export or a copy of it"),
}


class Sqlite:
    """A database in the file `path`."""

    dialect: str = "sqlite"
    adapter: str = "sqlite3"
    begin: str = "BEGIN IMMEDIATE"
    failure: type[Exception] = sqlite3.Error

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_place(path)

    def connect(self) -> sqlite3.Connection:
        # A connection moves between threads, but only one uses it at a time.
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def tables(self, connection: sqlite3.Connection) -> set[str]:
        rows = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        )
        return {name for (name,) in rows}

    def run_script(self, connection: sqlite3.Connection, script: str) -> None:
        """Run the statements of `script` inside the transaction (`executescript` would end it)."""
        statement = ""
        for line in script.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                connection.execute(statement)
                statement = ""

    def make_ready(self, connection: sqlite3.Connection) -> None:
        """Turn on the write-ahead log, which the file then remembers."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError:  # several processes open a new file at once: SQLite does not wait here
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def is_lost(self, connection: sqlite3.Connection) -> bool:  # noqa: ARG002 - a file does not hang up
        return False

    def is_broken(self, connection: sqlite3.Connection) -> bool:
        return not connection.in_transaction

    def explain(self, error: Exception) -> StoreError:
        code = getattr(error, "sqlite_errorname", "") or ""
        for name, (kind, meaning) in _MEANING.items():
            if code.startswith(name):
                return described(kind, str(self.path), meaning, error)
        return described(StoreError, str(self.path), "SQLite refused", error)


def _check_place(path: Path) -> None:
    """Make the folder, and raise where the database could not be written."""
    if path.name in ("", ":memory:") or path.is_dir():
        raise CannotOpen(f"{path} is not a file name; write sqlite:///folder/name.db")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotOpen(f"{path.parent}: the folder cannot be made ({error.strerror}); choose another one") from error
    for place in (path.parent, path) if path.exists() else (path.parent,):
        if not os.access(place, os.W_OK):
            raise CannotOpen(f"{place} may not be written; change its permissions or choose another folder")
