"""This file kills writing processes with SIGKILL, hundreds of times, and looks at what the database then has."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.survivors import Acknowledged, check

KILLS = 200
WRITER = Path(__file__).with_name("writer.py")


class Writers:
    """Writing processes, one after another; each lives until it is killed."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, str(WRITER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def run(self, url: str, seed: int, rows: int, seconds: float) -> Iterator[tuple[str, str]]:
        """Start a writer, kill it `seconds` after it said `rows` lines, and yield what it said."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{url} {seed}\n")
        pid = int(self._program.stdout.readline().split()[1])
        said = [self._program.stdout.readline() for _ in range(rows)]
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        for line in itertools.chain(said, iter(self._program.stdout.readline, "gone\n")):
            kind, _, rest = line.strip().partition(" ")
            yield kind, rest

    def close(self) -> None:
        self._program.communicate()


@pytest.fixture
def writers() -> Iterator[Writers]:
    started = Writers()
    yield started
    started.close()


def test_what_was_acknowledged_survives_any_kill(store_url: str, writers: Writers) -> None:
    acknowledged: Acknowledged = defaultdict(set)
    chance = random.Random(7)
    for seed in range(KILLS):
        # Half of the kills come at once: those find a row that was acknowledged a moment too early.
        seconds = chance.choice((0, chance.uniform(0, 0.004)))
        for kind, name in writers.run(store_url, seed, chance.randrange(12), seconds):
            acknowledged[kind].add(name)
        if seed % 50 == 49:
            check(store_url, acknowledged)
    check(store_url, acknowledged)
    for kind in ("answer", "grade", "override", "review", "undo"):
        assert acknowledged[kind], f"no {kind} was written: the test proves nothing"


def test_a_kill_while_the_database_is_made_leaves_one_that_opens(
    tmp_path: Path, request: pytest.FixtureRequest, writers: Writers
) -> None:
    chance = random.Random(11)
    for seed in range(60):
        url = f"sqlite:///{tmp_path / f'{seed}.db'}"
        acknowledged: Acknowledged = defaultdict(set)
        for kind, name in writers.run(url, seed, 0, chance.uniform(0, 0.03)):
            acknowledged[kind].add(name)
        check(url, acknowledged)
