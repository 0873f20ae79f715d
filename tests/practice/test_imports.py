"""Questions come in from documents: found, compared, shown, and kept, or refused with nothing changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sparring.bank.importers import LARGEST_BYTES
from sparring.practice import Practice, Refused, Unknown, imports

DOCUMENT = b"""\
Question 1: What does a Kafka consumer group do when a member dies?
Answer: The coordinator notices the missing heartbeats. It assigns the partitions of the dead member to the others.

Question 2: What is a deadlock in a database and how do you avoid deadlocks?
Answer: Two transactions wait for each other. Take the locks in one order.
"""


def _files(practice: Practice) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in practice.settings.home.rglob("*") if each.suffix == ".md"}


def test_planning_shows_what_would_happen_and_changes_nothing(practice: Practice) -> None:
    planned = imports.plan(practice, imports.find([("notes.txt", DOCUMENT)]))
    fates = imports.fates(planned)
    assert [(each.found.number, each.what) for each in fates] == [("1", "new"), ("2", "asked")]
    assert fates[1].question == "deadlocks"
    assert imports.summary(planned, dry_run=True).endswith("Nothing is changed yet.")
    assert _files(practice) == {}


def test_what_is_kept_can_be_practised_at_once_and_a_second_time_adds_nothing(practice: Practice) -> None:
    found = imports.find([("notes.txt", DOCUMENT)])
    imports.apply(practice, imports.plan(practice, found))
    draft = next(each for each in practice.catalog.questions.values() if each.draft)
    assert draft.pack == imports.IMPORTED
    assert practice.result(practice.submit(draft.id, "Others take over its partitions.").id).rubric.proposed
    before = _files(practice)
    again = imports.plan(practice, found)
    assert {each.what for each in imports.fates(again)} == {"known"}
    imports.apply(practice, again)
    assert _files(practice) == before


@pytest.mark.parametrize("name", ["../out", "a/b", "", "Upper", "/abs", ".hidden"])
def test_a_pack_is_never_written_outside_its_folder(practice: Practice, name: str) -> None:
    with pytest.raises(Refused, match="no name for a pack"):
        imports.plan(practice, imports.find([("notes.txt", DOCUMENT)]), into=name)


def test_an_upload_waits_through_a_restart_until_it_is_kept(
    tmp_path: Path, open_practice: Callable[[Path], Practice]
) -> None:
    first = open_practice(tmp_path)
    upload = imports.receive(first, "../../My notes (1).txt", DOCUMENT)
    assert (tmp_path / "uploads" / upload).is_file()
    first.store.close()
    second = open_practice(tmp_path)
    assert len(imports.fates(imports.preview(second, upload))) == 2
    imports.keep(second, upload)
    with pytest.raises(Unknown, match="choose the file again"):
        imports.preview(second, upload)
    with pytest.raises(Unknown):
        imports.keep(second, upload)


@pytest.mark.parametrize("upload", ["../sparring.db", "..", "", "none", "a/b", "/etc/hostname"])
def test_only_an_upload_is_read_as_one(practice: Practice, upload: str) -> None:
    with pytest.raises(Unknown):
        imports.preview(practice, upload)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("bread.txt", b"Milk and bread."),
        ("broken.apkg", b"PK\x03\x04 is all"),
        ("empty.csv", b""),
        ("odd.csv", b"colour,shape\nred,round\n"),
    ],
)
def test_a_file_with_nothing_in_it_is_refused_and_not_kept(practice: Practice, name: str, data: bytes) -> None:
    with pytest.raises(Refused, match=name):
        imports.receive(practice, name, data)
    assert list((practice.settings.home / "uploads").glob("*")) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(Refused, match="split it"):
        imports.read(large)
    with pytest.raises(Refused, match=r"none\.txt: cannot be read"):
        imports.read(tmp_path / "none.txt")


def test_questions_that_ask_the_same_are_grouped_across_documents_and_with_the_bank(practice: Practice) -> None:
    found = imports.find(
        [("notes.txt", DOCUMENT), ("more.txt", DOCUMENT.replace(b"consumer group", b"consumer-group"))]
    )
    alone = imports.similar(practice, found, with_bank=False).groups
    assert [sorted(each["source"] for each in group) for group in alone] == [["more.txt", "notes.txt"]] * 2
    assert all(each.keys() == {"source", "number", "text"} for group in alone for each in group)
    with_bank = imports.similar(practice, found, with_bank=True).groups
    assert any(each["number"] == "deadlocks" for group in with_bank for each in group)
