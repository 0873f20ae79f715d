from pathlib import Path

import msgspec

from sparring.bank.catalog import Catalog, Pack
from sparring.bank.stats import PlannedLink, cover
from sparring.content import Experience, Kind, Point, Problem, Question, Years


def question(
    name: str,
    *,
    kind: Kind,
    topic: str,
    years: Years,
    see: tuple[str, ...] = (),
    planned: tuple[str, ...] = (),
    stacks: tuple[str, ...] = (),
    draft: bool = False,
) -> Question:
    return Question(
        id=name,
        kind=kind,
        topic=topic,
        title=name,
        years=Experience(from_=years, sweet=years),
        points=(Point(id="p", says="x"),),
        see=see,
        planned=planned,
        stacks=stacks,
        draft=draft,
        prompt="?",
        answer="-",
        pack="mine",
    )


BANK = Catalog(
    {
        each.id: each
        for each in (
            question("a", kind="concept", topic="data", years=0, see=("one", "two"), stacks=("python", "python")),
            question("b", kind="story", topic="people", years=3, planned=("build:lab", "size:plan"), draft=True),
            question("c", kind="concept", topic="data", years=3, see=("one",)),
        )
    },
    (Problem("x.md", 1, "is broken; mend it"),),
    (Pack("empty", Path("empty")), Pack("mine", Path("mine"))),
)


def test_every_question_is_counted_once_in_each_sort() -> None:
    found = cover(BANK)
    assert (found.questions, found.drafts, found.problems) == (3, 1, 1)
    assert found.topics == {"data": 2, "people": 1}
    for sort in (found.topics, found.kinds, found.years, found.packs):
        assert sum(sort.values()) == 3


def test_what_is_known_but_empty_is_counted_as_nothing() -> None:
    found = cover(BANK)
    assert found.kinds == {
        "concept": 2, "story": 1, "situation": 0, "code": 0, "design": 0, "negotiation": 0, "reverse": 0,
    }  # fmt: skip
    assert found.years == {"0": 1, "2": 0, "3": 2, "5": 0, "7": 0, "10": 0}
    assert found.packs == {"empty": 0, "mine": 3}


def test_a_question_counts_once_for_a_form_however_many_links_it_has() -> None:
    assert cover(BANK).forms == {"say": 3, "see": 2, "build": 0, "size": 0}


def test_a_stack_named_twice_counts_once() -> None:
    assert cover(BANK).stacks == {"python": 1}


def test_planned_links_are_listed() -> None:
    assert cover(BANK).planned == (PlannedLink("b", "build", "lab"), PlannedLink("b", "size", "plan"))


def test_an_empty_catalogue_is_covered_too() -> None:
    found = cover(Catalog({}))
    assert (found.questions, found.topics, found.packs, found.planned) == (0, {}, {}, ())


def test_the_counts_can_be_printed_as_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(cover(BANK)))["forms"]["say"] == 3
