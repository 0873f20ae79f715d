"""Starting and stopping the server as a user does, in a real process."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVE = [sys.executable, "-m", "sparring", "serve", "--no-browser"]


@contextmanager
def _started(*arguments: object, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*SERVE, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def _url(line: str) -> str:
    found = re.search(r"http://\S+", line)
    assert found, line
    return found[0]


def test_when_it_says_ready_it_answers_and_says_where_the_data_is(tmp_path: Path) -> None:
    with _started("--port", 0, "--data", tmp_path) as (_, line):
        assert f"data in {tmp_path}" in line
        with urllib.request.urlopen(_url(line), timeout=30) as page:
            assert b"Sparring" in page.read()
    assert (tmp_path / "sparring.db").is_file()


def test_the_environment_names_the_data_folder_and_the_option_wins(tmp_path: Path) -> None:
    with _started("--port", 0, SPARRING_HOME=str(tmp_path / "environment")) as (_, line):
        assert f"data in {tmp_path / 'environment'}" in line
    command = [*SERVE[:3], "--data", str(tmp_path / "option"), "bank", "list"]
    environment = os.environ | {"SPARRING_HOME": str(tmp_path / "unused")}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "option" / "sparring.db").is_file()
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_quietly_when_it_is_asked_to(tmp_path: Path, ending: signal.Signals) -> None:
    with _started("--port", 0, "--data", tmp_path) as (process, line):
        urllib.request.urlopen(_url(line), timeout=30).close()
        process.send_signal(ending)
        _, errors = process.communicate(timeout=30)
        assert process.returncode in {0, -signal.SIGTERM}
        assert errors == ""


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [*SERVE, "--port", str(port), "--data", str(tmp_path)], capture_output=True, text=True, check=False
        )
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: cannot listen on 127.0.0.1 port {port} (")
    assert "--port" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_database_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "sparring.db").write_bytes(b"this is no database at all" * 100)
    result = subprocess.run(
        [*SERVE, "--port", "0", "--data", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert (tmp_path / "sparring.db").read_bytes().startswith(b"this is no database")
