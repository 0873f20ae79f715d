"""This file puts results into the words, marks and shapes that the pages show; it decides nothing."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sparring.content import Question
from sparring.grading.calibration import ANSWERS_MIN, CHANGED_MIN, changed
from sparring.grading.grade import RATING_NAMES, Finding, Grade, Offline
from sparring.practice import Fit, Listed, Result, Today
from sparring.scheduling.forecast import Mastery, Readiness, Streak

WORDS = {
    "met": "Met",
    "partly": "Partly",
    "missed": "Missed",
    "contradicted": "Contradicted",
    "present": "Red flag",
    "not-assessed": "Not assessed",
    "inconclusive": "Not decided",
}
OVERRIDES = {
    "key-point": (("met", "I said it"), ("partly", "Partly"), ("missed", "I missed it")),
    "structure": (("met", "It is there"), ("partly", "Partly"), ("missed", "It is missing")),
    "red-flag": (("missed", "I did not claim that"), ("present", "I did")),
}
BASIS = {
    "rule": "Judged by rules on this machine: wording is compared, understanding is not. Correct what is wrong.",
    "model": "Judged by the model you set, with every quote checked against your answer.",
    "self": "Judged by yourself.",
    "human": "Judged by a person.",
}
STRUCTURE = {
    "situation": "Situation: when and where it was",
    "ownership": "Ownership: what you yourself did, not only the team",
    "action": "Action: the steps you took",
    "result": "Result: how it ended, with a number",
    "reflection": "Reflection: what you have done differently since",
}
NAMES = {"api": "API", "hr": "HR", "sql": "SQL"}
"""Words of topics that are not written in small letters."""
STRENGTH = {"partly": 0, "met": 1, "present": 2, "contradicted": 3}
"""Which verdict a phrase is marked with where it is evidence for several: what is wrong first, then what is right."""


class Piece(Struct, frozen=True):
    """A stretch of the answer and the criteria that it is evidence for."""

    text: str
    criteria: tuple[str, ...] = ()
    verdict: str = ""
    label: str = ""


class Row(Struct, frozen=True, kw_only=True):
    """One criterion with its verdict, as a line beside the answer."""

    criterion: str
    verdict: str
    word: str
    says: str
    level: str
    quote: str
    basis: str
    own: bool
    choices: tuple[tuple[str, str], ...]
    why: str = ""


def pieces(text: str, findings: Iterable[Finding]) -> list[Piece]:
    """Cut the answer where evidence begins and ends, so that overlapping quotes can all be shown."""
    shown = [each for each in findings if each.verdict in STRENGTH and each.end > each.start]
    cuts = sorted({0, len(text)} | {each.start for each in shown} | {each.end for each in shown})
    return [_piece(text, start, end, shown) for start, end in itertools.pairwise(cuts)]


def _piece(text: str, start: int, end: int, findings: Sequence[Finding]) -> Piece:
    here = [each for each in findings if each.start <= start and end <= each.end]
    if not here:
        return Piece(text[start:end])
    shown = max(here, key=lambda each: STRENGTH[each.verdict])
    label = "; ".join(f"{WORDS[each.verdict]}: {each.criterion}" for each in here)
    return Piece(text[start:end], tuple(each.criterion for each in here), shown.verdict, f"{text[start:end]} ({label})")


def rows(result: Result) -> list[Row]:
    """Return the key points, the choices among them and the structure of a story, in the rubric's order."""
    return [_row(each, *_says(each, result)) for each in result.grade.findings if each.kind != "red-flag"]


def _says(finding: Finding, result: Result) -> tuple[str, str]:
    """Return what a criterion asks for, and how much it is asked for."""
    for point in result.rubric.points:
        if point.id == finding.criterion:
            return point.says, point.level
    for choice in result.rubric.choices:
        if choice.id == finding.criterion:
            named = ", ".join(choice.of).replace("-", " ")
            return f"Any {choice.need} of these {len(choice.of)} points: {named}", "choice"
    return STRUCTURE.get(finding.criterion, finding.criterion.replace("-", " ").capitalize()), "story"


def flags(result: Result) -> list[Row]:
    """Return the red flags that the answer shows, with the reason why each is wrong."""
    return [row for row in _flag_rows(result) if row.verdict == "present"]


def withdrawn_flags(result: Result) -> list[Row]:
    """Return the red flags that the rules alone would have raised, and the model did not."""
    graded = result.graded.grade
    verdicts = graded.offline.verdicts if graded.offline else {}
    raised = {each.criterion for each in graded.findings if each.verdict == "present"}
    return [
        row
        for row in _flag_rows(result)
        if row.verdict != "present" and row.criterion not in raised and verdicts.get(row.criterion) == "present"
    ]


def _flag_rows(result: Result) -> list[Row]:
    known = {each.id: each for each in result.rubric.flags}
    return [
        _row(each, known[each.criterion].says, "red flag", known[each.criterion].why)
        for each in result.grade.findings
        if each.kind == "red-flag" and each.criterion in known
    ]


def _row(finding: Finding, says: str, level: str, why: str = "") -> Row:
    choices = tuple(each for each in OVERRIDES.get(finding.kind, ()) if each[0] != finding.verdict)
    return Row(
        criterion=finding.criterion,
        verdict=finding.verdict,
        word=WORDS[finding.verdict],
        says=says,
        level=level,
        quote=finding.quote,
        basis=finding.basis,
        own=finding.basis == "self",
        choices=choices,
        why=why,
    )


def band(grade: Grade | Offline) -> str:
    """Return the grade in one word; a figure with decimals would promise more than the grader knows."""
    return {1: "Not yet", 2: "Partly there", 3: "Good", 4: "Strong"}[grade.rating]


def percent(share: float) -> str:
    return f"{round(100 * share)} %"


def score_words(grade: Grade) -> str:
    """Return the score with its uncertainty in words."""
    low, high = grade.interval
    about = percent(round(grade.score * 20) / 20)
    return f"About {about}, likely {percent(low)} to {percent(high)}; {grade.confidence} confidence."


def points_words(listed: Sequence[Row]) -> str:
    """Return how many of the key points were met."""
    points = [each for each in listed if each.level in {"must", "should", "bonus"}]
    met = sum(each.verdict == "met" for each in points)
    return f"{met} of {len(points)} points met"


def span(length: dt.timedelta) -> str:
    """Return a time span as people say it: 10 min, 3 days, 2 months."""
    minutes = max(length.total_seconds(), 0) / 60
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{max(round(minutes), 1)} min"
    hours = minutes / 60
    if hours < 20:  # noqa: PLR2004 - from here on it is tomorrow
        return f"{round(hours)} h"
    days = max(round(hours / 24), 1)
    if days < 45:  # noqa: PLR2004 - then months read better
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{round(days / 30.4)} months"


def ratings(result: Result, *, show_intervals: bool) -> list[dict[str, object]]:
    """Return the four rating buttons, with the suggested one marked."""
    return [
        {
            "rating": rating,
            "name": name,
            "when": span(result.intervals[rating]) if show_intervals else "",
            "suggested": rating == result.grade.rating,
        }
        for rating, name in RATING_NAMES.items()
    ]


def time_used(result: Result) -> str:
    """Return the time used beside the time given, where it was measured."""
    if result.answer.seconds is None or result.answer.follow_up:
        return ""
    minutes, seconds = divmod(round(result.answer.seconds), 60)
    return f"{minutes}:{seconds:02d} of {result.question.minutes.answer:g} min"


def day(moment: dt.datetime, now: dt.datetime) -> str:
    """Return a day as people say it, seen from `now`."""
    days = (moment.astimezone(now.tzinfo).date() - now.date()).days
    names = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in names:
        return names[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def comes_back(due: dt.datetime, now: dt.datetime) -> str:
    """Return when a question comes back, or that it is due."""
    return f"back {day(due, now)}" if due > now else "due now"


def topic(slug: str) -> str:
    """Return a topic as people write it: `behavioural-and-hr` is "Behavioural and HR"."""
    words = [NAMES.get(word, word) for word in slug.split("-")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def listed(row: Listed, now: dt.datetime) -> dict[str, object]:
    """Return a line of the bank's list."""
    seen = row.card is not None and row.card.last_review is not None
    return {
        "question": row.question,
        "card": row.card,
        "last_words": f"last: {band(row.last.grade).lower()}" if row.last else "",
        "due_words": comes_back(row.card.due, now) if seen and row.card and not row.card.suspended else "",
    }


def readiness(ready: Readiness, interview_on: dt.date | None) -> dict[str, str]:
    """Return the readiness in words, with where it comes from."""
    half = (ready.high - ready.low) / 2
    when = f"on {interview_on:%-d %B}" if interview_on else "today"
    return {
        "words": f"{percent(ready.mean)} ± {round(100 * half)}" if ready.seen else "not measured yet",
        "meaning": f"of your level's {ready.total} questions you would answer well {when}",
        "basis": f"Estimated from {ready.seen} answered questions; {ready.total - ready.seen} are still open.",
    }


def mastery_words(found: Mastery) -> str:
    if not found.seen:
        return "nothing answered yet"
    return f"about {percent(found.mean)}, between {percent(found.low)} and {percent(found.high)}"


def fit_words(found: Fit) -> str:
    """Return how much the candidate agreed with the grader."""
    who = "the model" if found.basis == "model" else "the rules"
    if not found.judged:
        return f"You have judged no answer that {who} graded yet."
    answers = f"{found.judged} answer{'s' if found.judged != 1 else ''}"
    kept = f", and kept the suggested rating in {found.kept} of {found.rated}" if found.rated else ""
    return f"You have judged {answers} that {who} graded{kept}."


def fit_meaning(found: Fit) -> str:
    """Return what follows for new scores from how much the candidate agreed."""
    if found.table is None:
        return (
            f"From {ANSWERS_MIN} judged answers on, {CHANGED_MIN} of them changed, your ratings and corrections shift "
            f"new scores, and a plot here shows how far. Changed so far: {changed(found.pairs)}."
        )
    if not found.used:
        return "You chose in the settings to leave scores as graded. Otherwise they would shift as the line shows."
    return "New scores shift as the line shows. Each shifted score says so, and earlier ones stay as they are."


def streak_words(found: Streak) -> str:
    """Return the streak and how forgiving it still is."""
    if not found.days:
        return "No streak yet. One answer a day keeps one, and one missed day a week is forgiven."
    mercy = "a missed day would be forgiven" if found.mercy_left else "this week's missed day is used up"
    return f"{found.days} day{'s' if found.days != 1 else ''} in a row; {mercy}."


def composition(counts: Mapping[str, int]) -> str:
    """Return what the plan is made of, such as "12 reviews · 3 new"."""
    names = {"due": ("review", "reviews"), "weak": ("weak spot", "weak spots"), "new": ("new", "new")}
    return " · ".join(f"{n} {names[reason][n > 1]}" for reason in names if (n := counts.get(reason, 0)))


def postponed(today: Today) -> str:
    """Return how many due questions the plan leaves for a later day."""
    left = today.plan.due_count - sum(item.reason == "due" for item in today.plan.items)
    if left <= 0:
        return ""
    return f"{left} due {'question waits' if left == 1 else 'questions wait'}: today other questions gain you more."


def headline(today: Today) -> str:
    """Return the one line that the first page leads with."""
    left = today.plan.days_left
    if left is None:
        return "Ready when you are"
    if left < 0:
        return "The interview day has passed. Set the next date in the settings."
    return {0: "The interview is today", 1: "The interview is tomorrow"}.get(left, f"{left} days to the interview")


def reason(item_reason: str, question: Question) -> str:
    """Return why a question is in the plan."""
    why = {"due": "about to be forgotten", "weak": "worth more work before the day", "new": "not asked yet"}
    return f"{why[item_reason]} · {topic(question.topic)}"
