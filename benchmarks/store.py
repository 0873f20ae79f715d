"""This file measures the store on SQLite and on a real PostgreSQL: opening it, adding to it, reading a page of it.

Every figure is a median over `--rounds`; an added row is synced to the disk before its call returns, on both.

    uv run python benchmarks/store.py [--answers 2000] [--rounds 200]
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from sparring.grading.grade import Finding, Grade
from sparring.scheduling.card import new_card
from sparring.services.postgres import Postgres
from sparring.services.programs import find_postgres
from sparring.store import Answer, GradeRow, Review, Store, open_store

START = datetime(2026, 1, 1, tzinfo=UTC)
FINDINGS = tuple(
    Finding(criterion=f"point-{index}", kind="key-point", verdict="met", quote="a dozen words of the answer", end=27)
    for index in range(8)
)
GRADE = Grade(score=0.6, rating=2, basis="rule", confidence="medium", interval=(0.5, 0.7), findings=FINDINGS)


def answer(number: int) -> Answer:
    at = START + timedelta(minutes=number)
    return Answer(id=f"{number:08}", question=f"q{number % 300}", text="word " * 120, via="typed", at=at)


def fill(store: Store, answers: int) -> None:
    with store.transaction():
        for number in range(answers):
            row = answer(number)
            store.add_answer(row)
            store.add_grade(GradeRow(id=row.id, answer=row.id, grade=GRADE, grader="rules", at=row.at))
        for number in range(300):
            store.put_card(new_card(f"q{number}", START))


def rate(store: Store, number: int) -> None:
    before = store.card("rated") or new_card("rated", START)
    at = START + timedelta(minutes=number)
    after = replace(before, reps=before.reps + 1, last_review=at)
    store.add_review(Review(id=f"r{number}", question="rated", rating=3, at=at, before=before, after=after))


def median_ms(work: Callable[[int], object], rounds: int) -> float:
    """Return the median time of `work(number)` in milliseconds."""
    took = []
    for number in range(rounds):
        begun = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000


def measure(url: str, answers: int, rounds: int) -> dict[str, float]:
    begun = time.perf_counter()
    store = open_store(url)
    made = (time.perf_counter() - begun) * 1000
    fill(store, answers)
    figures = {
        "make a new store (ms, with loading the driver)": made,
        "open a current store (ms)": median_ms(lambda _: open_store(url).close(), 20),
        "add an answer, synced (ms)": median_ms(lambda number: store.add_answer(answer(answers + number)), rounds),
        "add a review and its card, synced (ms)": median_ms(lambda number: rate(store, number), rounds),
        "read an answer (ms)": median_ms(lambda number: store.answer(f"{number:08}"), rounds),
        "read a page of 50 answers (ms)": median_ms(lambda _: store.answers(limit=50), rounds),
        "read 300 cards (ms)": median_ms(lambda _: store.cards(), 20),
        "latest grades of 300 questions (ms)": median_ms(lambda _: store.latest_grades(), 20),
        "export everything (ms)": median_ms(lambda _: store.dump(), 3),
    }
    store.close()
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description="Measure the store.")
    options.add_argument("--answers", type=int, default=2000, help="graded answers that are there beforehand")
    options.add_argument("--rounds", type=int, default=200)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, Postgres(find_postgres(os.environ), Path(folder, "cache")) as server:
        sqlite = measure(f"sqlite:///{folder}/a.db", chosen.answers, chosen.rounds)
        server.start(Path(folder, "first"))  # makes the template
        server.stop()
        begun = time.perf_counter()
        url = server.start(Path(folder, "second"))
        print(f"a fresh PostgreSQL server, ready: {(time.perf_counter() - begun) * 1000:.0f} ms")
        postgres = measure(url, chosen.answers, chosen.rounds)
    print(f"{'with ' + str(chosen.answers) + ' graded answers':50} {'SQLite':>9} {'PostgreSQL':>11}")
    for name, figure in sqlite.items():
        print(f"{name:50} {figure:9.2f} {postgres[name]:11.2f}")


if __name__ == "__main__":
    main()
