import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sparring.grading.grade import Finding, Grade
from sparring.scheduling.card import new_card
from sparring.settings import Preferences
from sparring.store import (
    Answer,
    BadExport,
    Draft,
    GradeRow,
    Override,
    Request,
    Review,
    Store,
    Undo,
    export,
    open_store,
)

NOON = datetime(2026, 11, 22, 12, 0, 0, 7, tzinfo=UTC)
GRADE = Grade(
    score=1 / 3,
    rating=2,
    basis="rule",
    confidence="low",
    interval=(0.1, 0.7),
    findings=(Finding(criterion="c", kind="key-point", verdict="met", quote="größer 🐘", end=8),),
)


def fill(store: Store, prefix: str = "", question: str = "cap") -> None:
    card = new_card(question, NOON)
    after = replace(card, state="review", stability=0.1 + 0.2, last_review=NOON, reps=1)
    later = NOON + timedelta(days=1)
    store.add_answer(Answer(id=f"{prefix}a1", question=question, text='"x"\n', seconds=1.1, via="typed", at=NOON))
    store.add_grade(GradeRow(id=f"{prefix}g1", answer=f"{prefix}a1", grade=GRADE, grader="rules", at=NOON))
    store.add_override(Override(id=f"{prefix}o1", answer=f"{prefix}a1", criterion="c", verdict="met", at=NOON))
    store.add_review(
        Review(id=f"{prefix}r1", question=question, answer=f"{prefix}a1", rating=3, at=NOON, before=card, after=after)
    )
    store.add_review(Review(id=f"{prefix}r2", question=question, rating=1, at=later, before=after, after=card))
    store.add_undo(Undo(id=f"{prefix}u1", review=f"{prefix}r2", at=later))
    store.put_draft(Draft(question=question, text="half", at=NOON))
    store.add_request(Request(key=f"{prefix}k", fingerprint="f", resource="a1", at=NOON))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    yield opened
    opened.close()


def test_everything_comes_back_in_another_store(store: Store, other: Store) -> None:
    fill(store)
    store.put_preferences(Preferences(minutes_a_day=15, interview_on=NOON.date()))
    document = json.loads(json.dumps(store.dump()))
    other.load(document)
    assert other.contents() == store.contents()
    assert other.dump() == document
    assert other.card("cap") == store.card("cap")


def test_it_goes_from_either_database_to_the_other(store: Store, other: Store) -> None:
    fill(other)
    store.load(other.dump())
    assert store.dump() == other.dump()


def test_an_empty_store_goes_through_too(store: Store, other: Store) -> None:
    other.load(store.dump())
    assert (
        other.dump()
        == store.dump()
        == {
            "format": "sparring-export",
            "version": 1,
            **{name: [] for name in export.QUERIES},
            "preferences": None,
        }
    )


def test_loading_twice_adds_nothing(store: Store) -> None:
    fill(store)
    document = store.dump()
    store.load(document)
    assert store.dump() == document


def test_loading_merges_and_changes_nothing_that_is_there(store: Store, other: Store) -> None:
    fill(store, "x", "acid")
    store.put_preferences(Preferences(minutes_a_day=15))
    mine = store.contents()
    fill(other, "x", "base")  # the same ids, other rows
    fill(other, "y", "cap")
    other.put_preferences(Preferences(minutes_a_day=99))
    store.load(other.dump())
    merged = store.contents()
    assert set(mine.answers) < set(merged.answers)
    assert {row.id for row in merged.answers} == {"xa1", "ya1"}
    assert set(mine.reviews) < set(merged.reviews)
    assert store.card("acid") == mine.cards[0]
    assert {card.question for card in merged.cards} == {"acid", "base", "cap"}
    assert merged.preferences == Preferences(minutes_a_day=15)


Spoil = Callable[[dict[str, Any]], object]
SPOILT: list[tuple[Spoil, str]] = [
    (lambda d: d.update(format="anki"), r'\$\.format: is not "sparring-export"'),
    (lambda d: d.update(version=2), r"\$\.version: is 2, this Sparring reads 1; update Sparring"),
    (lambda d: d.pop("version"), r"\$\.version: is None"),
    (lambda d: d.update(extra=[]), r"unknown field `extra`"),
    (lambda d: d.update(answers=5), r"\$\.answers: Expected `array`, got `int`"),
    (lambda d: d["answers"][0].pop("text"), r"\$\.answers\[0\]: Object missing required field `text`"),
    (lambda d: d["answers"][0].update(at="noon"), r"\$\.answers\[0\]\.at: "),
    (lambda d: d["answers"][0].update(at="2026-11-22T12:00:00"), r"\$\.answers\[0\].*time without a zone"),
    (lambda d: d["answers"][0].update(text="a\0b"), r"\$\.answers\[0\]: `text` of this Answer has a NUL"),
    (lambda d: d["answers"].append(d["answers"][0]), r"\$\.answers\[1\]: that id or key is taken"),
    (lambda d: d["reviews"][0].update(rating=5), r"\$\.reviews\[0\]\.rating: Expected `int` <= 4"),
    (lambda d: d["reviews"][1].update(answer="a9"), r"\$\.reviews\[1\]: the row it refers to is not there"),
    (lambda d: d["grades"][0].update(answer="a9"), r"\$\.grades\[0\]: the row it refers to is not there"),
    (lambda d: d["grades"][0]["grade"].update(score="high"), r"\$\.grades\[0\]\.grade\.score: Expected `float`"),
    (lambda d: d["undos"][0].update(review="r9"), r"\$\.undos\[0\]: the row it refers to is not there"),
    (lambda d: d["cards"][0].update(due="2026-11-22T12:00:00"), r"\$\.cards\[0\].*has no time zone"),
    (lambda d: d.update(preferences={"minutes_a_day": 1}), r"\$\.preferences\.minutes_a_day: "),
]


@pytest.mark.parametrize(("spoil", "reason"), SPOILT)
def test_a_bad_document_is_refused_with_its_place_and_changes_nothing(
    store: Store, other: Store, spoil: Spoil, reason: str
) -> None:
    fill(other)
    document = json.loads(json.dumps(other.dump()))
    spoil(document)
    with pytest.raises(BadExport, match=reason):
        store.load(document)
    assert store.answers() == []
    assert store.cards() == []


@pytest.mark.parametrize("document", [None, 5, [], "text", {}, {"format": ["sparring-export"]}])
def test_what_is_no_document_at_all_is_refused(store: Store, document: Any) -> None:
    with pytest.raises(BadExport, match="format"):
        store.load(document)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> str:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'a.db'}")
    fill(store)
    store.put_preferences(Preferences())
    text = json.dumps(store.dump())
    store.close()
    return text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_document_with_any_value_replaced_is_taken_or_refused(
    other: Store, example: str, data: st.DataObject
) -> None:
    document = json.loads(example)
    place: Any = document
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(VALUES)
    before = other.contents()
    try:
        other.load(document)
    except BadExport:
        assert other.contents() == before
