"""This file has what a candidate can do with questions; it joins bank, grading, scheduling and store."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sparring.bank.catalog import Catalog
from sparring.bank.search import search
from sparring.content import FollowUp, Question
from sparring.grading.embedding import Encoder
from sparring.grading.grade import RATING_NAMES, Basis, Grade, Verdict
from sparring.grading.grader import Grader
from sparring.grading.rubric import Rubric, rubric_of, rubric_of_follow_up
from sparring.grading.score import override
from sparring.grading.session import ModelError
from sparring.practice.corrections import fit_of, fitted
from sparring.practice.results import Conflict, Fit, Listed, Progress, Refused, Result, Today, Unknown
from sparring.scheduling.card import Card, intervals, new_card, resume, review, suspend
from sparring.scheduling.forecast import Mastery, Readiness, Streak, forecast, mastery, readiness, streak
from sparring.scheduling.plan import NewQuestion, Plan, plan
from sparring.settings import Preferences, Settings
from sparring.store import Answer, Draft, GradeRow, Override, Review, Store, Undo
from sparring.store.rows import Via

ANSWER_LENGTH_MAX = 20_000
"""Characters an answer may have; about an hour of speech."""
FORECAST_DAYS = 30
WEAK_POINTS = 12


class _Standing(NamedTuple):
    """What the first page and the progress page both show."""

    cards: list[Card]
    days: Mapping[dt.date, int]
    mastery: Mapping[str, Mastery]
    readiness: Readiness
    streak: Streak


class Practice:
    """A candidate's practice over one store and the questions of all packs."""

    def __init__(
        self,
        *,
        settings: Settings,
        store: Store,
        load: Callable[[Preferences], Catalog],
        grader: Callable[[Preferences], Grader],
        encoder: Encoder,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.settings = settings
        self.store = store
        self.encoder = encoder
        self._load = load
        self._grader = grader
        self.now = now
        self.new_id = new_id
        self.reload()

    def reload(self) -> None:
        """Read all packs again, after an import or a change of the settings."""
        self.catalog = self._load(self.preferences())

    # the bank

    def question(self, name: str) -> Question:
        """Return the question with the id `name`.

        Raises:
            Unknown: there is none.
        """
        try:
            return self.catalog.questions[name]
        except KeyError:
            raise Unknown(f"there is no question `{name}`; `spar bank list` shows all") from None

    def find(self, query: str = "", **filters: Any) -> list[Listed]:
        """Return the questions that match, best first, with cards and last grades; `filters` as in `bank.search`."""
        cards = {card.question: card for card in self.store.cards()}
        last = self.store.latest_grades()
        found = search(self.catalog, query, **filters)
        return [Listed(question=each, card=cards.get(each.id), last=last.get(each.id)) for each in found]

    # answering

    def submit(
        self,
        name: str,
        text: str,
        *,
        seconds: float | None = None,
        via: Via = "typed",
        follow_up: str | None = None,
    ) -> Answer:
        """Keep an answer; it is on disk when this returns, and grading comes after.

        Raises:
            Unknown: no such question or follow-up.
            Refused: the answer is too long.
        """
        question = self.question(name)
        if follow_up is not None:
            _follow_up(question, follow_up)
        if len(text) > ANSWER_LENGTH_MAX:
            raise Refused(f"an answer may have {ANSWER_LENGTH_MAX:,} characters; this has {len(text):,}", "text")
        answer = Answer(
            id=self.new_id(),
            question=name,
            follow_up=follow_up,
            text=text,
            seconds=seconds,
            via=via,
            at=self.now(),
        )
        with self.store.transaction():
            self.store.add_answer(answer)
            if follow_up is None:
                self.store.remove_draft(name)
        return answer

    def prepare(self, name: str) -> None:
        """Make grading answers to a question fast, while the candidate reads it.

        Raises:
            Unknown: no such question.
        """
        with suppress(ModelError):  # a missing model is told when there is an answer to grade
            self._grader(self.preferences()).prepare(rubric_of(self.question(name)))

    def grade(self, answer: Answer) -> GradeRow:
        """Grade a kept answer once; an answer that has a grade keeps it."""
        if row := self.store.grade(answer.id):
            return row
        grade = self._judged(self._rubric(answer), answer.text, fit=answer.follow_up is None)
        row = GradeRow(id=self.new_id(), answer=answer.id, grade=grade, grader=grade.basis, at=self.now())
        with self.store.transaction():
            # Another request may have graded the same answer meanwhile; the first grade stays.
            if earlier := self.store.grade(answer.id):
                return earlier
            self.store.add_grade(row)
        return row

    def judge(self, name: str, text: str) -> Grade:
        """Return the grade of an answer that is not kept.

        Raises:
            Unknown: no such question.
        """
        return self._judged(rubric_of(self.question(name)), text)

    def result(self, answer_id: str) -> Result:
        """Return an answer with its grade, graded now if a crash came between.

        Raises:
            Unknown: no such answer, or its question is gone.
        """
        answer = self.store.answer(answer_id)
        if answer is None:
            raise Unknown(f"there is no answer `{answer_id}`")
        question, rubric, row = self.question(answer.question), self._rubric(answer), self.grade(answer)
        overrides = tuple(self.store.overrides(answer_id))
        grade = row.grade
        for each in overrides:
            grade = override(grade, rubric, each.criterion, each.verdict)
        card = self.store.card(question.id) or new_card(question.id, self.now())
        return Result(
            answer=answer,
            question=question,
            rubric=rubric,
            graded=row,
            grade=grade,
            overrides=overrides,
            follow_ups=() if answer.follow_up else _asked_next(question, grade),
            intervals=intervals(card, self.now(), self.preferences().desired_retention),
            review=self.store.review_of(answer_id),
        )

    def override(self, answer_id: str, criterion: str, verdict: Verdict) -> Result:
        """Keep the candidate's own verdict on one finding; the grader's stays in the log.

        Raises:
            Unknown: no such answer.
            Refused: the grade has no such criterion, or the verdict does not fit it.
        """
        result = self.result(answer_id)
        try:
            override(result.grade, result.rubric, criterion, verdict)
        except ValueError as error:
            raise Refused(str(error), "criterion") from error
        self.store.add_override(
            Override(id=self.new_id(), answer=answer_id, criterion=criterion, verdict=verdict, at=self.now())
        )
        return self.result(answer_id)

    # scheduling

    def rate(self, answer_id: str, rating: int) -> Review:
        """Schedule the question by the rating of this answer.

        Raises:
            Unknown: no such answer.
            Conflict: the answer was rated already; undo that first.
            Refused: no such rating, or a follow-up's answer, which is not scheduled.
        """
        if rating not in RATING_NAMES:
            raise Refused(f"{rating} is no rating; give 1 (Again), 2 (Hard), 3 (Good) or 4 (Easy)", "rating")
        answer = self.store.answer(answer_id)
        if answer is None:
            raise Unknown(f"there is no answer `{answer_id}`")
        if answer.follow_up:
            raise Refused("an answer to a follow-up is not rated; rate the question's own answer", "answer")
        now = self.now()
        with self.store.transaction():
            if self.store.review_of(answer_id):
                raise Conflict("this answer was rated already; undo (u) and rate it again")
            before = self.store.card(answer.question) or new_card(answer.question, now)
            after = review(before, rating, now, self.preferences().desired_retention)
            row = Review(
                id=self.new_id(),
                question=answer.question,
                answer=answer_id,
                rating=rating,
                at=now,
                before=before,
                after=after,
            )
            self.store.add_review(row)
        return row

    def undo(self) -> Review:
        """Take the newest review back; the card is as it was before.

        Raises:
            Conflict: there is nothing to undo.
        """
        with self.store.transaction():
            last = self.store.last_review()
            if last is None:
                raise Conflict("there is no review to undo")
            self.store.add_undo(Undo(id=self.new_id(), review=last.id, at=self.now()))
        return last

    def set_suspended(self, name: str, suspended: bool) -> Card:  # noqa: FBT001 - the new state itself
        """Leave a question out of the plan, or take it back in.

        Raises:
            Unknown: no such question.
        """
        self.question(name)
        with self.store.transaction():
            card = self.store.card(name) or new_card(name, self.now())
            card = suspend(card) if suspended else resume(card, self.now())
            self.store.put_card(card)
        return card

    def plan(self) -> Plan:
        """Return what to practise now, in order, within the minutes left today."""
        chosen, now = self.preferences(), self.now()
        questions = self.catalog.questions
        cards = [card for card in self.store.cards() if card.question in questions]
        seen = {card.question for card in cards}
        fit = {name: _importance(each, chosen.years) for name, each in questions.items()}
        return plan(
            cards,
            [
                NewQuestion(question=n, minutes=_minutes(q), importance=fit[n])
                for n, q in questions.items()
                if n not in seen
            ],
            now=now,
            interview_on=chosen.interview_on,
            minutes_a_day=chosen.minutes_a_day,
            minutes_done_today=self._minutes_done(now),
            retention=chosen.desired_retention,
            minutes={name: _minutes(each) for name, each in questions.items()},
            importance=fit,
        )

    def today(self) -> Today:
        """Return what the first page shows."""
        reviews = self.store.reviews()
        standing = self._standing(reviews)
        return Today(
            plan=self.plan(),
            streak=standing.streak,
            readiness=standing.readiness,
            weakest=_weakest(standing.mastery),
            days=standing.days,
            came_back_wrong=self._came_back_wrong(reviews),
        )

    def progress(self) -> Progress:
        """Return where the candidate stands and what is coming."""
        standing = self._standing(self.store.reviews())
        return Progress(
            days=standing.days,
            due=forecast(standing.cards, self.now(), FORECAST_DAYS),
            mastery=standing.mastery,
            readiness=standing.readiness,
            streak=standing.streak,
            weak_points=self._weak_points(),
            fit=self._fit(),
        )

    # drafts and preferences

    def save_draft(self, name: str, text: str) -> Draft:
        """Keep what is typed so far; an empty text forgets it.

        Raises:
            Unknown: no such question.
            Refused: the draft is too long.
        """
        self.question(name)
        if len(text) > ANSWER_LENGTH_MAX:
            raise Refused(f"a draft may have {ANSWER_LENGTH_MAX:,} characters; this has {len(text):,}", "text")
        draft = Draft(question=name, text=text, at=self.now())
        if text:
            self.store.put_draft(draft)
        else:
            self.store.remove_draft(name)
        return draft

    def preferences(self) -> Preferences:
        """Return what the candidate has chosen."""
        return self.store.preferences()

    def set_preferences(self, chosen: Preferences) -> Preferences:
        """Keep what the candidate has chosen, and read the packs it names."""
        self.store.put_preferences(chosen)
        self.reload()
        return chosen

    # what only this file needs

    def _judged(self, rubric: Rubric, text: str, *, fit: bool = True) -> Grade:
        """Return the grade of an answer, which fits the candidate's corrections unless it answers a follow-up."""
        chosen = self.preferences()
        grade = self._grader(chosen).grade(rubric, text)
        return fitted(grade, self.store, self.catalog.questions, chosen) if fit else grade

    def _rubric(self, answer: Answer) -> Rubric:
        question = self.question(answer.question)
        if answer.follow_up is None:
            return rubric_of(question)
        return rubric_of_follow_up(_follow_up(question, answer.follow_up))

    def _fit(self) -> Fit:
        chosen = self.preferences()
        basis: Basis = "model" if chosen.model_url else "rule"
        return fit_of(self.store, self.catalog.questions, chosen, basis)

    def _minutes_done(self, now: dt.datetime) -> float:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        done = {each.question for each in self.store.reviews(since=midnight)}
        questions = (self.catalog.questions.get(name) for name in done)
        return sum(_minutes(each) for each in questions if each)

    def _standing(self, reviews: Sequence[Review]) -> _Standing:
        now, chosen = self.now(), self.preferences()
        questions = self.catalog.questions
        cards = [card for card in self.store.cards() if card.question in questions]
        topics = {name: each.topic for name, each in questions.items() if each.years.from_ <= chosen.years}
        first = [each.rating for each in reviews if each.before.reps == 0]
        at = _on_the_day(chosen.interview_on, now)
        days = Counter(each.at.astimezone(now.tzinfo).date() for each in reviews)
        return _Standing(
            cards=cards,
            days=days,
            mastery=mastery(cards, topics, at, first),
            readiness=readiness(cards, topics, at, first),
            streak=streak(days, now.date()),
        )

    def _came_back_wrong(self, reviews: Sequence[Review]) -> tuple[str, ...]:
        newest = {each.question: each for each in reviews}
        wrong = [each for each in newest.values() if each.rating == 1 and each.question in self.catalog.questions]
        return tuple(each.question for each in sorted(wrong, key=lambda each: each.at, reverse=True)[:3])

    def _weak_points(self) -> tuple[tuple[str, str], ...]:
        """Return (question, criterion) of what the latest grades found contradicted or missed, worst first."""
        found = [
            (finding.verdict, row.at, name, finding.criterion)
            for name, row in self.store.latest_grades().items()
            for finding in row.grade.findings
            if finding.kind == "key-point" and finding.verdict in {"missed", "contradicted"}
            if name in self.catalog.questions
        ]
        found.sort(key=lambda each: (each[0] != "contradicted", -each[1].timestamp()))
        return tuple((name, criterion) for _, _, name, criterion in found[:WEAK_POINTS])


def _follow_up(question: Question, name: str) -> FollowUp:
    for each in question.follow_ups:
        if each.id == name:
            return each
    raise Unknown(f"question `{question.id}` has no follow-up `{name}`")


def _asked_next(question: Question, grade: Grade) -> tuple[FollowUp, ...]:
    """Return the follow-ups whose condition holds of the grade."""
    return tuple(each for each in question.follow_ups if _holds(each.when, grade))


def _holds(condition: str, grade: Grade) -> bool:
    if condition == "always":
        return True
    verdict, criterion = condition.split(" ", 1)
    finding = grade.finding(criterion)
    return finding is not None and finding.verdict == verdict


def _minutes(question: Question) -> float:
    return question.minutes.answer + question.minutes.read


def _new(question: Question, importance: float) -> NewQuestion:
    return NewQuestion(question=question.id, minutes=_minutes(question), importance=importance)


def _importance(question: Question, years: int) -> float:
    """A question fits best where its sweet spot is the candidate's experience; one far above it counts least."""
    distance = abs(question.years.sweet - years)
    return (1.0 if question.years.from_ <= years else 0.3) / (1 + distance / 3)


def _weakest(found: Mapping[str, Mastery]) -> tuple[tuple[str, Mastery], ...]:
    seen = [(topic, each) for topic, each in found.items() if each.seen]
    return tuple(sorted(seen, key=lambda each: each[1].mean)[:3])


def _on_the_day(interview_on: dt.date | None, now: dt.datetime) -> dt.datetime:
    """Noon of the interview day, or now where no date is set or it has passed."""
    if interview_on is None or interview_on <= now.date():
        return now
    return now.replace(year=interview_on.year, month=interview_on.month, day=interview_on.day, hour=12, minute=0)
