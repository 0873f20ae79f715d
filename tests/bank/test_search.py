from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.bank.catalog import Catalog
from sparring.bank.search import index_of, search
from sparring.content import Experience, Kind, Point, Question, Years

NUMBERS: Iterator[int] = count()


def question(
    title: str,
    prompt: str = "?",
    *,
    points: tuple[str, ...] = ("x",),
    topic: str = "t",
    kind: Kind = "concept",
    years: Years = 0,
    pack: str = "mine",
    draft: bool = False,
    stacks: tuple[str, ...] = (),
    asked_as: tuple[str, ...] = (),
) -> Question:
    return Question(
        id=f"q{next(NUMBERS)}",
        kind=kind,
        topic=topic,
        title=title,
        years=Experience(from_=years, sweet=years),
        stacks=stacks,
        asked_as=asked_as,
        draft=draft,
        points=tuple(Point(id=f"p{number}", says=says) for number, says in enumerate(points)),
        prompt=prompt,
        answer="-",
        pack=pack,
    )


def catalog(*questions: Question) -> Catalog:
    return Catalog({each.id: each for each in questions})


def titles(found: list[Question]) -> list[str]:
    return [each.title for each in found]


def test_a_word_is_found_wherever_it_is() -> None:
    bank = catalog(
        question("zebra"),
        question("2", "a zebra crossed"),
        question("3", points=("a zebra has stripes",)),
        question("4", topic="zebra"),
        question("5", stacks=("zebra",)),
        question("6", asked_as=("What is a zebra?",)),
        question("7", "a horse"),
    )
    assert sorted(titles(search(bank, "zebra"))) == ["2", "3", "4", "5", "6", "zebra"]


def test_title_comes_before_topic_before_prompt_before_key_point() -> None:
    bank = catalog(
        question("point", points=("the cache",)),
        question("prompt", "the cache"),
        question("topic", topic="cache"),
        question("cache"),
    )
    assert titles(search(bank, "cache")) == ["cache", "topic", "prompt", "point"]


def test_a_whole_word_comes_before_the_beginning_of_one() -> None:
    bank = catalog(question("indexes"), question("index"), question("indexing"))
    assert titles(search(bank, "index")) == ["index", "indexes", "indexing"]


def test_each_letter_that_is_typed_keeps_the_question_that_is_meant() -> None:
    bank = catalog(question("Idempotency keys", "Why a key?"), question("Other"))
    for end in range(1, len("idempotency keys") + 1):
        assert titles(search(bank, "idempotency keys"[:end])) == ["Idempotency keys"]


def test_all_words_must_be_found() -> None:
    bank = catalog(question("slow query"), question("slow build"), question("fast query"))
    assert titles(search(bank, "query slow")) == ["slow query"]


def test_the_frame_of_a_question_is_left_aside() -> None:
    bank = catalog(question("slow query"), question("how it is done"))
    assert titles(search(bank, "how do you deal with a slow query")) == ["slow query"]
    assert titles(search(bank, "how")) == ["how it is done"]


@pytest.mark.parametrize(
    "typed", ["idempotncy", "idempotancy", "idmpotency", "idempotencyy", "IDEMPOTENCY", "idempoténcy"]
)
def test_a_typing_error_in_a_long_word_is_forgiven(typed: str) -> None:
    bank = catalog(question("Idempotency"), question("Identity"), question("Deadlock"))
    assert titles(search(bank, typed))[0] == "Idempotency"


def test_short_words_are_taken_as_they_are() -> None:
    assert search(catalog(question("sql")), "sqk") == []


@pytest.mark.parametrize("name", ["C++", "C#", "Node.js", "===", "N+1", "Zürich"])
def test_names_with_signs_are_found(name: str) -> None:
    bank = catalog(question(f"About {name} here"), question("Other"))
    assert titles(search(bank, name)) == [f"About {name} here"]


def test_nothing_typed_finds_all_in_the_order_of_the_catalogue() -> None:
    bank = catalog(question("b"), question("a"), question("c"))
    assert titles(search(bank, "")) == titles(search(bank, "  ")) == ["b", "a", "c"]


def test_filters_narrow_what_is_found() -> None:
    bank = catalog(
        question("concept", kind="concept", topic="data", years=0, pack="one"),
        question("story", kind="story", topic="people", years=3, pack="two"),
        question("draft", kind="story", topic="data", years=7, pack="two", draft=True),
    )
    assert titles(search(bank, "", kinds=["story"])) == ["story", "draft"]
    assert titles(search(bank, "", topics=["data"])) == ["concept", "draft"]
    assert titles(search(bank, "", years=3)) == ["concept", "story"]
    assert titles(search(bank, "", packs=["two"])) == ["story", "draft"]
    assert titles(search(bank, "", drafts=True)) == ["draft"]
    assert titles(search(bank, "", drafts=False)) == ["concept", "story"]
    assert titles(search(bank, "sto", kinds=["story", "concept"], topics=["people"])) == ["story"]


def test_an_empty_catalogue_has_nothing() -> None:
    assert search(catalog(), "anything") == search(catalog(), "") == []


def test_the_index_is_built_once_for_a_catalogue() -> None:
    bank = catalog(question("a"))
    assert index_of(bank) is index_of(bank)
    assert index_of(bank) is not index_of(catalog(question("a")))


BANK = catalog(
    *(
        question(title, prompt)
        for title, prompt in [("CAP theorem", "Why?"), ("Über-cache", "ß and \u017f"), ("x", "y")]
    )
)


@given(st.text())
def test_anything_may_be_typed(query: str) -> None:
    found = search(BANK, query)
    assert len({each.id for each in found}) == len(found)


@given(st.sampled_from(["cap", "theorem", "why", "cache"]), st.data())
def test_every_beginning_of_a_word_finds_it(word: str, data: st.DataObject) -> None:
    start = word[: data.draw(st.integers(1, len(word)))]
    assert {each.id for each in search(BANK, word)} <= {each.id for each in search(BANK, start)}
