"""This file serves the question, takes the answer, and shows it graded."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect, Template
from msgspec import Struct

from sparring.content import FollowUp
from sparring.grading.grade import RATING_NAMES, Verdict
from sparring.practice import ANSWER_LENGTH_MAX, Practice, Result
from sparring.server import comparison, views
from sparring.server.api.idempotency import once
from sparring.store.rows import Answer, Via


class AnswerForm(Struct):
    """The answer box; `key` makes a form that is sent twice count once."""

    text: str = ""
    seconds: str = ""
    via: str = "typed"
    key: str = ""
    give_up: str = ""


class OverrideForm(Struct):
    """The candidate's own verdict."""

    criterion: str
    verdict: Verdict


class RatingForm(Struct):
    """The rating, 1 to 4."""

    rating: int


class SuspensionForm(Struct):
    """Whether the question is left out of the plan."""

    suspended: str


@get("/questions/{name:str}", sync_to_thread=True)
def ask(practice: NamedDependency[Practice], name: FromPath[str]) -> Template:
    """Ask a question."""
    question = practice.question(name)
    draft = practice.store.draft(name)
    context = {
        "question": question,
        "draft": draft.text if draft else "",
        "unfinished": draft is not None,
        "card": practice.store.card(name),
        "length_max": ANSWER_LENGTH_MAX,
        "key": practice.new_id(),
        "earlier": _earlier(practice, name),
        "model_note": _model_note(practice),
    }
    return Template("question.html", context=context, background=BackgroundTask(practice.prepare, name))


def _model_note(practice: Practice) -> str:
    url = practice.preferences().model_url
    return f"What you hand in, with the question and its rubric, is sent to {url} to be graded." if url else ""


def _earlier(practice: Practice, name: str) -> list[dict[str, str]]:
    answers = practice.store.answers(question=name, limit=8)
    own = [each for each in answers if each.follow_up is None][:3]
    return [{"id": each.id, "words": views.day(each.at, practice.now())} for each in own]


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 24 * 3600 else None


@post("/questions/{name:str}/answers", status_code=303, sync_to_thread=True)
def hand_in(
    practice: NamedDependency[Practice],
    request: Request[Any, Any, Any],
    name: FromPath[str],
    data: Annotated[AnswerForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep the answer, then show it graded."""
    text = _text(data.text)
    via: Via = "spoken" if data.via == "spoken" else "typed"

    def keep() -> str:
        return practice.submit(name, text, seconds=_seconds(data.seconds), via=via).id

    answer = once(practice, request, data.key, text, keep)
    return Redirect(f"/answers/{answer}{'#reference' if data.give_up else ''}", status_code=303)


def _text(sent: str) -> str:
    """Forms send every line break as CR LF (HTML standard, 4.10.22.7); drafts and everything else have LF."""
    return sent.replace("\r\n", "\n")


@get("/answers/{answer_id:str}", sync_to_thread=True)
def show(practice: NamedDependency[Practice], answer_id: FromPath[str], of: FromQuery[str] = "") -> Template:
    """Show an answer with its grade."""
    return Template("answer.html", context=_answer_context(practice, practice.result(answer_id), of))


def _answer_context(practice: Practice, result: Result, parent: str) -> dict[str, Any]:
    rows, chosen = views.rows(result), practice.preferences()
    return {
        "result": result,
        "parent": parent if result.answer.follow_up else "",
        "asked": result.rubric.prompt if result.answer.follow_up else result.question.title,
        "reference": result.rubric.reference,
        "pieces": views.pieces(result.answer.text, result.grade.findings),
        "rows": rows,
        "flags": views.flags(result),
        "withdrawn": views.withdrawn_flags(result),
        "compared": comparison.compared(result),
        "beside": comparison.beside(result),
        "cost_words": comparison.cost_words(result.graded.grade.cost),
        "band": views.band(result.grade),
        "score_words": views.score_words(result.grade),
        "basis_words": views.BASIS.get(result.grade.basis, ""),
        "points_words": views.points_words(rows),
        "ratings": views.ratings(result, show_intervals=chosen.show_intervals),
        "rated_words": _rated_words(practice, result),
        "time_used": views.time_used(result),
        "follow_ups": _follow_ups(practice, result),
        "levels": sorted(result.question.levels.items(), key=lambda each: int(each[0])),
        "open_reference": not result.answer.text.strip(),
        "length_max": ANSWER_LENGTH_MAX,
    }


def _rated_words(practice: Practice, result: Result) -> str:
    if result.review is None:
        return ""
    back = views.comes_back(result.review.after.due, practice.now())
    name = next(name for rating, name in RATING_NAMES.items() if rating == result.review.rating)
    return f"{name}. It is {back}."


def _follow_ups(practice: Practice, result: Result) -> list[dict[str, Any]]:
    """Return the follow-ups, each with its newest answer after this one, if there is one."""
    asked = result.follow_ups
    answers = practice.store.answers(question=result.question.id, limit=50) if asked else []
    later = [each for each in answers if each.at >= result.answer.at]
    return [_follow_up(practice, each, next((a for a in later if a.follow_up == each.id), None)) for each in asked]


def _follow_up(practice: Practice, follow: FollowUp, own: Answer | None) -> dict[str, Any]:
    return {
        "id": follow.id,
        "ask": follow.ask,
        "key": practice.new_id(),
        "answer": own.id if own else "",
        "words": views.band(practice.result(own.id).grade).lower() if own else "",
    }


@post("/answers/{answer_id:str}/follow-ups/{name:str}", status_code=303, sync_to_thread=True)
def follow_up(
    practice: NamedDependency[Practice],
    request: Request[Any, Any, Any],
    answer_id: FromPath[str],
    name: FromPath[str],
    data: Annotated[AnswerForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep the answer to a follow-up, then show it graded."""
    question = practice.result(answer_id).question.id

    def keep() -> str:
        return practice.submit(question, _text(data.text), follow_up=name).id

    answer = once(practice, request, data.key, data.text, keep)
    return Redirect(f"/answers/{answer}?of={answer_id}", status_code=303)


@post("/answers/{answer_id:str}/overrides", status_code=303, sync_to_thread=True)
def override(
    practice: NamedDependency[Practice],
    answer_id: FromPath[str],
    data: Annotated[OverrideForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    of: FromQuery[str] = "",
) -> Redirect:
    """Keep the candidate's own verdict."""
    practice.override(answer_id, data.criterion, data.verdict)
    back = f"/answers/{answer_id}" + ("?" + urlencode({"of": of}) if of else "")
    return Redirect(f"{back}#c-{data.criterion}", status_code=303)


@post("/answers/{answer_id:str}/review", status_code=303, sync_to_thread=True)
def rate(
    practice: NamedDependency[Practice],
    answer_id: FromPath[str],
    data: Annotated[RatingForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Schedule the question by the rating."""
    practice.rate(answer_id, data.rating)
    return Redirect(f"/answers/{answer_id}", status_code=303)


@post("/questions/{name:str}/suspension", status_code=303, sync_to_thread=True)
def set_suspended(
    practice: NamedDependency[Practice],
    name: FromPath[str],
    data: Annotated[SuspensionForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Leave the question out of the plan, or take it back in."""
    practice.set_suspended(name, data.suspended == "yes")
    return Redirect("/" if data.suspended == "yes" else f"/questions/{name}", status_code=303)


handlers = [ask, hand_in, show, follow_up, override, rate, set_suspended]
