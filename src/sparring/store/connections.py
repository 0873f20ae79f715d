"""This file lends database connections to threads, and runs their transactions one after another."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sparring.store.errors import StoreError, Unreachable


class Database(Protocol):
    """What differs between SQLite and PostgreSQL.

    `begin` starts a transaction that no other one can interleave with; `failure` is the driver's error class.
    """

    dialect: str
    adapter: str
    begin: str
    failure: type[Exception]

    def connect(self) -> Any: ...
    def tables(self, connection: Any) -> set[str]: ...
    def run_script(self, connection: Any, script: str) -> None: ...
    def make_ready(self, connection: Any) -> None: ...
    def is_lost(self, connection: Any) -> bool: ...
    def is_broken(self, connection: Any) -> bool: ...
    def explain(self, error: Exception) -> StoreError: ...


class Connections:
    """The open connections to one database.

    A connection is idle, or lent to one thread for one call or one transaction. There are never more than threads that
    worked at the same time. One that died while it was idle (the server restarted) is replaced without a word.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: deque[Any] = deque()
        self._thread = threading.local()

    def call(self, work: Callable[[Any], Any]) -> Any:
        """Return `work(connection)`: in this thread's transaction where there is one, else by itself.

        By itself it may run twice, when the first connection turns out dead; so it must only read then.
        """
        held = self._held()
        if held is not None:
            with self._explained():
                return work(held)
        return self._try(work)[1]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that this thread does inside, or nothing of it where it raises.

        An inner transaction belongs to the outer one: where it raises, only its own part is undone, and its changes are
        kept once the outermost one ends.
        """
        held = self._held()
        with self._savepoint(held) if held is not None else self._outermost():
            yield

    def close(self) -> None:
        """Close the idle connections; lent ones are closed when they come back to nobody."""
        while self._idle:
            self._idle.pop().close()

    def _held(self) -> Any:
        return getattr(self._thread, "connection", None)

    def _try(self, work: Callable[[Any], Any], *, keep: bool = False) -> tuple[Any, Any]:
        """Do `work` on an idle connection, or on a new one where the idle ones are dead or there is none."""
        while True:
            connection, fresh = self._take()
            try:
                result = work(connection)
            except BaseException as error:
                lost = self._database.is_lost(connection)
                connection.close()
                if not isinstance(error, self._database.failure):
                    raise
                if fresh or not lost:
                    raise self._database.explain(error) from error
            else:
                if not keep:
                    self._idle.append(connection)
                return connection, result

    def _take(self) -> tuple[Any, bool]:
        try:
            return self._idle.pop(), False
        except IndexError:
            with self._explained():
                return self._database.connect(), True

    @contextmanager
    def _outermost(self) -> Iterator[None]:
        connection, _ = self._try(lambda each: each.execute(self._database.begin), keep=True)
        self._thread.connection = connection
        try:
            yield
            self._commit(connection)
        except BaseException:
            self._abandon(connection)
            raise
        else:
            self._idle.append(connection)
        finally:
            self._thread.connection = None

    def _commit(self, connection: Any) -> None:
        if self._database.is_broken(connection):
            raise StoreError("an error inside the transaction was passed over; nothing of it was kept")
        try:
            connection.execute("COMMIT")
        except self._database.failure as error:
            if self._database.is_lost(connection):
                raise Unreachable(
                    "the connection was lost while saving; look whether the change is there before trying again"
                ) from error
            raise self._database.explain(error) from error

    def _abandon(self, connection: Any) -> None:
        """Undo the transaction; where even that fails, closing the connection undoes it."""
        try:
            connection.execute("ROLLBACK")
            self._idle.append(connection)
        except self._database.failure:
            connection.close()

    @contextmanager
    def _savepoint(self, connection: Any) -> Iterator[None]:
        with self._explained():
            connection.execute("SAVEPOINT inner_part")
        try:
            yield
        except BaseException:
            with self._explained():
                connection.execute("ROLLBACK TO SAVEPOINT inner_part")
                connection.execute("RELEASE SAVEPOINT inner_part")
            raise
        with self._explained():
            connection.execute("RELEASE SAVEPOINT inner_part")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except self._database.failure as error:
            raise self._database.explain(error) from error
