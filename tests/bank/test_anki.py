import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from sparring.bank import anki
from sparring.bank.anki import BadPackage, Note, read_apkg, write_apkg
from sparring.bank.catalog import Pack, bundled, load_catalog
from sparring.bank.flashcards import FIELDS, flashcard_of
from sparring.content import Experience, Point, Question
from sparring.scheduling.card import new_card, suspend

pytest.importorskip("anki.collection", reason="the anki package is a development dependency")
from anki.collection import Collection, ImportLogWithChanges
from anki.decks import DeckId

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CAP = Question(
    id="cap-theorem",
    kind="concept",
    topic="databases",
    title="CAP & <friends>",
    years=Experience(from_=2, sweet=3),
    stacks=("Spring Boot", "C++"),
    points=(Point(id="choose", says="With a `partition`, choose C or A."),),
    prompt="What is **CAP**?\n\n```python\nif a < b and c > d:\n    print('<script>')\n```",
    answer="Pick two.\n\n<script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |",
)
ACID = replace(CAP, id="acid", title="ACID", prompt="What is ACID?", answer="Four things.")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Collection]:
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def take_in(into: Collection, package: Path) -> ImportLogWithChanges.Log:
    from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    request = ImportAnkiPackageRequest(
        package_path=str(package), options=ImportAnkiPackageOptions(with_scheduling=True)
    )
    return into.import_anki_package(request).log


def test_anki_takes_our_package(empty: Collection, tmp_path: Path) -> None:
    write_apkg(tmp_path / "a.apkg", [CAP, ACID], NOW)
    log = take_in(empty, tmp_path / "a.apkg")
    assert len(log.new) == 2
    (note,) = (empty.get_note(number) for number in empty.find_notes("CAP tag:topic::databases"))
    assert note.guid == "sparring-cap-theorem"
    assert note.tags == ["kind::concept", "stack::C++", "stack::Spring-Boot", "topic::databases", "years::2"]
    assert note.fields == [getattr(flashcard_of(CAP), name) for name in FIELDS]
    assert empty.card_count() == len(empty.find_cards("deck:Sparring is:new")) == 2


def test_anki_shows_both_sides(empty: Collection, tmp_path: Path) -> None:
    write_apkg(tmp_path / "a.apkg", [CAP], NOW)
    take_in(empty, tmp_path / "a.apkg")
    card = empty.get_card(empty.find_cards("")[0])
    assert "What is <strong>CAP</strong>?" in card.question()
    assert "if a &lt; b and c &gt; d:\n    print('&lt;script&gt;')" in card.question()
    assert "CAP &amp; &lt;friends&gt;" in card.question()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card.answer()
    assert "<td>1</td>" in card.answer()
    assert "<li>With a <code>partition</code>, choose C or A.</li>" in card.answer()


def test_taking_it_in_again_updates_and_adds_nothing_twice(empty: Collection, tmp_path: Path) -> None:
    write_apkg(tmp_path / "a.apkg", [CAP, ACID], NOW)
    take_in(empty, tmp_path / "a.apkg")
    write_apkg(tmp_path / "b.apkg", [replace(CAP, answer="Changed."), ACID], NOW + timedelta(minutes=1))
    log = take_in(empty, tmp_path / "b.apkg")
    assert len(log.new) == 0
    assert empty.note_count() == empty.card_count() == 2
    (note,) = (empty.get_note(number) for number in empty.find_notes("CAP"))
    assert note["answer"] == "<p>Changed.</p>"


def test_suspended_and_due_are_carried_over(empty: Collection, tmp_path: Path) -> None:
    cards = [suspend(new_card("acid", NOW)), new_card("cap-theorem", NOW + timedelta(days=9)), new_card("gone", NOW)]
    write_apkg(tmp_path / "a.apkg", [CAP, ACID, replace(ACID, id="base")], NOW, cards)
    take_in(empty, tmp_path / "a.apkg")
    assert len(empty.find_cards("is:suspended")) == 1
    waiting = empty.find_cards("is:new -is:suspended", order="c.due")
    guids = [empty.get_card(number).note().guid for number in waiting]
    assert guids == ["sparring-base", "sparring-cap-theorem"]


def test_all_bundled_questions_go_in(empty: Collection, tmp_path: Path) -> None:
    questions = load_catalog([Pack("bundled", bundled())]).questions.values()
    write_apkg(tmp_path / "a.apkg", questions, NOW)
    assert len(take_in(empty, tmp_path / "a.apkg").new) == len(questions) > 0


def test_the_same_questions_give_the_same_bytes(tmp_path: Path) -> None:
    for name, questions in (("a", [CAP, ACID]), ("b", [ACID, CAP])):
        write_apkg(tmp_path / name, questions, NOW)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    write_apkg(tmp_path / "a.apkg", [CAP], NOW)
    read_apkg(tmp_path / "a.apkg")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_our_package_is_read_back(tmp_path: Path) -> None:
    write_apkg(tmp_path / "a.apkg", [CAP], NOW)
    card = flashcard_of(CAP)
    fields = {name: getattr(card, name) for name in FIELDS}
    assert read_apkg(tmp_path / "a.apkg") == [Note(guid=card.guid, fields=fields, tags=card.tags)]


def export(out_of: Collection, package: Path, *, legacy: bool) -> None:
    from anki.import_export_pb2 import ExportAnkiPackageOptions

    options = ExportAnkiPackageOptions(legacy=legacy)
    out_of.export_anki_package(out_path=str(package), options=options, limit=None)


def test_a_package_that_anki_exported_is_read(empty: Collection, tmp_path: Path) -> None:
    for front in ("<b>One</b>", "Two"):
        note = empty.new_note(empty.models.current())
        note.fields = [front, "back\nof it"]
        note.tags = ["a::b", "c"]
        empty.add_note(note, DeckId(1))
    export(empty, tmp_path / "a.apkg", legacy=True)
    notes = read_apkg(tmp_path / "a.apkg")
    assert [dict(note.fields) for note in notes] == [
        {"Front": "<b>One</b>", "Back": "back\nof it"},
        {"Front": "Two", "Back": "back\nof it"},
    ]
    assert notes[0].tags == ("a::b", "c")
    assert notes[0].guid


def test_the_newest_format_is_refused_with_the_option_to_choose(empty: Collection, tmp_path: Path) -> None:
    export(empty, tmp_path / "a.apkg", legacy=False)
    with pytest.raises(BadPackage, match="Support older Anki versions"):
        read_apkg(tmp_path / "a.apkg")


def damaged(package: bytes) -> dict[str, bytes]:
    middle = len(package) // 2
    return {
        "empty": b"",
        "text": b"Front,Back\n",
        "cut short": package[:middle],
        "bits flipped": package[:middle]
        + bytes(byte ^ 0xFF for byte in package[middle : middle + 50])
        + package[middle + 50 :],
    }


@pytest.mark.parametrize("how", ["empty", "text", "cut short", "bits flipped"])
def test_a_damaged_package_is_refused(tmp_path: Path, how: str) -> None:
    write_apkg(tmp_path / "a.apkg", [CAP, ACID], NOW)
    (tmp_path / "bad.apkg").write_bytes(damaged((tmp_path / "a.apkg").read_bytes())[how])
    with pytest.raises(BadPackage, match="export a"):
        read_apkg(tmp_path / "bad.apkg")


def archive(path: Path, content: bytes, name: str = "collection.anki2") -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(name, content)
    return path


def database(*statements: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


NOTES = "CREATE TABLE notes (id, guid, mid, tags, flds)"
MODELS = """INSERT INTO col VALUES ('{"7": {"flds": [{"name": "Front"}]}}')"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no database", "cannot be read"),
        (database("CREATE TABLE other (a)"), "has no notes"),
        (database("CREATE TABLE col (models)", "CREATE VIEW notes AS SELECT 1 AS guid"), "has no notes"),
        (
            database("CREATE TABLE col (models)", NOTES, "INSERT INTO notes VALUES (1, 'g', 7, '', '')"),
            "cannot be read",
        ),
        (database("CREATE TABLE col (models)", NOTES, "INSERT INTO col VALUES (5)"), "cannot be read"),
        (database("CREATE TABLE col (models)", NOTES, "INSERT INTO col VALUES ('{]')"), "cannot be read"),
        (
            database("CREATE TABLE col (models)", NOTES, MODELS, "INSERT INTO notes VALUES (1, 'g', 8, '', '')"),
            "cannot",
        ),
        (
            database("CREATE TABLE col (models)", NOTES, MODELS, "INSERT INTO notes VALUES (1, 'g', 7, '', 'a\x1fb')"),
            "cannot be read",
        ),
    ],
)
def test_a_wrong_collection_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(BadPackage, match=reason):
        read_apkg(archive(tmp_path / "a.apkg", content))


def test_an_archive_without_a_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPackage, match="no Anki collection"):
        read_apkg(archive(tmp_path / "a.apkg", b"", "word/document.xml"))


def test_a_package_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki, "LARGEST_BYTES", 1000)
    with pytest.raises(BadPackage, match="unpacks to more than"):
        read_apkg(archive(tmp_path / "a.apkg", bytes(1001)))
