"""This file runs a real PostgreSQL server on this machine for as long as it is needed."""
# ruff: noqa: S603 - starting programs is what this file is for; none of their arguments comes from outside

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from sparring.services.errors import ServiceError

HOST = "127.0.0.1"
USER = "sparring"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.003
LONGEST_SOCKET_FOLDER = 80
"""A unix socket's path may have about 100 characters, its name included."""
NOBODY = 65534
RETRIED = ("pre-existing shared memory block", "could not bind", "Address already in use")
"""Complaints that go away: a killed server's children still linger, or another program was given our port."""

UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
SETPRIV = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")

WATCH = 'read -r _; kill -INT "$0" 2>/dev/null'
"""Waits on a pipe that only we hold: when we are gone, even by SIGKILL, it asks the server to stop."""


class Postgres:
    """One server in one folder: made, started (again, where `kill` crashed it), and stopped.

    It listens on a free port of 127.0.0.1, and on a unix socket in its folder where the path is short enough; only
    who knows its random password gets in. It stops when the `with` block ends or when this process dies, however that
    happens. PostgreSQL refuses to run as root: root runs it as nobody of a user namespace, where files stay root's.

    A new folder is copied from a template that is made once and kept in `cache`. A server that is not `durable` skips
    syncing to the disk; it is for tests, and survives a crash of itself but not of the machine.
    """

    def __init__(self, programs: Path, cache: Path, *, durable: bool = True) -> None:
        self._programs = programs
        self._cache = cache
        self._durable = durable
        self._server: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, folder: Path) -> str:
        """Start the server on the data in `folder`, made where it is empty or absent, and return its URL.

        Raises:
            ServiceError: with the end of the server's log, when it does not start.
        """
        if self._server is not None:
            raise ServiceError(f"this server runs already, in {folder}; stop it first")
        folder = folder.resolve()
        prefix = _prefix()
        if not (folder / "PG_VERSION").exists():
            _fill(folder, _template(self._programs, self._cache, prefix), prefix)
        deadline = time.monotonic() + START_SECONDS
        while True:
            port = _free_port()
            self._launch(folder, port, prefix)
            complaint = self._wait_until_ready(folder, deadline)
            if not complaint:
                password = (folder / "password").read_text("utf-8")
                return f"postgresql://{USER}:{password}@{HOST}:{port}/postgres"
            self.stop()
            if time.monotonic() > deadline or not any(each in complaint for each in RETRIED):
                raise ServiceError(f"PostgreSQL did not start in {folder}: {complaint}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server, cutting open connections; data that was committed is kept."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._end(number):
                break
        self._dismiss_watch()

    def kill(self) -> None:
        """Crash the server, as a power cut of the process would; `start` on the same folder recovers its data."""
        self._end(signal.SIGKILL)
        self._dismiss_watch()

    def _launch(self, folder: Path, port: int, prefix: Sequence[str]) -> None:
        options = {
            "listen_addresses": HOST,
            "port": str(port),
            "unix_socket_directories": str(folder) if len(str(folder)) <= LONGEST_SOCKET_FOLDER else "",
            "shared_buffers": "32MB",
            "fsync": "on" if self._durable else "off",
        }
        chosen = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder / "server.log").open("wb") as log:
            # A session of its own: Ctrl+C in the terminal is for us, and we then stop the server.
            self._server = subprocess.Popen(
                [*prefix, str(self._programs / "postgres"), "-D", str(folder), *chosen],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(),
                start_new_session=True,
            )
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, str(self._server.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _wait_until_ready(self, folder: Path, deadline: float) -> str:
        """Return what the server complained of, or nothing once it takes connections."""
        assert self._server is not None
        while self._server.poll() is None:
            if _is_ready(folder, self._server.pid):
                return ""
            if time.monotonic() > deadline:
                return f"it was not ready after {START_SECONDS:.0f} s; {_tail(folder)}"
            time.sleep(POLL_SECONDS)
        return _tail(folder)

    def _end(self, number: signal.Signals) -> bool:
        """Send the signal and wait; return whether the server is gone."""
        if self._server is None:
            return True
        self._server.send_signal(number)
        try:
            self._server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        self._server = None
        return True

    def _dismiss_watch(self) -> None:
        """End the watch before its number can mean another process."""
        if self._watch is not None:
            self._watch.kill()
            self._watch.communicate()
            self._watch = None


@cache
def _prefix() -> tuple[str, ...]:
    """Return the command that takes root's identity away; nothing is needed for anyone else."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return ()
    for prefix in (UNSHARE, SETPRIV):
        if shutil.which(prefix[0]) and _works(prefix):
            return prefix
    raise ServiceError(
        "PostgreSQL refuses to run as root, and this machine lets root neither make a user namespace (unshare) "
        "nor become nobody (setpriv); run Sparring as a normal user"
    )


def _works(prefix: Sequence[str]) -> bool:
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def _template(programs: Path, cache: Path, prefix: Sequence[str]) -> Path:
    """Return a data folder that was made once for these programs."""
    name = hashlib.sha256(f"{programs} {(programs / 'postgres').stat().st_mtime_ns} {prefix}".encode()).hexdigest()[:12]
    template = cache / f"postgres-{name}"
    if template.exists():
        return template
    cache.mkdir(parents=True, exist_ok=True)
    draft = cache / f"postgres-{name}.{os.getpid()}-{secrets.token_hex(4)}"
    try:
        _make(draft, programs, prefix)
        draft.rename(template)
    except OSError:
        if not template.exists():  # else another process was faster, and its template serves as well
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return template


def _make(folder: Path, programs: Path, prefix: Sequence[str]) -> None:
    """Run initdb, with a password that nobody else on this machine knows."""
    folder.mkdir(mode=0o700)
    data, password = folder / "data", folder / "password"
    password.write_text(secrets.token_urlsafe(24), "utf-8")
    data.mkdir(mode=0o700)
    _give(folder, prefix)
    asked = ["-D", str(data), "--username", USER, "--pwfile", str(password), "--auth=scram-sha-256"]
    asked += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions", "--wal-segsize=1"]
    command = [*prefix, str(programs / "initdb"), *asked]
    made = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    if made.returncode:
        raise ServiceError(f"initdb failed: {made.stderr.strip()}{_advice(made.stderr)}")


def _fill(folder: Path, template: Path, prefix: Sequence[str]) -> None:
    """Copy the template to `folder`, which must be empty; `cp` takes a quarter of shutil's time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and any(folder.iterdir()):
        raise ServiceError(f"{folder} is neither empty nor a PostgreSQL data folder; choose another one")
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    sources = [str(each) for each in (template / "data").iterdir()]
    command = ["cp", "-R", *sources, str(template / "password"), str(folder)]
    copied = subprocess.run(command, capture_output=True, text=True, check=False)
    if copied.returncode:
        raise ServiceError(f"{folder} could not be filled: {copied.stderr.strip()}; free some space")
    _give(folder, prefix)


def _give(folder: Path, prefix: Sequence[str]) -> None:
    """Hand the folder to nobody where the server really runs as nobody."""
    if prefix == SETPRIV:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


def _advice(complaint: str) -> str:
    if "Permission denied" in complaint and _prefix() == SETPRIV:
        return "; nobody must be able to reach the programs and the data: run Sparring as a normal user instead"
    return ""


def _environment() -> dict[str, str]:
    """Return the server's environment: no locale surprises, and nothing of ours that it could leak."""
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {"LC_ALL": "C", "TZ": "UTC", **{name: os.environ[name] for name in kept if name in os.environ}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_ready(folder: Path, pid: int) -> bool:
    """Read the server's own note: its first line is its number, its eighth line its state."""
    try:
        lines = (folder / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004


def _tail(folder: Path) -> str:
    log = (folder / "server.log").read_text("utf-8", errors="replace").strip()
    return " / ".join(log.splitlines()[-5:]) or "it said nothing"
