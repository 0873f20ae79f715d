from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from sparring.grading.grade import Cost, Finding, Grade, Offline
from sparring.scheduling.card import Card
from sparring.store import Answer, GradeRow, Override, Review, Undo, Unstorable
from sparring.store.columns import from_columns, to_columns, to_text

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
IDS = TEXTS.filter(bool)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST, LAST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - Hypothesis adds the zone
TIMES = st.datetimes(FIRST, LAST, timezones=ZONES)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CARDS = st.builds(
    Card,
    question=IDS,
    due=TIMES,
    stability=st.none() | NUMBERS,
    difficulty=st.none() | NUMBERS,
    state=st.sampled_from(["new", "learning", "review", "relearning"]),
    step=st.none() | st.integers(0, 9),
    last_review=st.none() | TIMES,
    reps=st.integers(0, 2**40),
    lapses=st.integers(0, 2**40),
    suspended=st.booleans(),
)
VERDICTS = st.sampled_from(["met", "partly", "missed", "contradicted"])
GRADES = st.builds(
    Grade,
    score=NUMBERS,
    rating=st.integers(1, 4),
    basis=st.sampled_from(["rule", "model"]),
    confidence=st.sampled_from(["low", "high"]),
    interval=st.tuples(NUMBERS, NUMBERS),
    findings=st.lists(
        st.builds(Finding, criterion=IDS, kind=st.just("key-point"), verdict=VERDICTS, quote=TEXTS), max_size=3
    ).map(tuple),
    notes=st.lists(TEXTS, max_size=2).map(tuple),
    offline=st.none()
    | st.builds(Offline, score=NUMBERS, rating=st.integers(1, 4), verdicts=st.dictionaries(IDS, VERDICTS, max_size=2)),
    cost=st.none() | st.builds(Cost, calls=st.integers(0, 3), seconds=NUMBERS, money=st.none() | NUMBERS),
)
ROWS = st.one_of(
    st.builds(
        Answer,
        id=IDS,
        question=IDS,
        follow_up=st.none() | TEXTS,
        text=TEXTS,
        seconds=st.none() | NUMBERS,
        via=st.sampled_from(["typed", "spoken", "terminal"]),
        at=TIMES,
    ),
    st.builds(GradeRow, id=IDS, answer=IDS, grade=GRADES, grader=TEXTS, at=TIMES),
    st.builds(Override, id=IDS, answer=IDS, criterion=TEXTS, verdict=VERDICTS, at=TIMES),
    st.builds(
        Review,
        id=IDS,
        question=IDS,
        answer=st.none() | TEXTS,
        rating=st.integers(1, 4),
        at=TIMES,
        before=CARDS,
        after=CARDS,
    ),
    st.builds(Undo, id=IDS, review=IDS, at=TIMES),
)


@given(ROWS)
def test_a_row_comes_back_from_its_columns(row: Struct) -> None:
    columns = to_columns(row)
    assert from_columns(type(row), list(columns.values())) == row
    assert all(value is None or isinstance(value, (str, int, float)) for value in columns.values())


@given(TIMES, TIMES)
def test_texts_of_times_sort_as_the_times_do(first: datetime, second: datetime) -> None:
    assert (to_text(first) < to_text(second)) == (first < second)
    assert len(to_text(first)) == 27


def test_a_time_is_written_in_utc_to_the_microsecond() -> None:
    assert to_text(datetime(2026, 11, 22, 12, tzinfo=UTC)) == "2026-11-22T12:00:00.000000Z"


@given(st.text(max_size=30))
def test_any_text_is_kept_or_refused(text: str) -> None:
    row = Answer(id="a", question="q", text=text, via="typed", at=datetime(2026, 11, 22, tzinfo=UTC))
    keepable = "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)
    if keepable:
        assert to_columns(row)["text"] == text
    else:
        with pytest.raises(Unstorable, match="`text` of this Answer"):
            to_columns(row)


def test_a_grade_from_before_models_were_compared_can_still_be_read() -> None:
    grade = Grade(score=0.5, rating=2, basis="model", confidence="low", interval=(0.4, 0.6), findings=())
    row = GradeRow(id="g", answer="a", grade=grade, grader="model", at=datetime(2026, 11, 22, tzinfo=UTC))
    columns = to_columns(row)
    old = msgspec.json.decode(columns["grade"])
    del old["offline"], old["cost"]
    assert from_columns(GradeRow, list((columns | {"grade": msgspec.json.encode(old).decode()}).values())) == row


def test_columns_that_somebody_spoilt_are_not_taken_for_a_row() -> None:
    row = Undo(id="u", review="r", at=datetime(2026, 11, 22, tzinfo=UTC))
    spoilt = to_columns(row) | {"at": "yesterday"}
    with pytest.raises(msgspec.ValidationError):
        from_columns(Undo, list(spoilt.values()))
