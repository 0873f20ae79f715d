"""This file checks that two statements about the same thing are seen to disagree, and others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.grading.polarity import disagreement, refutes, turned_places


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("A retry is safe for a payment.", "A retry is not safe for a payment."),
        ("UDP guarantees delivery.", "UDP never guarantees delivery."),
        ("An index makes writes faster.", "An index makes writes slower."),
        ("The client picks the session id.", "The server picks the session id."),
        ("Acknowledge before processing the message.", "Acknowledge after processing the message."),
        ("The pool holds 10 connections per process.", "The pool holds 500 connections per process."),
        ("Reads go from the replica to the primary.", "Reads go from the primary to the replica."),
    ],
)
def test_opposite_statements_disagree(said: str, meant: str) -> None:
    assert disagreement(said, meant)
    assert disagreement(meant, said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("A retry isn't safe for a payment.", "A retry is not safe for a payment."),
        ("An index does not make writes faster.", "An index makes writes slower."),
        ("The queue is durable.", "Kubernetes never schedules a pod twice."),
        ("We use jitter.", "Add randomness so that clients do not return together."),
        ("", ""),
    ],
)
def test_statements_that_agree_or_have_no_common_subject_do_not_disagree(said: str, meant: str) -> None:
    assert not disagreement(said, meant)


@given(text=st.text())
def test_no_text_disagrees_with_itself(text: str) -> None:
    assert not disagreement(text, text)
    assert not turned_places(text, text)


REFERENCE = "The lock is released when the transaction ends. A reader never blocks a writer under snapshot isolation."


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (REFERENCE.replace("is released", "is not released"), "not"),
        (REFERENCE.replace("never blocks", "always blocks"), "always"),
        (REFERENCE.replace("never blocks", "blocks").lower().replace(".", ""), "blocks"),
    ],
)
def test_a_copy_with_its_meaning_turned_is_found_at_the_change(said: str, words: str) -> None:
    (place,) = turned_places(said, REFERENCE)
    assert said[place:].startswith(words)


def test_an_honest_paraphrase_turns_nothing() -> None:
    said = "Under snapshot isolation readers do not block writers, and a lock lives until the end of the transaction."
    assert turned_places(said, REFERENCE) == []


def test_a_claim_that_is_mentioned_to_be_denied_is_refuted() -> None:
    claim = "Lower the isolation level."
    assert refutes("A lower isolation level doesn't help.", claim)
    assert not refutes("I would set a lower isolation level.", claim)
