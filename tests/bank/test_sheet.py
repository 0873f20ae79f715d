from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.bank.anki import write_apkg
from sparring.bank.catalog import Pack, bundled, load_catalog
from sparring.bank.flashcards import Flashcard, flashcard_of
from sparring.bank.sheet import BadSheet, read_sheet, write_flashcards, write_sheet
from sparring.content import Experience, Point, Question

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
question = Question(
    id="cap",
    kind="concept",
    topic="databases",
    title="CAP",
    years=Experience(from_=2, sweet=3),
    points=(Point(id="choose", says="Choose C or A."),),
    prompt="What is CAP?",
    answer="Pick two.",
)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
FILLED = TEXTS.filter(str.strip)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=9)
CARDS = st.builds(
    Flashcard,
    guid=FILLED,
    question=FILLED,
    answer=FILLED,
    points=TEXTS,
    title=TEXTS,
    tags=st.lists(WORDS, max_size=3).map(tuple),
)


@given(st.lists(CARDS, max_size=3, unique_by=lambda card: card.guid))
def test_what_is_written_is_read_back(cards: list[Flashcard]) -> None:
    assert read_sheet(write_flashcards(cards)) == cards


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_its_row(text: str) -> None:
    try:
        read_sheet(text)
    except BadSheet as error:
        assert str(error).startswith(("row ", "#separator"))  # noqa: PT017 - either outcome is right


@given(st.lists(CARDS, min_size=1, max_size=3, unique_by=lambda card: card.guid), st.data())
def test_a_sheet_with_one_character_changed_never_crashes(cards: list[Flashcard], data: st.DataObject) -> None:
    text = write_flashcards(cards)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.sampled_from(["", '"', ",", "\n", "\r", "#", "\0"])) + text[place + 1 :]
    try:
        read_sheet(changed)
    except BadSheet as error:
        assert str(error).startswith(("row ", "#separator"))  # noqa: PT017 - either outcome is right


def test_the_bundled_questions_are_written_with_ankis_headers() -> None:
    questions = list(load_catalog([Pack("bundled", bundled())]).questions.values())
    text = write_sheet(questions)
    assert text.startswith(
        "#separator:Comma\n#html:true\n#notetype:Sparring question\n#deck:Sparring\n#tags column:5\n#guid column:6\n"
        "#columns:question,answer,points,title,tags,guid\n"
    )
    assert read_sheet(text) == [flashcard_of(each) for each in questions]


def test_anki_takes_our_sheet_as_more_of_our_deck(tmp_path: Path) -> None:
    collection = pytest.importorskip("anki.collection", reason="the anki package is a development dependency")
    from anki.import_export_pb2 import ImportAnkiPackageRequest, ImportCsvRequest

    write_apkg(tmp_path / "a.apkg", [question], NOW)
    changed = Flashcard(guid="sparring-cap", question='"a"\n<b>', answer="b", title="CAP", tags=("x::y",))
    added = Flashcard(guid="#g,2", question="#c", answer="d")
    (tmp_path / "a.csv").write_text(write_flashcards([changed, added]), "utf-8")
    opened = collection.Collection(str(tmp_path / "collection.anki2"))
    opened.import_anki_package(ImportAnkiPackageRequest(package_path=str(tmp_path / "a.apkg")))
    for _ in range(2):
        metadata = opened.get_csv_metadata(str(tmp_path / "a.csv"), None)
        opened.import_csv(ImportCsvRequest(path=str(tmp_path / "a.csv"), metadata=metadata))
    notes = {note.guid: (note.fields, note.tags) for note in map(opened.get_note, opened.find_notes("deck:Sparring"))}
    opened.close()
    assert notes == {
        "sparring-cap": (['"a"\n<b>', "b", "", "CAP"], ["x::y"]),
        "#g,2": (["#c", "d", "", ""], []),
    }


def test_a_plain_table_from_a_spreadsheet_is_read() -> None:
    text = '\ufeffAnswer;Question\r\n"It; is.\r\nReally.";What is it?\r\n\r\nYes.;Is it?\r\n'
    assert read_sheet("#separator:semicolon\r\n" + text.removeprefix("\ufeff")) == [
        Flashcard(guid="", question="What is it?", answer="It; is.\r\nReally."),
        Flashcard(guid="", question="Is it?", answer="Yes."),
    ]
    assert read_sheet("\ufeffquestion,answer\na,b") == [Flashcard(guid="", question="a", answer="b")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "row 1: the file is empty"),
        ("#separator:semi\nquestion,answer\n", "#separator: 'semi' is not known"),
        ("#deck Sparring\n", "row 1: '#deck Sparring' is no header"),
        ("#html:true\n#html:true\n", "row 2: '#html:true' is no header, or stands twice"),
        ("question,reply\n", "row 1, column 2: 'reply' is not known"),
        ("question,answer,Question\n", "row 1, column 3: 'question' is not known or stands twice"),
        ("question,tags\n", "row 1: there is no column 'answer'"),
        ("question,answer\na,b\nc\n", "row 3, column 2: there are 1 cells for 2 columns"),
        ("question,answer\na,b,c\n", "row 2, column 3: there are 3 cells for 2 columns"),
        ('question,answer\n"a\n\nb",c\nd,\n', "row 5, column answer: is empty"),
        ('question,answer\na,"b\n', "row 2: unexpected end of data"),
        ('question,answer\na,"b"c\n', "row 2: ',' expected after '\"'"),
        ("question,answer\na,b\0\n", "row 2, column answer: has a NUL character"),
        ("guid,question,answer\ng,a,b\ng,c,d\n", "row 3, column guid: 'g' stands in row 2 already"),
        ("#columns:guid,question,answer\n,a,b\n,c,d\ng, ,d\n", "row 4, column question: is empty"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(text: str, reason: str) -> None:
    with pytest.raises(BadSheet) as caught:
        read_sheet(text)
    assert str(caught.value).startswith(reason)
