"""This file is a program that writes to a store until it is killed, and says what the store acknowledged.

It reads `URL SEED` lines. For each it forks a child, which opens the store and writes; the child's lines are
`pid N`, `open`, then one `kind id` for every row that a finished call had put on the disk. When the child is gone the
program prints `gone`. Forking from a warm program makes a fresh process cost milliseconds.
"""

import os
import random
import sys
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from sparring.grading.grade import Finding, Grade
from sparring.scheduling.card import Card, new_card
from sparring.settings import Preferences
from sparring.store import Answer, Draft, GradeRow, Override, Request, Review, Store, Undo, open_store
from sparring.store.store import _database, _queries

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
GRADE = Grade(
    score=0.5,
    rating=2,
    basis="rule",
    confidence="low",
    interval=(0.4, 0.6),
    findings=(Finding(criterion="c", kind="key-point", verdict="met"),),
)


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # at once and whole: a killed child leaves no half line in a buffer


def answer(store: Store, name: str, question: str, now: datetime) -> None:
    """As the app does it: the answer, its request and the end of its draft are one transaction."""
    store.put_draft(Draft(question=question, text=name, at=now))
    with store.transaction():
        store.add_answer(Answer(id=name, question=question, text="word " * 120, via="typed", at=now))
        store.add_request(Request(key=name, fingerprint="f", resource=name, at=now))
        store.remove_draft(question)
    say(f"answer {name}")
    store.add_grade(GradeRow(id=name, answer=name, grade=GRADE, grader="rules", at=now))
    say(f"grade {name}")
    store.add_override(Override(id=name, answer=name, criterion="c", verdict="missed", at=now))
    say(f"override {name}")


def review(store: Store, name: str, question: str, now: datetime) -> None:
    with store.transaction():
        before = store.card(question) or new_card(question, START)
        store.add_review(
            Review(id=name, question=question, answer=name, rating=3, at=now, before=before, after=learned(before, now))
        )
    say(f"review {name}")


def undo(store: Store, name: str, now: datetime) -> None:
    with store.transaction():
        last = store.last_review()
        if last is None:
            return
        store.add_undo(Undo(id=name, review=last.id, at=now))
    say(f"undo {name}")


def learned(card: Card, now: datetime) -> Card:
    return replace(card, state="review", stability=1.0 + card.reps, difficulty=5.0, last_review=now, reps=card.reps + 1)


def write(url: str, seed: int) -> None:
    """Write until killed; times go up from one child to the next, as a clock's would."""
    store = open_store(url)
    say("open")
    chance = random.Random(seed)
    for number in range(100_000):
        name, question = f"{seed:06}-{number:06}", f"q{chance.randrange(5)}"
        now = START + timedelta(hours=seed, milliseconds=number)
        answer(store, name, question, now)
        review(store, name, question, now)
        if chance.random() < 0.3:
            undo(store, name, now)
        store.put_preferences(Preferences(minutes_a_day=5 + number % 400))


def child(url: str, seed: int) -> None:
    say(f"pid {os.getpid()}")
    try:
        write(url, seed)
    except BaseException as error:  # noqa: BLE001 - whatever it was, the test must see it
        say(f"error {error!r}")
    finally:
        os._exit(1)


def main() -> None:
    for url in ("sqlite:///:none:", "postgresql://"):  # what a child would load is loaded before the fork
        _queries(_database(url).adapter)
    for line in sys.stdin:
        url, seed = line.split()
        pid = os.fork()
        if pid == 0:
            child(url, int(seed))
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    main()
