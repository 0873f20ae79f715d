"""This file serves the bank: search as you type, with filters."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.response import Template

from sparring.content import KINDS, YEARS
from sparring.practice import Listed, Practice
from sparring.server import views

PAGE = 60
GRADES = (("none", "not answered"), ("1", "not yet"), ("2", "partly there"), ("3", "good"), ("4", "strong"))


@get("/bank", sync_to_thread=True)
def bank(  # noqa: PLR0917 - one argument for each field of the search form
    practice: NamedDependency[Practice],
    words: Annotated[str, QueryParameter(name="query")] = "",
    kind: FromQuery[str] = "",
    topic: FromQuery[str] = "",
    years: FromQuery[str] = "",
    grade: FromQuery[str] = "",
    pack: FromQuery[str] = "",
    skip: FromQuery[int] = 0,
) -> Template:
    """List the questions that match."""
    chosen = {"query": words, "kind": kind, "topic": topic, "years": years, "grade": grade, "pack": pack}
    found = practice.find(
        words,
        kinds=_some(kind),
        topics=_some(topic),
        packs=_some(pack),
        years=int(years) if years.isdigit() else None,
    )
    found = [each for each in found if not grade or _grade(each) == grade]
    skip = max(skip, 0)
    now = practice.now()
    context = {
        "here": "/bank",
        "chosen": chosen,
        "selects": _selects(practice),
        "rows": [views.listed(each, now) for each in found[skip : skip + PAGE]],
        "count_words": _count_words(len(found), len(practice.catalog.questions)),
        "next_page": "/bank?" + urlencode(_used(chosen) | {"skip": skip + PAGE}) if len(found) > skip + PAGE else "",
        "problems": practice.catalog.problems,
    }
    return Template("bank.html", context=context)


def _some(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _used(chosen: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if value}


def _grade(row: Listed) -> str:
    return str(row.last.grade.rating) if row.last else "none"


def _count_words(found: int, total: int) -> str:
    if found == total:
        return f"{total} questions"
    return f"{found} of {total} questions"


def _selects(practice: Practice) -> list[tuple[str, str, list[tuple[str, str]]]]:
    questions = practice.catalog.questions.values()
    topics = sorted({each.topic for each in questions})
    packs = sorted({each.pack for each in questions})
    by_pack = [("pack", "All packs", [(each, each) for each in packs])] if len(packs) > 1 else []
    return [
        ("topic", "All topics", [(each, views.topic(each)) for each in topics]),
        ("kind", "All kinds", [(each, each) for each in KINDS]),
        ("years", "All levels", [(str(each), f"up to {each} years") for each in YEARS]),
        ("grade", "Any last grade", list(GRADES)),
        *by_pack,
    ]


handlers = [bank]
