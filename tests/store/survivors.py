"""This file checks what a store still has after its writer was killed."""

import sqlite3

from sparring.scheduling.card import Card
from sparring.store import open_store
from sparring.store.rows import Contents

Acknowledged = dict[str, set[str]]
"""By kind (answer, grade, override, review, undo) the ids of the rows that the store had acknowledged."""


def check(url: str, acknowledged: Acknowledged) -> None:
    """Assert that everything acknowledged is there, and that nothing is there by half."""
    assert "error" not in acknowledged, acknowledged["error"]
    store = open_store(url)
    contents = store.contents()
    store.close()
    kept = {
        "answer": {row.id for row in contents.answers},
        "grade": {row.id for row in contents.grades},
        "override": {row.id for row in contents.overrides},
        "review": {row.id for row in contents.reviews},
        "undo": {row.id for row in contents.undos},
    }
    for kind, names in kept.items():
        assert acknowledged[kind] <= names, f"lost: {sorted(acknowledged[kind] - names)}"
    assert {row.resource for row in contents.requests} <= kept["answer"]
    assert {card.question: card for card in contents.cards} == replayed(contents), "a card is not what the log leads to"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def replayed(contents: Contents) -> dict[str, Card]:
    """Return the cards that the log alone leads to."""
    undone = {undo.review for undo in contents.undos}
    return {row.question: row.after for row in contents.reviews if row.id not in undone}
