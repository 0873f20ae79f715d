import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from sparring.services import postgres
from sparring.services.errors import ServiceError
from sparring.services.postgres import Postgres
from sparring.services.programs import find_postgres


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("postgres")


@pytest.fixture
def server(cache: Path) -> Postgres:
    return Postgres(find_postgres(os.environ), cache, durable=False)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pid_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text("utf-8").split()[0])


def test_a_server_starts_answers_and_stops(server: Postgres, tmp_path: Path) -> None:
    with server:
        url = server.start(tmp_path / "pg")
        assert url.startswith("postgresql://sparring:")
        assert "@127.0.0.1:" in url
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
        pid = pid_of(tmp_path / "pg")
    assert not is_running(pid)
    assert not (tmp_path / "pg" / "postmaster.pid").exists()
    with pytest.raises(psycopg.OperationalError):
        ask(url, "SELECT 1")


def test_its_unix_socket_works_too(server: Postgres, tmp_path: Path) -> None:
    with server:
        url = server.start(tmp_path / "pg")
        port = url.rpartition(":")[2].partition("/")[0]
        with psycopg.connect(url, host=str(tmp_path / "pg"), port=port, hostaddr="") as connection:
            assert connection.info.host == str(tmp_path / "pg")


def test_a_folder_too_deep_for_a_socket_still_works(server: Postgres, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["deep" * 5] * 6)
    with server:
        assert ask(server.start(deep), "SHOW unix_socket_directories") == ""


def test_who_does_not_know_the_password_is_refused(server: Postgres, tmp_path: Path) -> None:
    with server:
        url = server.start(tmp_path / "pg")
        for host in ("127.0.0.1", str(tmp_path / "pg")):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(url, password="guess", host=host, hostaddr="")
    assert (tmp_path / "pg").stat().st_mode & 0o077 == 0


def test_data_is_kept_over_a_stop_and_over_a_crash(server: Postgres, tmp_path: Path) -> None:
    with server:
        ask(server.start(tmp_path / "pg"), "CREATE TABLE kept (n int)")
        server.stop()
        ask(server.start(tmp_path / "pg"), "INSERT INTO kept VALUES (1)")
        server.kill()
        assert ask(server.start(tmp_path / "pg"), "SELECT count(*) FROM kept") == 1


def test_an_open_connection_does_not_hold_up_the_stop(server: Postgres, tmp_path: Path) -> None:
    with server:
        connection = psycopg.connect(server.start(tmp_path / "pg"))
        connection.execute("SELECT 1")
        server.stop()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_several_run_at_once(cache: Path, tmp_path: Path) -> None:
    servers = [Postgres(find_postgres(os.environ), cache, durable=False) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        urls = list(pool.map(lambda pair: pair[1].start(tmp_path / str(pair[0])), enumerate(servers)))
        assert len(set(urls)) == 4
        for url in urls:
            ask(url, "CREATE TABLE mine (n int)")  # it would be taken where two shared one database
        list(pool.map(Postgres.stop, servers))


def test_two_that_need_a_template_at_once_share_one(tmp_path: Path) -> None:
    servers = [Postgres(find_postgres(os.environ), tmp_path / "cache", durable=False) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda pair: pair[1].start(tmp_path / str(pair[0])), enumerate(servers)))
        list(pool.map(Postgres.stop, servers))
    assert len(list((tmp_path / "cache").iterdir())) == 1


PARENT = """
import os, sys, threading, time
from pathlib import Path
from sparring.services.postgres import Postgres
server = Postgres(Path(sys.argv[1]), Path(sys.argv[2]), durable=False)
starter = threading.Thread(target=server.start, args=(Path(sys.argv[3]),))
starter.start()
starter.join()  # the thread that started the server is gone, and the server must not mind
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_parent_dies(cache: Path, tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", PARENT, str(find_postgres(os.environ)), str(cache), str(tmp_path / "pg")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        pid = pid_of(tmp_path / "pg")
        time.sleep(0.2)
        assert is_running(pid)
        parent.send_signal(number)
    assert wait_for(lambda: not is_running(pid))
    assert wait_for(lambda: not watches(pid))


def watches(pid: int) -> list[str]:
    """Return the processes that wait to end the server `pid`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"/bin/sh", b"-c"] and words[3:4] == [str(pid).encode()]:
            found.append(path.parent.name)
    return found


def test_a_stop_leaves_no_watch(server: Postgres, tmp_path: Path) -> None:
    with server:
        server.start(tmp_path / "pg")
        pid = pid_of(tmp_path / "pg")
        assert watches(pid)
    assert not watches(pid)


def test_the_environment_of_ours_does_not_reach_the_server(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARRING_MODEL_KEY", "secret")
    monkeypatch.setenv("PGPORT", "1")
    with server:
        server.start(tmp_path / "pg")
        assert b"secret" not in Path(f"/proc/{pid_of(tmp_path / 'pg')}/environ").read_bytes()


def test_a_folder_with_something_else_in_it_is_left_alone(server: Postgres, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    with pytest.raises(ServiceError, match="neither empty nor"):
        server.start(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_second_start_is_refused(server: Postgres, tmp_path: Path) -> None:
    with server:
        server.start(tmp_path / "pg")
        with pytest.raises(ServiceError, match="runs already"):
            server.start(tmp_path / "other")


def test_a_folder_that_another_server_has_is_refused_with_its_reason(cache: Path, tmp_path: Path) -> None:
    first, second = (Postgres(find_postgres(os.environ), cache, durable=False) for _ in range(2))
    with first, second:
        url = first.start(tmp_path / "pg")
        with pytest.raises(ServiceError, match="lock file"):
            second.start(tmp_path / "pg")
        assert ask(url, "SELECT 1") == 1


def test_damaged_data_gives_the_servers_own_words(server: Postgres, tmp_path: Path) -> None:
    with server:
        server.start(tmp_path / "pg")
    (tmp_path / "pg" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(ServiceError, match="pg_control"):
        server.start(tmp_path / "pg")


def test_an_initdb_that_fails_is_reported_and_leaves_no_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("initdb", "#!/bin/sh\necho no space >&2\nexit 1\n"), ("postgres", "#!/bin/sh\n")):
        (programs / name).write_text(text, "utf-8")
        (programs / name).chmod(0o755)
    with pytest.raises(ServiceError, match="initdb failed: no space"):
        Postgres(programs, tmp_path / "cache").start(tmp_path / "pg")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_root_without_user_namespaces_runs_it_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_prefix", lambda: postgres.SETPRIV)
    folder = Path("/tmp", f"sparring-{os.getpid()}")
    folder.mkdir(mode=0o755)
    try:
        with Postgres(find_postgres(os.environ), folder / "cache", durable=False) as server:
            try:
                url = server.start(folder / "pg")
            except ServiceError as error:
                pytest.skip(f"nobody cannot reach the programs: {error}")
            assert ask(url, "SELECT 1") == 1
            assert (folder / "pg" / "PG_VERSION").stat().st_uid == postgres.NOBODY
    finally:
        subprocess.run(["rm", "-r", str(folder)], check=True)
