"""This file brings a database to the schema this program knows, and back, by the SQL files in `migrations/`.

`NNNN-name.sql` is for both databases, `NNNN-name.sqlite.sql` and `NNNN-name.postgresql.sql` for one each; beside each
stands its way back, `….rollback.sql`. A migration and the note that it was made are one transaction.
"""

from pathlib import Path
from typing import Any

from sparring.store.connections import Connections, Database
from sparring.store.errors import CannotOpen

FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database, connections: Connections, target: int | None = None) -> None:
    """Bring the database to the schema number `target`, by default the newest.

    Raises:
        CannotOpen: when the database belongs to a newer Sparring or to another program; nothing is changed then.
    """
    newest = len(_files(database.dialect))
    target = newest if target is None else target
    if connections.call(lambda connection: _number(database, connection, newest)) == target:
        return
    with connections.transaction():
        connections.call(lambda connection: _move(database, connection, newest, target))


def _move(database: Database, connection: Any, newest: int, target: int) -> None:
    """Run the missing migrations; the number is read again, since another process may have been faster."""
    number = _number(database, connection, newest)
    if number == 0 < target:
        connection.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL)")
    files = _files(database.dialect)
    for step, file in enumerate(files[number:target], start=number + 1):
        database.run_script(connection, file.read_text("utf-8"))
        connection.execute(f"INSERT INTO migration (number, name) VALUES ({step}, '{file.stem}')")  # noqa: S608 - our own file names
    for step, file in reversed(list(enumerate(files[target:number], start=target + 1))):
        database.run_script(connection, file.with_suffix(".rollback.sql").read_text("utf-8"))
        connection.execute(f"DELETE FROM migration WHERE number = {step}")  # noqa: S608 - a number of ours
    if target == 0 < number:
        connection.execute("DROP TABLE migration")


def _number(database: Database, connection: Any, newest: int) -> int:
    """Return the number of the last migration that was made, 0 for an empty database."""
    tables = database.tables(connection)
    if "migration" not in tables:
        if tables:
            raise CannotOpen(f"the database has tables of another program ({_some(tables)}); name an empty one")
        return 0
    number: int = connection.execute("SELECT MAX(number) FROM migration").fetchone()[0]
    if number > newest:
        raise CannotOpen(
            f"the database was written by a newer Sparring (schema {number}, this one knows {newest}); update Sparring"
        )
    return number


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:3])


def _files(dialect: str) -> list[Path]:
    """Return the forward migrations for `dialect` in order, checked to be numbered without a gap."""
    plain = [path for path in FOLDER.glob("*.sql") if len(path.suffixes) == 1]
    special = [path for path in FOLDER.glob(f"*.{dialect}.sql") if len(path.suffixes) == 2]  # noqa: PLR2004
    files = sorted(plain + special)
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1)), files
    return files
