"""This file lends the browser tests a real Chromium, a real server, and a candidate who has practised for some days."""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from sparring import wiring
from sparring.grading.embedding import Encoder
from sparring.settings import Preferences, read_settings

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]
PATIENCE_MS = 15_000
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d|ERR_CONNECTION_REFUSED")
"""What Chromium says of a refusal and of a server that was killed; both are shown on the page as well."""


def _chromium() -> str | None:
    named = os.environ.get("SPARRING_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; without one the tests are skipped, unless SPARRING_BROWSER=required."""
    program = _chromium()
    if program is None:
        reason = "there is no Chromium: install it (Debian: apt install chromium) or name one in SPARRING_CHROMIUM"
        (pytest.fail if os.environ.get("SPARRING_BROWSER") == "required" else pytest.skip)(reason)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


class Server:
    """`python -m sparring serve` over a data folder; it can be killed and started again on the same port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = ""

    def start(self) -> None:
        """Start it, on a free port or on the one it had, and wait until it says that it is ready."""
        port = str(urlsplit(self.url).port or 0) if self.url else "0"
        command = [sys.executable, "-m", "sparring", "serve", "--port", port, "--no-browser", "--data", str(self.home)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        found = re.search(r"http://\S+", self._process.stdout.readline())
        assert found, "the server did not start"
        self.url = found[0]

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.communicate()

    def open(self) -> Any:
        """Open the practice in the same folder, to look at what is kept."""
        return wiring.practice(read_settings({}, str(self.home)), Encoder())


def _serve(home: Path) -> Iterator[Server]:
    server = Server(home)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an empty data folder, shared by the tests of a module."""
    yield from _serve(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="session")
def practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a dozen answers over the last days, one imported document and an interview date."""
    home = tmp_path_factory.mktemp("practised")
    practise(home, wiring.now())
    return home


def practise(home: Path, today: dt.datetime) -> None:
    """Fill the data folder `home` as a candidate would who began ten days before `today`."""
    from sparring.practice import imports

    practice = wiring.practice(read_settings({}, str(home)), Encoder())
    clock = today - dt.timedelta(days=10)
    practice.now = lambda: clock
    practice.set_preferences(Preferences(interview_on=(today + dt.timedelta(days=9)).date()))
    imports.apply(practice, imports.plan(practice, imports.find([("notes.txt", DOCUMENT.encode())])))
    finished = [each for each in practice.catalog.questions.values() if each.calibration]
    for number, question in enumerate(finished[:12]):
        text = question.calibration[number % 3].text
        answer = practice.submit(question.id, text, seconds=95.0 + 17 * number)
        practice.rate(answer.id, practice.result(answer.id).grade.rating)
        clock += dt.timedelta(hours=19)
    practice.store.close()


@pytest.fixture(scope="module")
def used(practised: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a copy of the practised folder, shared by the tests of a module."""
    home = tmp_path_factory.mktemp("used") / "data"
    shutil.copytree(practised, home)
    yield from _serve(home)


DOCUMENT = """\
Question 1: What does a Kafka consumer group do when a member dies?
Answer: The group coordinator notices the missing heartbeats after the session timeout. It starts a rebalance and
assigns the partitions of the dead member to the others. They continue from the last committed offset, so messages
that were handled but not committed are handled again.

Question 2: Why would you pick a ULID over a random UUID as a primary key?
Answer: A ULID begins with a timestamp, so new keys land at the right edge of the B-tree index. Random keys spread the
inserts over all pages, which costs cache misses and page splits. The price is that a ULID tells when the row was made.

Question 3: <script>window.pwned = 1</script> What does <img src=x onerror="window.pwned = 1"> do in a template?
Answer: It is text, and is shown as text. [A link](javascript:window.pwned=1) with "quotes" must not run either.
Autoescaping turns every angle bracket into an entity before the page is sent.
"""


@pytest.fixture(scope="session")
def document() -> str:
    """A document with three questions, one of them hostile."""
    return DOCUMENT


class Watched:
    """What a page did that no page of ours may do."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.hosts: set[str] = set()

    def watch(self, page: Page) -> None:
        """Note every console error, uncaught exception and the host of every request."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self.faults.append(f"{message.type}: {message.text}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own; at the end nothing may have gone wrong or left the machine."""
    contexts: list[BrowserContext] = []
    watched = Watched()

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", watched.watch)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for each in contexts:
        each.close()
    assert watched.faults == []
    assert watched.hosts <= {"127.0.0.1", ""}


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page at laptop size."""
    return open_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def answer_path(used: Server) -> str:
    """The address of a graded answer in the practised folder: one with evidence, missed points and follow-ups."""
    practice = used.open()
    newest = practice.store.answers(question="slow-query", limit=1)[0]
    practice.store.close()
    return f"/answers/{newest.id}"
