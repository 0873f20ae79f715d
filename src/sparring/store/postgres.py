"""This file is the PostgreSQL side of the store, for a server that several people use."""

from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from sparring.store.errors import CannotOpen, Missing, StoreError, Taken, Unreachable, Unstorable, described

CONNECT_SECONDS = 5
LOCK = 7_370_617_272  # "spar" in some keypad's numbers; any number that other programs will not pick

SESSION = """
SET synchronous_commit = on;
SET lock_timeout = '10s';
SET idle_in_transaction_session_timeout = '60s';
"""

_MEANING: tuple[tuple[type[Exception], type[StoreError], str], ...] = (
    (errors.UniqueViolation, Taken, "that id or key is taken"),
    (errors.ForeignKeyViolation, Missing, "the row it refers to is not there"),
    (errors.CheckViolation, Unstorable, "a value is outside its allowed range"),
    (errors.NotNullViolation, Unstorable, "a value is missing"),
    (errors.LockNotAvailable, Unreachable, "another process has been writing for 10 s; try again"),
    (errors.DiskFull, Unreachable, "the server's disk is full; free some space and try again"),
    (errors.InsufficientPrivilege, CannotOpen, "this user may not do that; grant it the rights on the schema"),
    (errors.ReadOnlySqlTransaction, CannotOpen, "the server only reads (a standby?); name the primary"),
    (psycopg.OperationalError, Unreachable, "the server does not answer; see that it runs and try again"),
    (psycopg.InterfaceError, Unreachable, "the connection was lost; try again"),
)


class Postgres:
    """A database that a PostgreSQL server holds.

    The lock taken at `begin` makes writing transactions run one after another, as they do in SQLite.
    """

    dialect: str = "postgresql"
    adapter: str = "psycopg"
    begin: str = f"BEGIN; SELECT pg_advisory_xact_lock({LOCK})"
    failure: type[Exception] = psycopg.Error

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            known = conninfo_to_dict(url)
        except psycopg.Error as error:
            raise CannotOpen(
                f"the database URL cannot be read: {error}; write postgresql://user@host:port/name"
            ) from error
        self._name = f"{known.get('host', 'localhost')}:{known.get('port', 5432)}/{known.get('dbname', '')}"

    def connect(self) -> Any:
        connection = psycopg.connect(self.url, autocommit=True, connect_timeout=CONNECT_SECONDS)
        try:
            connection.execute(SESSION)
            self._check_encoding(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def tables(self, connection: Any) -> set[str]:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return {name for (name,) in rows}

    def run_script(self, connection: Any, script: str) -> None:
        connection.execute(script)

    def make_ready(self, connection: Any) -> None:
        """Do nothing: a server needs no setting that outlives the connection."""

    def is_lost(self, connection: Any) -> bool:
        return bool(connection.closed or connection.broken)

    def is_broken(self, connection: Any) -> bool:
        """Whether an error inside the transaction turned its COMMIT into a ROLLBACK."""
        return bool(connection.info.transaction_status == TransactionStatus.INERROR)

    def explain(self, error: Exception) -> StoreError:
        for kind, ours, meaning in _MEANING:
            if isinstance(error, kind):
                return described(ours, self._name, meaning, error)
        return described(StoreError, self._name, "PostgreSQL refused", error)

    def _check_encoding(self, connection: Any) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise CannotOpen(f"{self._name}: its encoding is {encoding}; create the database with ENCODING 'UTF8'")
