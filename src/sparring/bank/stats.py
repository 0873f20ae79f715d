"""This file counts what the catalogue covers: topics, kinds, levels, forms and packs."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from sparring.bank.catalog import Catalog
from sparring.content import FORMS, KINDS, YEARS, Question


class PlannedLink(Struct, frozen=True):
    """A link of a question whose lab, experiment or scenario is not written yet."""

    question: str
    form: str
    target: str


class Coverage(Struct, frozen=True, kw_only=True):
    """How many questions there are of each sort.

    `forms` counts the questions that have at least one link of the form that is there; every question can be said.
    `years` counts by the years of experience from which a question is asked. `planned` lists links still to be written.
    """

    questions: int
    drafts: int
    problems: int
    topics: dict[str, int]
    kinds: dict[str, int]
    years: dict[str, int]
    forms: dict[str, int]
    packs: dict[str, int]
    stacks: dict[str, int]
    planned: tuple[PlannedLink, ...]


def cover(catalog: Catalog) -> Coverage:
    """Count the questions of `catalog`; sorts that are known but empty are counted as 0, to show the gaps."""
    questions = tuple(catalog.questions.values())
    return Coverage(
        questions=len(questions),
        drafts=sum(question.draft for question in questions),
        problems=len(catalog.problems),
        topics=_count(question.topic for question in questions),
        kinds=_count((question.kind for question in questions), KINDS),
        years=_count((str(question.years.from_) for question in questions), map(str, YEARS)),
        forms={"say": len(questions), **_count(_forms(questions), FORMS)},
        packs=_count((question.pack for question in questions), (pack.name for pack in catalog.packs)),
        stacks=_count(stack for question in questions for stack in set(question.stacks)),
        planned=tuple(link for question in questions for link in _planned(question)),
    )


def _count(values: Iterable[str], known: Iterable[str] = ()) -> dict[str, int]:
    """Count `values`: the known ones first and in their order, others by name."""
    counts = Counter(values)
    first = {name: counts.pop(name, 0) for name in known}
    return first | dict(sorted(counts.items()))


def _forms(questions: Iterable[Question]) -> Iterable[str]:
    return (form for question in questions for form in FORMS if getattr(question, form))


def _planned(question: Question) -> Iterable[PlannedLink]:
    for link in question.planned:
        form, _, target = link.partition(":")
        yield PlannedLink(question.id, form, target)
