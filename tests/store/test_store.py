from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from sparring.grading.grade import Finding, Grade
from sparring.scheduling.card import Card, new_card, suspend
from sparring.settings import Preferences
from sparring.store import (
    Answer,
    CannotOpen,
    Draft,
    GradeRow,
    Judged,
    Missing,
    Override,
    Request,
    Review,
    Stale,
    Store,
    Taken,
    Undo,
    Unstorable,
    open_store,
)

NOON = datetime(2026, 11, 22, 12, 0, 0, 1, tzinfo=UTC)
GRADE = Grade(
    score=0.1 + 0.2,
    rating=2,
    basis="rule",
    confidence="medium",
    interval=(0.2, 1 / 3),
    findings=(Finding(criterion="durable", kind="key-point", verdict="met", quote="“naïve” 🐘", start=3, end=12),),
    notes=("ends in \\ and ' and \"",),
)


def answer(name: str = "a1", question: str = "cap", at: datetime = NOON, **others: object) -> Answer:
    return replace(Answer(id=name, question=question, text="Consistency.", via="typed", at=at), **others)


def learned(card: Card, now: datetime) -> Card:
    return replace(card, stability=2.5, difficulty=4.1, state="review", last_review=now, reps=card.reps + 1)


def review(name: str, before: Card, at: datetime = NOON, rating: int = 3) -> Review:
    return Review(id=name, question=before.question, rating=rating, at=at, before=before, after=learned(before, at))


def test_what_is_added_comes_back_exactly(store: Store) -> None:
    row = answer(follow_up="why", text="größer 🐘\r\n\ttabs, 'quotes', %s :name", seconds=0.1, via="spoken")
    graded = GradeRow(id="g1", answer="a1", grade=GRADE, grader="rules 1", at=NOON)
    override = Override(id="o1", answer="a1", criterion="durable", verdict="partly", at=NOON)
    store.add_answer(row)
    store.add_grade(graded)
    store.add_override(override)
    assert store.answer("a1") == row
    assert store.grade("a1") == graded
    assert store.overrides("a1") == [override]


def test_what_is_not_there_is_none_or_empty(store: Store) -> None:
    assert store.answer("a1") is None
    assert store.grade("a1") is None
    assert store.card("cap") is None
    assert store.draft("cap") is None
    assert store.request("key") is None
    assert store.last_review() is None
    assert (store.answers(), store.overrides("a1"), store.cards(), store.reviews()) == ([], [], [], [])
    assert store.latest_grades() == {}


def test_what_was_judged_is_rated_or_corrected_with_its_newest_grade(store: Store) -> None:
    for number, name in enumerate(("rated", "corrected", "undone", "unrated", "ungraded", "further")):
        at = NOON + timedelta(minutes=number)
        store.add_answer(answer(name, question=name, at=at, follow_up="why" if name == "further" else None))
        if name != "ungraded":
            store.add_grade(GradeRow(id=f"g-{name}", answer=name, grade=GRADE, grader="rule", at=at))
    newer = replace(GRADE, score=0.5)
    store.add_grade(GradeRow(id="again", answer="rated", grade=newer, grader="rule", at=NOON + timedelta(hours=1)))
    for name in ("rated", "undone", "ungraded"):
        store.add_review(replace(review(f"r-{name}", new_card(name, NOON), rating=4), answer=name))
    store.add_undo(Undo(id="u", review="r-undone", at=NOON))
    for name in ("corrected", "further"):
        store.add_override(Override(id=f"o-{name}", answer=name, criterion="durable", verdict="missed", at=NOON))
    assert store.judged() == [
        Judged(answer="rated", question="rated", grade=newer, rating=4),
        Judged(answer="corrected", question="corrected", grade=GRADE, rating=None),
    ]
    assert [each.id for each in store.all_overrides()] == ["o-corrected", "o-further"]

    again = review("r-again", new_card("undone", NOON), at=NOON + timedelta(hours=2), rating=2)
    store.add_review(replace(again, answer="undone"))
    assert [(each.answer, each.rating) for each in store.judged()][2:] == [("undone", 2)]


def test_times_of_other_zones_come_back_as_the_same_moment(store: Store) -> None:
    east = datetime(2026, 11, 23, 1, 30, 0, 999_999, tzinfo=timezone(timedelta(hours=13, minutes=45)))
    store.add_answer(answer(at=east))
    found = store.answer("a1")
    assert found is not None
    assert found.at == east
    assert found.at.utcoffset() == timedelta(0)


def test_answers_are_paged_newest_first_without_gap_or_repeat(store: Store) -> None:
    for number in range(25):  # five share each moment, so that the id has to decide
        store.add_answer(answer(f"a{number:02}", at=NOON + timedelta(microseconds=number // 5)))
        store.add_answer(answer(f"b{number:02}", question="acid", at=NOON))
    pages, before = [], None
    while page := store.answers("cap", before=before, limit=4):
        pages += [each.id for each in page]
        before = page[-1].id
    assert pages == [f"a{number:02}" for number in reversed(range(25))]
    assert [each.id for each in store.answers(limit=3)] == ["a24", "a23", "a22"]
    assert len(store.answers(limit=100)) == 50


def test_a_page_after_an_unknown_answer_is_refused(store: Store) -> None:
    with pytest.raises(Missing, match="no answer nowhere"):
        store.answers(before="nowhere")


def test_the_newest_grade_counts(store: Store) -> None:
    store.add_answer(answer())
    for name, minutes in (("g1", 5), ("g2", 9), ("g3", 7)):
        store.add_grade(
            GradeRow(id=name, answer="a1", grade=GRADE, grader="rules", at=NOON + timedelta(minutes=minutes))
        )
    newest = store.grade("a1")
    assert newest is not None
    assert newest.id == "g2"
    assert {question: row.id for question, row in store.latest_grades().items()} == {"cap": "g2"}


def test_the_latest_grade_of_a_question_leaves_its_follow_ups_out(store: Store) -> None:
    store.add_answer(answer("a1"))
    store.add_answer(answer("a2", follow_up="why", at=NOON + timedelta(hours=1)))
    store.add_answer(answer("a3", question="acid"))
    store.add_grade(GradeRow(id="g1", answer="a1", grade=GRADE, grader="rules", at=NOON))
    store.add_grade(GradeRow(id="g2", answer="a2", grade=GRADE, grader="rules", at=NOON + timedelta(hours=1)))
    assert {question: row.id for question, row in store.latest_grades().items()} == {"cap": "g1"}


def test_a_review_brings_its_card_along(store: Store) -> None:
    first = review("r1", new_card("cap", NOON))
    store.add_review(first)
    assert store.card("cap") == first.after
    assert store.last_review() == first
    assert store.reviews() == [first]


def test_an_undo_gives_the_card_before_back_and_the_first_one_leaves_none(store: Store) -> None:
    first = review("r1", new_card("cap", NOON))
    second = review("r2", first.after, NOON + timedelta(days=3))
    store.add_review(first)
    store.add_review(second)
    store.add_undo(Undo(id="u1", review="r2", at=NOON))
    assert store.card("cap") == first.after
    assert store.last_review() == first
    store.add_undo(Undo(id="u2", review="r1", at=NOON))
    assert store.card("cap") is None
    assert store.last_review() is None
    assert store.reviews() == []


def test_a_suspended_card_that_was_never_reviewed_survives_an_undo(store: Store) -> None:
    suspended = suspend(new_card("cap", NOON))
    store.put_card(suspended)
    store.add_review(review("r1", suspended))
    store.add_undo(Undo(id="u1", review="r1", at=NOON))
    assert store.card("cap") == suspended


def test_only_the_last_review_of_a_question_can_be_taken_back_and_only_once(store: Store) -> None:
    first = review("r1", new_card("cap", NOON))
    store.add_review(first)
    store.add_review(review("r2", first.after, NOON + timedelta(days=3)))
    with pytest.raises(Stale, match="not the last review"):
        store.add_undo(Undo(id="u1", review="r1", at=NOON))
    store.add_undo(Undo(id="u2", review="r2", at=NOON))
    with pytest.raises(Stale):
        store.add_undo(Undo(id="u3", review="r2", at=NOON))
    with pytest.raises(Missing, match="no review r9"):
        store.add_undo(Undo(id="u4", review="r9", at=NOON))
    assert store.card("cap") == first.after


def test_a_review_of_a_card_that_was_changed_in_between_is_refused_whole(store: Store) -> None:
    first = review("r1", new_card("cap", NOON))
    store.add_review(first)
    with pytest.raises(Stale, match="changed in between"):
        store.add_review(review("r2", new_card("cap", NOON)))
    assert store.reviews() == [first]
    assert store.card("cap") == first.after


def test_reviews_since_a_moment_include_it(store: Store) -> None:
    for day, name in enumerate(("cap", "acid", "base")):
        store.add_review(review(f"r{day}", new_card(name, NOON), NOON + timedelta(days=day)))
    assert [each.id for each in store.reviews(since=NOON + timedelta(days=1))] == ["r1", "r2"]


def test_a_card_is_replaced_and_cards_come_in_order(store: Store) -> None:
    store.put_card(new_card("cap", NOON))
    store.put_card(new_card("acid", NOON))
    suspended = suspend(new_card("cap", NOON))
    store.put_card(suspended)
    assert store.cards() == [new_card("acid", NOON), suspended]


def test_an_older_draft_never_replaces_a_newer_one(store: Store) -> None:
    newer = Draft(question="cap", text="newer", at=NOON)
    store.put_draft(newer)
    store.put_draft(Draft(question="cap", text="older", at=NOON - timedelta(microseconds=1)))
    assert store.draft("cap") == newer
    latest = Draft(question="cap", text="", at=NOON)
    store.put_draft(latest)
    assert store.draft("cap") == latest
    store.remove_draft("cap")
    store.remove_draft("cap")
    assert store.draft("cap") is None


def test_preferences_are_the_defaults_until_chosen(store: Store) -> None:
    assert store.preferences() == Preferences()
    chosen = Preferences(interview_on=NOON.date(), desired_retention=0.85, packs=("a", "b"), model_name="größer")
    store.put_preferences(chosen)
    assert store.preferences() == chosen
    store.put_preferences(Preferences())
    assert store.preferences() == Preferences()


def test_a_request_is_found_by_its_key_until_it_is_forgotten(store: Store) -> None:
    request = Request(key="k1", fingerprint="f", resource="/answers/a1", at=NOON)
    store.add_request(request)
    assert store.request("k1") == request
    with pytest.raises(Taken):
        store.add_request(replace(request, fingerprint="other"))
    store.remove_requests(before=NOON)
    assert store.request("k1") == request
    store.remove_requests(before=NOON + timedelta(seconds=1))
    assert store.request("k1") is None


ADDERS: dict[str, Callable[[Store], None]] = {
    "an answer": lambda store: store.add_answer(answer()),
    "a grade": lambda store: store.add_grade(GradeRow(id="g1", answer="a1", grade=GRADE, grader="rules", at=NOON)),
    "an override": lambda store: store.add_override(
        Override(id="o1", answer="a1", criterion="durable", verdict="met", at=NOON)
    ),
}


@pytest.mark.parametrize("name", ADDERS)
def test_an_id_is_used_once(store: Store, name: str) -> None:
    if name != "an answer":
        store.add_answer(answer())
    ADDERS[name](store)
    with pytest.raises(Taken):
        ADDERS[name](store)


@pytest.mark.parametrize("name", ["a grade", "an override"])
def test_nothing_refers_to_an_answer_that_is_not_there(store: Store, name: str) -> None:
    with pytest.raises(Missing):
        ADDERS[name](store)
    assert store.grade("a1") is None
    assert store.overrides("a1") == []


def test_a_review_of_an_answer_that_is_not_there_leaves_no_card(store: Store) -> None:
    with pytest.raises(Missing):
        store.add_review(replace(review("r1", new_card("cap", NOON)), answer="a1"))
    assert store.card("cap") is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"text": "a\0b"}, "`text` of this Answer has a NUL character at 1"),
        ({"text": "a\ud800"}, "half a surrogate pair at 1"),
        ({"at": NOON.replace(tzinfo=None)}, "`at` of this Answer is a time without a zone"),
        ({"seconds": float("nan")}, "`seconds` of this Answer is nan"),
        ({"via": "shouted"}, "shouted"),
        ({"text": None}, r"Expected `str`, got `null` - at `\$.text`"),
        ({"id": ""}, r"at `\$.id`"),
    ],
)
def test_what_could_not_be_read_back_is_refused(store: Store, changed: dict[str, object], reason: str) -> None:
    with pytest.raises(Unstorable, match=reason):
        store.add_answer(answer(**changed))  # type: ignore[arg-type]
    assert store.answers() == []


def test_a_nested_value_that_could_not_be_read_back_is_named(store: Store) -> None:
    store.add_answer(answer())
    bad = replace(GRADE, notes=("fine", "a\0b"))
    with pytest.raises(Unstorable, match=r"`grade` of this GradeRow.notes\[1\] has a NUL"):
        store.add_grade(GradeRow(id="g1", answer="a1", grade=bad, grader="rules", at=NOON))


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    def fail_midway() -> None:
        with store.transaction():
            store.add_answer(answer())
            store.add_review(review("r1", new_card("cap", NOON)))
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        fail_midway()
    assert store.answers() == []
    assert store.card("cap") is None
    store.add_answer(answer())


def add_both(store: Store, first: Answer, second: Answer) -> None:
    with store.transaction():
        store.add_answer(first)
        store.add_answer(second)


def test_an_inner_part_that_fails_is_undone_alone(store: Store) -> None:
    with store.transaction():
        store.add_answer(answer("a1"))
        with pytest.raises(Taken):
            add_both(store, answer("a2"), answer("a1"))
        store.add_answer(answer("a3"))
        assert [each.id for each in store.answers()] == ["a3", "a1"]
    assert [each.id for each in store.answers()] == ["a3", "a1"]


def test_an_inner_part_is_undone_with_the_outer_one(store: Store) -> None:
    def fail_after_inner() -> None:
        with store.transaction():
            with store.transaction():
                store.add_answer(answer("a1"))
            raise RuntimeError("after")

    with pytest.raises(RuntimeError, match="after"):
        fail_after_inner()
    assert store.answers() == []


def test_everything_is_there_after_opening_again(store: Store, store_url: str) -> None:
    store.add_answer(answer())
    store.add_review(review("r1", new_card("cap", NOON)))
    store.close()
    again = open_store(store_url)
    assert again.answer("a1") == answer()
    assert len(again.reviews()) == 1
    again.close()


@pytest.mark.parametrize("url", ["", "mysql://host/name", "/home/me/sparring.db", "sqlite://sparring.db", "sqlite:///"])
def test_a_url_that_is_neither_is_refused(url: str) -> None:
    with pytest.raises(CannotOpen, match="sqlite:///"):
        open_store(url)


def test_a_secret_in_a_wrong_url_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen) as caught:
        open_store("mysql://me:secret@host/name")
    assert "secret" not in str(caught.value)
