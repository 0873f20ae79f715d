"""What the server acknowledged is there after kill -9, and what it did not say is done once when it is sent again."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct

from sparring.store import open_store

KILLS = {"sqlite": 24, "postgresql": 12}
"""How often the server is killed; the store's own test does so hundreds of times, without the server's start."""
CLIENTS = 2
QUESTIONS = ("expected-salary", "modest-hike")


class Sent(Struct):
    """A request under a key, and what the server acknowledged it with."""

    path: str
    body: dict[str, Any]
    key: str
    answer: str = ""


class Candidate:
    """Answers and rates without pause until the server is gone; then begins with what was not acknowledged."""

    def __init__(self, number: int, done: threading.Semaphore) -> None:
        self.number = number
        self.done = done
        self.acknowledged: list[Sent] = []
        self.pending: Sent | None = None

    def practise(self, address: str) -> None:
        """Send requests until a connection breaks."""
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            try:
                while True:
                    self._send(client)
            except httpx.TransportError:
                return

    def _send(self, client: httpx.Client) -> None:
        self.pending = self.pending or self._next()
        sent = self.pending
        response = client.post(sent.path, json=sent.body, headers={"Idempotency-Key": sent.key})
        assert response.status_code == 201, response.text
        sent.answer = response.json()["answer"]["id"]
        self.acknowledged.append(sent)
        self.pending = None
        self.done.release()

    def _next(self) -> Sent:
        last = self.acknowledged[-1] if self.acknowledged else None
        if last and "text" in last.body:
            return Sent(f"/api/v1/answers/{last.answer}/review", {"rating": 3}, str(uuid.uuid4()))
        text = f"Candidate {self.number} says {len(self.acknowledged)}."
        return Sent("/api/v1/answers", {"question": QUESTIONS[self.number], "text": text}, str(uuid.uuid4()))


@contextmanager
def served(home: Path, url: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Start the server as a user does; yield its address and process, which is killed at the end."""
    command = [sys.executable, "-m", "sparring", "serve", "--port", "0", "--no-browser", "--data", str(home)]
    environment = os.environ | {"SPARRING_DATABASE_URL": url}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"http://\S+:\d+", said)
            assert found, said
            yield found[0], process
        finally:
            process.send_signal(signal.SIGKILL)


@pytest.mark.slow
def test_a_killed_server_forgets_nothing_and_doubles_nothing(store_url: str, tmp_path: Path) -> None:
    chance = random.Random(20261122)
    done = threading.Semaphore(0)
    candidates = [Candidate(number, done) for number in range(CLIENTS)]
    kills, cut_off = KILLS[store_url.partition(":")[0]], 0
    for _ in range(kills):
        with served(tmp_path, store_url) as (address, process):
            threads = [threading.Thread(target=each.practise, args=[address]) for each in candidates]
            for thread in threads:
                thread.start()
            for _ in range(chance.randint(0, 6)):
                assert done.acquire(timeout=60)
            threads[0].join(chance.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
            for thread in threads:
                thread.join()
        cut_off += sum(each.pending is not None for each in candidates)
    assert cut_off >= kills, "too few requests were cut off for this run to show anything"
    check_everything_is_there_once(tmp_path, store_url, candidates)


def check_everything_is_there_once(home: Path, url: str, candidates: list[Candidate]) -> None:
    with served(home, url) as (address, _), httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        for each in candidates:
            if each.pending:
                each._send(client)
        for sent in (sent for each in candidates for sent in each.acknowledged):
            kept = client.get(f"/api/v1/answers/{sent.answer}").raise_for_status().json()
            assert kept["grade"]["findings"]
            if "text" in sent.body:
                assert kept["answer"]["text"] == sent.body["text"]
            else:
                assert kept["review"]["rating"] == sent.body["rating"]
    store = open_store(url)
    kept = store.contents()
    store.close()
    answers = [sent for each in candidates for sent in each.acknowledged if "text" in sent.body]
    reviews = [sent for each in candidates for sent in each.acknowledged if "rating" in sent.body]
    assert sorted(each.text for each in kept.answers) == sorted(sent.body["text"] for sent in answers)
    assert sorted(str(each.answer) for each in kept.reviews) == sorted(sent.answer for sent in reviews)
    assert sorted(each.answer for each in kept.grades) == sorted(each.id for each in kept.answers)
    assert len(kept.requests) == len(answers) + len(reviews)
    assert len(answers) > CLIENTS
