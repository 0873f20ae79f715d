"""This file serves the progress page: charts that answer one question each."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from sparring.practice import Practice
from sparring.server import views
from sparring.server.charts import fit_plot, forecast_bars, heat_map


@get("/progress", sync_to_thread=True)
def progress(practice: NamedDependency[Practice]) -> Template:
    """Show where the candidate stands and what is coming."""
    found, chosen, now = practice.progress(), practice.preferences(), practice.now()
    when = f"on {chosen.interview_on:%-d %B}" if chosen.interview_on else "today"
    context = {
        "here": "/progress",
        "progress": found,
        "question": f"Will you be ready {when}?" if chosen.interview_on else "Where do you stand today?",
        "readiness": views.readiness(found.readiness, chosen.interview_on),
        "heat": heat_map(found.days, now.date()),
        "streak_words": views.streak_words(found.streak),
        "due": forecast_bars(found.due, now.date()),
        "mastery": [_mastery(topic, each) for topic, each in found.mastery.items()],
        "fit_words": views.fit_words(found.fit),
        "fit_meaning": views.fit_meaning(found.fit),
        "fit": fit_plot(found.fit.table, found.fit.pairs) if found.fit.table else None,
        "weak_points": [_weak_point(practice, *each) for each in found.weak_points],
    }
    return Template("progress.html", context=context)


def _mastery(topic: str, found: Any) -> dict[str, Any]:
    return {
        "topic": topic,
        "low": found.low,
        "high": found.high,
        "mean": found.mean,
        "seen": found.seen,
        "all": found.total,
        "words": views.mastery_words(found),
    }


def _weak_point(practice: Practice, name: str, criterion: str) -> dict[str, str]:
    question = practice.question(name)
    says = next((each.says for each in question.points if each.id == criterion), criterion.replace("-", " "))
    return {"id": name, "title": question.title, "says": says}


handlers = [progress]
