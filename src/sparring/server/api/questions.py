"""This file serves the bank: questions found, one question, its draft, and whether it is in the plan."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Literal

from litestar import Response, Router, delete, get, put
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from sparring.content import Choice, Experience, FollowUp, Kind, Minutes, Origin, Point, Question, RedFlag
from sparring.practice import ANSWER_LENGTH_MAX, Listed, Practice, Unknown
from sparring.scheduling.card import Card
from sparring.server.api import cursors
from sparring.server.api.etags import HEADER, NOT_MODIFIED, IfNoneMatch, tagged
from sparring.server.problems import declared
from sparring.store import Draft, GradeRow

LIMIT_MAX = 200
Id = Annotated[
    str,
    PathParameter(
        max_length=80, pattern=r"^[a-z0-9-]+$", description="the question's id", examples=[Example(value="idempotency")]
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="how many at most")]
Cursor = Annotated[
    str, QueryParameter(max_length=500, pattern=r"^[A-Za-z0-9_-]*$", description="`next` of the page before")
]
Drafts = Literal["with", "without", "only"]
YEARS_MAX = 100
_YEARS = QueryParameter(
    ge=0, le=YEARS_MAX, schema_extra={"minimum": 0}, description="asked from so many years of experience or fewer"
)
_DRAFTS: Mapping[Drafts, bool | None] = {"with": None, "without": False, "only": True}
_MISSING = "there is no such question"


class Summary(Struct, frozen=True, kw_only=True):
    """A question in a list; `score` 0 to 1 and `rating` 1 to 4 are of the last answer."""

    id: str
    title: str
    kind: Kind
    topic: str
    years: Experience
    minutes: Minutes
    stacks: tuple[str, ...]
    pack: str
    draft: bool
    card: Card | None
    score: float | None
    rating: int | None


class QuestionPage(Struct, frozen=True, kw_only=True):
    """A page of questions, best match first; `next` is the cursor of the next page, null on the last one."""

    items: tuple[Summary, ...]
    total: int
    next: str | None


class Revealed(Struct, frozen=True, kw_only=True):
    """What a candidate should see only after answering."""

    answer: str
    listens_for: str
    points: tuple[Point, ...]
    choices: tuple[Choice, ...]
    flags: tuple[RedFlag, ...]
    follow_ups: tuple[FollowUp, ...]
    levels: Mapping[str, str]
    sources: tuple[str, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """A question as it is asked, with the candidate's card and last grade; `revealed` is null unless asked for."""

    id: str
    title: str
    kind: Kind
    topic: str
    years: Experience
    minutes: Minutes
    stacks: tuple[str, ...]
    pack: str
    draft: bool
    prompt: str
    see: tuple[str, ...]
    build: tuple[str, ...]
    size: tuple[str, ...]
    origins: tuple[Origin, ...]
    card: Card | None
    last: GradeRow | None
    revealed: Revealed | None


class NewDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed so far; an empty text forgets it."""

    text: Annotated[str, Meta(max_length=ANSWER_LENGTH_MAX, pattern=r"^[^\x00]*$")]


@get(
    "/",
    operation_id="findQuestions",
    summary="Find questions",
    response_headers=[HEADER],
    responses=NOT_MODIFIED | declared(s400="a parameter is bad", s422="the cursor is of another list"),
    sync_to_thread=True,
)
def find(  # noqa: PLR0917 - one argument for each filter
    practice: NamedDependency[Practice],
    words: Annotated[
        str, QueryParameter(name="query", max_length=200, description="words, all of which are found")
    ] = "",
    kind: Annotated[tuple[Kind, ...], QueryParameter(description="one of these kinds")] = (),
    topic: Annotated[tuple[str, ...], QueryParameter(description="one of these topics")] = (),
    years: Annotated[int, _YEARS] = YEARS_MAX,
    pack: Annotated[tuple[str, ...], QueryParameter(description="in one of these packs")] = (),
    drafts: Annotated[Drafts, QueryParameter(description="whether imported drafts are found")] = "with",
    limit: Limit = 50,
    cursor: Cursor = "",
    if_none_match: IfNoneMatch = "",
) -> Response[QuestionPage]:
    """Return the questions that match, best first; without a query in the order of the packs."""
    filters = (words, kind, topic, years, pack, drafts)
    last = cursors.read(cursor, *filters) if cursor else ""
    found = practice.find(words, kinds=kind, topics=topic, years=years, packs=pack, drafts=_DRAFTS[drafts])
    begin = _after(found, last)
    rows = found[begin : begin + limit]
    more = begin + limit < len(found)
    page = QuestionPage(
        items=tuple(_summary(each) for each in rows),
        total=len(found),
        next=cursors.write(rows[-1].question.id, *filters) if more else None,
    )
    return tagged(page, if_none_match)


def _after(found: list[Listed], last: str) -> int:
    """Return where the page begins that follows the question `last`."""
    if not last:
        return 0
    for place, each in enumerate(found):
        if each.question.id == last:
            return place + 1
    raise cursors.refused("names a question that is no longer found; begin again without it")


def _summary(row: Listed) -> Summary:
    question, grade = row.question, row.last.grade if row.last else None
    return Summary(
        id=question.id,
        title=question.title,
        kind=question.kind,
        topic=question.topic,
        years=question.years,
        minutes=question.minutes,
        stacks=question.stacks,
        pack=question.pack,
        draft=question.draft,
        card=row.card,
        score=grade.score if grade else None,
        rating=grade.rating if grade else None,
    )


@get(
    "/{question_id:str}",
    operation_id="getQuestion",
    summary="One question",
    response_headers=[HEADER],
    responses=NOT_MODIFIED | declared(s400="the id is bad", s404=_MISSING),
    sync_to_thread=True,
)
def show(
    practice: NamedDependency[Practice],
    question_id: Id,
    reveal: Annotated[bool, QueryParameter(description="with the reference answer and the rubric")] = False,  # noqa: FBT002 - a query parameter
    if_none_match: IfNoneMatch = "",
) -> Response[Asked]:
    """Return a question; its reference answer and rubric only where `reveal` asks for them."""
    return tagged(_asked(practice, practice.question(question_id), reveal=reveal), if_none_match)


def _asked(practice: Practice, question: Question, *, reveal: bool) -> Asked:
    return Asked(
        id=question.id,
        title=question.title,
        kind=question.kind,
        topic=question.topic,
        years=question.years,
        minutes=question.minutes,
        stacks=question.stacks,
        pack=question.pack,
        draft=question.draft,
        prompt=question.prompt,
        see=question.see,
        build=question.build,
        size=question.size,
        origins=question.origins,
        card=practice.store.card(question.id),
        last=practice.store.latest_grades().get(question.id),
        revealed=_revealed(question) if reveal else None,
    )


def _revealed(question: Question) -> Revealed:
    return Revealed(
        answer=question.answer,
        listens_for=question.listens_for,
        points=question.points,
        choices=question.choices,
        flags=question.flags,
        follow_ups=question.follow_ups,
        levels=question.levels,
        sources=question.sources,
    )


@get(
    "/{question_id:str}/draft",
    operation_id="getDraft",
    summary="The draft of an answer",
    responses=declared(s400="the id is bad", s404="there is no such question, or it has no draft"),
    sync_to_thread=True,
)
def show_draft(practice: NamedDependency[Practice], question_id: Id) -> Draft:
    """Return what is typed so far."""
    draft = practice.store.draft(practice.question(question_id).id)
    if draft is None:
        raise Unknown(f"question `{question_id}` has no draft")
    return draft


@put(
    "/{question_id:str}/draft",
    operation_id="putDraft",
    summary="Keep a draft",
    responses=declared(s400="the id or the body is bad", s404=_MISSING),
    sync_to_thread=True,
)
def keep_draft(practice: NamedDependency[Practice], question_id: Id, data: JSONBody[NewDraft]) -> Draft:
    """Keep what is typed so far; an empty text forgets it."""
    return practice.save_draft(question_id, data.text)


@delete(
    "/{question_id:str}/draft",
    operation_id="deleteDraft",
    summary="Forget a draft",
    responses=declared(s400="the id is bad", s404=_MISSING),
    sync_to_thread=True,
)
def forget_draft(practice: NamedDependency[Practice], question_id: Id) -> None:
    """Forget what is typed so far; it is no error where there is nothing."""
    practice.save_draft(question_id, "")


@put(
    "/{question_id:str}/suspension",
    operation_id="suspendQuestion",
    summary="Leave a question out of the plan",
    responses=declared(s400="the id is bad", s404=_MISSING),
    sync_to_thread=True,
)
def suspend(practice: NamedDependency[Practice], question_id: Id) -> Card:
    """Leave the question out of the plan until it is resumed."""
    return practice.set_suspended(question_id, True)


@delete(
    "/{question_id:str}/suspension",
    operation_id="resumeQuestion",
    summary="Take a question back into the plan",
    status_code=HTTPStatus.OK,
    responses=declared(s400="the id is bad", s404=_MISSING),
    sync_to_thread=True,
)
def resume(practice: NamedDependency[Practice], question_id: Id) -> Card:
    """Take the question back into the plan."""
    return practice.set_suspended(question_id, False)


router = Router(
    "/questions",
    route_handlers=[find, show, show_draft, keep_draft, forget_draft, suspend, resume],
    tags=["questions"],
)
