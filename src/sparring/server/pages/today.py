"""This file serves the first page, and leads to what is next in the plan."""

from collections import Counter
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from sparring.practice import Practice
from sparring.scheduling.plan import PlanItem
from sparring.server import views
from sparring.server.charts import heat_map

SHOWN = 8


@get("/", sync_to_thread=True)
def today(practice: NamedDependency[Practice]) -> Template:
    """Show the plan of the day and one button to start it."""
    now, chosen, found = practice.now(), practice.preferences(), practice.today()
    items = found.plan.items
    context = {
        "here": "/",
        "now": now,
        "today": found,
        "preferences": chosen,
        "headline": views.headline(found),
        "readiness": views.readiness(found.readiness, chosen.interview_on),
        "streak_words": views.streak_words(found.streak).split("; ")[-1],
        "start_words": f"{round(found.plan.minutes_planned)} minutes",
        "composition": views.composition(Counter(item.reason for item in items)),
        "postponed": views.postponed(found),
        "nothing_left": "You are done for today. What you answered is scheduled; nothing more is due.",
        "plan_rows": [_row(practice, item) for item in items[:SHOWN]],
        "more": len(items) - SHOWN if len(items) > SHOWN else 0,
        "weakest": [{"topic": topic, "words": views.mastery_words(each)} for topic, each in found.weakest],
        "wrong": [{"id": name, "title": practice.question(name).title} for name in found.came_back_wrong],
        "heat": heat_map(found.days, now.date()),
    }
    return Template("today.html", context=context)


def _row(practice: Practice, item: PlanItem) -> dict[str, Any]:
    question = practice.question(item.question)
    names = {"due": "review", "weak": "weak spot", "new": "new"}
    return {
        "question": question,
        "reason": names[item.reason],
        "why": views.reason(item.reason, question),
        "minutes": f"{item.minutes:.0f} min",
    }


@get("/next", sync_to_thread=True)
def next_question(practice: NamedDependency[Practice]) -> Redirect:
    """Lead to the next question of the plan, or to the first page when the day is done."""
    items = practice.plan().items
    return Redirect(f"/questions/{items[0].question}" if items else "/")


@post("/undo", status_code=303, sync_to_thread=True)
def undo(practice: NamedDependency[Practice]) -> Redirect:
    """Take the newest rating back, and show its answer again to be rated anew."""
    taken_back = practice.undo()
    return Redirect(f"/answers/{taken_back.answer}" if taken_back.answer else "/", status_code=303)


handlers = [today, next_question, undo]
