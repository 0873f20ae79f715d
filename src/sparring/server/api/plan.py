"""This file serves what to practise and where the candidate stands."""

from litestar import Router, get
from litestar.di import NamedDependency

from sparring.practice import Practice, Progress, Today
from sparring.scheduling.plan import Plan


@get("/plan", operation_id="getPlan", summary="What to practise now", sync_to_thread=True)
def show_plan(practice: NamedDependency[Practice]) -> Plan:
    """Return what to practise now, in order, within the minutes left today."""
    return practice.plan()


@get("/today", operation_id="getToday", summary="What the first page shows", sync_to_thread=True)
def show_today(practice: NamedDependency[Practice]) -> Today:
    """Return the plan of the day and where the candidate stands."""
    return practice.today()


@get("/progress", operation_id="getProgress", summary="Where the candidate stands", sync_to_thread=True)
def show_progress(practice: NamedDependency[Practice]) -> Progress:
    """Return practice per day, what falls due, mastery by topic, readiness and the weakest points."""
    return practice.progress()


router = Router("/", route_handlers=[show_plan, show_today, show_progress], tags=["plan"])
