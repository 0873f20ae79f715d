"""Everything goes out and comes back; what is here is never changed, and a hostile file writes nothing."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sparring import wiring
from sparring.grading.embedding import Encoder
from sparring.practice import Practice, Refused, archive, imports
from sparring.settings import Preferences, read_settings

DOCUMENT = b"Question 1: What is a ULID?\nAnswer: A sortable identifier. It begins with a timestamp.\n"


@pytest.fixture(scope="session")
def lived_in_home(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data folder with answers, an override, reviews, an undo, a draft, settings and an imported question."""
    home = tmp_path_factory.mktemp("lived") / "home"
    practice = wiring.practice(read_settings({}, str(home)), encoder)
    moments = (dt.datetime(2026, 11, 19, tzinfo=dt.UTC) + dt.timedelta(minutes=47 * n) for n in range(1000))
    practice.now = lambda: next(moments)
    imports.apply(practice, imports.plan(practice, imports.find([("notes.txt", DOCUMENT)])))
    practice.set_preferences(Preferences(years=5, minutes_a_day=25))
    for name in ("idempotency", "deadlocks", "what-is-a-ulid"):
        answer = practice.submit(name, "One key for each intent. It is sortable.")
        practice.result(answer.id)
        practice.rate(answer.id, 3)
    practice.override(answer.id, practice.question("what-is-a-ulid").points[0].id, "met")
    practice.undo()
    practice.save_draft("pagination", "Keyset")
    practice.store.close()
    return home


@pytest.fixture
def lived_in(lived_in_home: Path, tmp_path: Path, open_practice: Callable[[Path], Practice]) -> Practice:
    """A practice over a copy of that folder."""
    shutil.copytree(lived_in_home, tmp_path / "home")
    return open_practice(tmp_path / "home")


def _files(practice: Practice) -> dict[str, bytes]:
    packs = practice.settings.packs
    return {each.relative_to(packs).as_posix(): each.read_bytes() for each in packs.rglob("*") if each.is_file()}


def test_an_export_read_into_a_fresh_folder_gives_the_same_again(
    lived_in: Practice, tmp_path: Path, open_practice: Callable[[Path], Practice]
) -> None:
    exported = archive.export(lived_in, "json")
    other = open_practice(tmp_path / "other")
    assert "reviews are here now" in archive.restore(other, "json", exported, "a.json")
    assert archive.export(other, "json") == exported
    assert _files(other) == _files(lived_in)
    assert other.preferences() == lived_in.preferences()
    assert other.plan() == lived_in.plan()


def test_a_restore_adds_what_is_missing_and_changes_nothing_that_is_here(
    lived_in: Practice, tmp_path: Path, open_practice: Callable[[Path], Practice]
) -> None:
    exported = archive.export(lived_in, "json")
    used = open_practice(tmp_path / "used")
    mine = used.submit("idempotency", "My own.")
    card = used.rate(mine.id, 4).after
    used.save_draft("pagination", "Mine")
    used.set_preferences(Preferences(years=7))
    own = used.settings.packs / next(iter(_files(lived_in)))
    own.parent.mkdir(parents=True)
    own.write_text("edited")

    archive.restore(used, "json", exported, "a.json")
    assert used.store.card("idempotency") == card
    assert used.preferences().years == 7
    assert own.read_text() == "edited"
    draft = used.store.draft("pagination")
    assert draft is not None
    assert draft.text == "Mine"
    assert used.store.answer(mine.id) == mine
    assert used.store.card("deadlocks") == lived_in.store.card("deadlocks")
    once = archive.dump(used)
    archive.restore(used, "json", exported, "a.json")
    assert archive.dump(used) == once


@pytest.mark.parametrize(
    "name",
    ["../out.md", "/tmp/out.md", "a/../../out.md", "imported/x.py", "imported/run", "..", "", "a\0.md", "x/.."],
)
def test_an_export_that_names_files_elsewhere_is_refused_whole(lived_in: Practice, name: str) -> None:
    document = archive.dump(lived_in)
    before = (archive.dump(lived_in), sorted(lived_in.settings.home.parent.rglob("*")))
    document["packs"]["imported/questions/imported/fine.md"] = "fine"
    document["packs"][name] = "hostile"
    with pytest.raises(Refused, match="cannot be written here"):
        archive.load(lived_in, document)
    assert (archive.dump(lived_in), sorted(lived_in.settings.home.parent.rglob("*"))) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"not JSON", b'{"sparring": 2}', b'{"sparring": 1, "packs": {}, "store": {}}', b"\xff\xfe"],
)
def test_what_is_no_export_is_refused_and_changes_nothing(lived_in: Practice, content: bytes) -> None:
    before = archive.dump(lived_in)
    with pytest.raises(Refused):
        archive.restore(lived_in, "json", content, "a.json")
    assert archive.dump(lived_in) == before


@pytest.mark.parametrize("form", ["csv", "anki"])
def test_our_own_notes_are_recognised_and_change_nothing(lived_in: Practice, form: str) -> None:
    exported = archive.export(lived_in, form)
    before = archive.dump(lived_in)
    told = archive.restore(lived_in, form, exported, "deck")
    assert told.startswith(f"{len(lived_in.catalog.questions)} notes are questions of this bank")
    assert archive.dump(lived_in) == before


@pytest.mark.parametrize("form", ["csv", "anki"])
def test_notes_of_a_question_that_is_not_here_become_drafts(
    lived_in: Practice, tmp_path: Path, open_practice: Callable[[Path], Practice], form: str
) -> None:
    exported = archive.export(lived_in, form)
    other = open_practice(tmp_path / "other")
    assert "Of the others, 1 questions: 1 new" in archive.restore(other, form, exported, "deck")
    draft = next(each for each in other.catalog.questions.values() if each.draft)
    assert draft.prompt == "What is a ULID?"
    assert "It begins with a timestamp." in draft.answer


def test_somebody_elses_sheet_becomes_drafts_and_its_html_becomes_text(practice: Practice) -> None:
    sheet = (
        b'question,answer\n"What is <b>WAL</b>?<br>In one line.","<p>A {{c1::log::hint}}.</p><p>Written first.</p>"\n'
    )
    told = archive.restore(practice, "csv", sheet, "mine.csv")
    assert told.startswith("0 notes are questions of this bank")
    draft = next(each for each in practice.catalog.questions.values() if each.draft)
    assert draft.prompt == "What is WAL? In one line."
    assert draft.answer.split("\n\n") == ["A log.", "Written first."]
    assert draft.origins[0].source == "mine.csv"


def test_the_form_follows_from_the_name() -> None:
    assert [archive.form_of(name) for name in ("a.json", "a.CSV", "b.apkg", "b")] == ["json", "csv", "anki", "json"]


def test_an_unknown_form_is_refused(practice: Practice) -> None:
    with pytest.raises(Refused, match="json, csv, anki"):
        archive.export(practice, "xml")
    with pytest.raises(Refused, match="json, csv, anki"):
        archive.restore(practice, "xml", b"", "a")
