import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from sparring.scheduling.card import new_card
from sparring.store import Answer, Review, Stale, Store, StoreError, Taken, open_store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def answer(name: str) -> Answer:
    return Answer(id=name, question="cap", text="x", via="typed", at=NOON)


def rate(store: Store, name: str) -> None:
    """Read the card, then keep a review of it, as the app does; what was read must stay true in between."""
    with store.transaction():
        before = store.card("cap") or new_card("cap", NOON)
        after = replace(before, reps=before.reps + 1, last_review=NOON)
        at = NOON + timedelta(seconds=before.reps)
        store.add_review(Review(id=name, question="cap", rating=3, at=at, before=before, after=after))


def test_many_threads_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: rate(store, f"r{number:03}"), range(160)))
        found = list(pool.map(lambda _: len(store.reviews()), range(16)))
    assert found == [160] * 16
    card = store.card("cap")
    assert card is not None
    assert card.reps == 160


def test_no_more_connections_are_kept_than_threads_worked_at_once(store: Store) -> None:
    for _ in range(50):  # threads come and go in a web server
        thread = threading.Thread(target=store.cards)
        thread.start()
        thread.join()
    assert len(store._connections._idle) == 1


BESIDE = """
import sys
from datetime import UTC, datetime, timedelta
from msgspec.structs import replace
from sparring.scheduling.card import new_card
from sparring.store import Review, open_store

now = datetime(2026, 11, 22, 12, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()  # all begin at once
store = open_store(sys.argv[1])
for number in range(20):
    with store.transaction():
        before = store.card("cap") or new_card("cap", now)
        after = replace(before, reps=before.reps + 1, last_review=now)
        at = now + timedelta(seconds=before.reps)
        name = f"r{sys.argv[2]}-{number:02}"
        store.add_review(Review(id=name, question="cap", rating=3, at=at, before=before, after=after))
store.close()
"""


def test_many_processes_open_a_new_store_at_once_and_lose_nothing(store_url: str) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", BESIDE, store_url, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for number in range(4)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(b"go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate()
    assert [worker.returncode for worker in workers] == [0] * 4
    store = open_store(store_url)
    card = store.card("cap")
    assert card is not None
    assert card.reps == len(store.reviews()) == 80
    store.close()


def test_of_two_who_rate_the_same_card_the_second_is_told(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    before = new_card("cap", NOON)
    first = Review(id="r1", question="cap", rating=3, at=NOON, before=before, after=replace(before, last_review=NOON))
    store.add_review(first)
    with pytest.raises(Stale):
        other.add_review(replace(first, id="r2"))
    other.close()


def test_of_two_with_the_same_id_at_once_one_is_told(store: Store) -> None:
    start = threading.Barrier(8)

    def add(_: int) -> bool:
        start.wait()
        try:
            store.add_answer(answer("a1"))
        except Taken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(add, range(8))) == [False] * 7 + [True]


def test_nobody_sees_a_transaction_before_it_ends(store: Store) -> None:
    with ThreadPoolExecutor(1) as other:
        with store.transaction():
            store.add_answer(answer("a1"))
            assert [each.id for each in store.answers()] == ["a1"]
            assert other.submit(store.answers).result() == []
        assert len(other.submit(store.answers).result()) == 1


def test_an_error_of_the_database_that_is_passed_over_keeps_nothing(store: Store) -> None:
    def pass_over() -> None:
        with store.transaction():
            store.add_answer(answer("a1"))
            with pytest.raises(StoreError):
                store._connections.call(lambda connection: connection.execute("SELECT nonsense"))
            store.add_answer(answer("a2"))

    try:
        pass_over()
    except StoreError:
        assert store.answers() == []  # PostgreSQL gives the whole transaction up, and says so
    else:
        assert len(store.answers()) == 2  # SQLite goes on
    store.add_answer(answer("a3"))


def test_an_interrupt_in_a_transaction_leaves_nothing(store: Store) -> None:
    def interrupted() -> None:
        with store.transaction():
            store.add_answer(answer("a1"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert store.answers() == []
