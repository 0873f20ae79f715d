"""This file decides what to practise today, so that the most is recalled on the day of the interview.

How it orders and why, with the measurements behind every constant: docs/decisions/0004-planner.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct

from sparring.scheduling.card import STABILITY_MIN, Card, utc
from sparring.scheduling.memory import AGAIN, EASY, GOOD, HARD, Floats, Memory, first, recall, reviewed

Reason = Literal["due", "weak", "new"]
NOTHING: Mapping[str, float] = MappingProxyType({})

REVIEW_MINUTES = 4.0
"""Minutes a review takes where nobody says."""
NEW_MINUTES = 5.0
"""Minutes to answer a new question and to read its reference, where nobody says."""
RECALLED_AS = {HARD: 0.224, GOOD: 0.631, EASY: 0.145}
"""How recalled answers are rated: `review_rating_prob` of the FSRS project's simulator."""
MET_AS = {AGAIN: 0.45, HARD: 0.30, GOOD: 0.20, EASY: 0.05}
"""How the first answer to a question is rated; an assumption, and the benchmark's learners differ from it."""
KNOWN_BEFORE = 0.30
"""The recall of a question never practised here; an assumption as well. A new question gains only what is above it."""
NEW_WORTH = 1.5
"""A question met today can still be strengthened on later days, so meeting it is worth more than its own gain."""
NEW_UNTIL_DAYS_LEFT = 2
"""From the eve on, a new question can no longer be answered again on another day before the interview."""
LEAST_GAIN = 0.01
"""A review that gains less recall than this is overlearning."""


class NewQuestion(Struct, frozen=True, kw_only=True):
    """A question not asked yet: the minutes to answer it and read its reference, and how well it fits the candidate.

    Raises:
        ValueError: when it takes no time, or its importance is negative.
    """

    question: str
    minutes: float = NEW_MINUTES
    importance: float = 1.0

    def __post_init__(self) -> None:
        if not (self.minutes > 0 and self.importance >= 0):
            raise ValueError(
                f"new question `{self.question}` has minutes {self.minutes} and importance {self.importance}; "
                "minutes must be above 0 and importance 0 or more"
            )


class PlanItem(Struct, frozen=True, kw_only=True):
    """One question to practise today, why, and for how many minutes.

    `gain` is the recall on the interview day, 0 to 1, that practising it today is expected to add; 0 without a date.
    """

    question: str
    reason: Reason
    minutes: float
    gain: float


class Plan(Struct, frozen=True, kw_only=True):
    """What to practise today, in order.

    `days_left` is None without a date, and negative after it. `due_count` counts every card due today, also those the
    plan postpones; `new_count` counts the new questions in the plan.
    """

    interview_on: date | None
    days_left: int | None
    minutes_a_day: float
    minutes_planned: float
    items: tuple[PlanItem, ...]
    due_count: int
    new_count: int


class _Row(NamedTuple):
    """A candidate for the plan; rows sort into the order of practice, and no two have the same question."""

    rank: float
    before: float
    question: str
    reason: Reason
    minutes: float
    gain: float = 0.0


class _Day(NamedTuple):
    """Today as the candidate's calendar has it, and what is known about the questions."""

    now: datetime
    retention: float
    minutes: Mapping[str, float]
    importance: Mapping[str, float]

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> tzinfo | None:
        return self.now.tzinfo

    def days_since(self, moment: datetime) -> int:
        return (self.today - moment.astimezone(self.zone).date()).days

    def is_due(self, card: Card) -> bool:
        return self.days_since(card.due) >= 0


def plan(
    cards: Sequence[Card],
    fresh: Sequence[NewQuestion],
    *,
    now: datetime,
    interview_on: date | None,
    minutes_a_day: float,
    minutes_done_today: float = 0.0,
    retention: float = 0.9,
    minutes: Mapping[str, float] = NOTHING,
    importance: Mapping[str, float] = NOTHING,
) -> Plan:
    """Return what to practise in the minutes that are left today.

    Towards an interview the order is by the recall on that day which a minute of practice gains. Without a date, or
    after it, it is the plain order of FSRS: what is due, longest first, then new questions by importance.

    Args:
        cards: every card; suspended ones are never planned.
        fresh: the questions never asked; those that have a card already are passed over.
        now: when, in the candidate's time zone: its calendar says what "today" is.
        interview_on: the day of the interview, or None.
        minutes_a_day: what the candidate wants to spend; the last item may run over it.
        minutes_done_today: what is spent of it.
        retention: the recall on the day from which on a question counts as safe and is postponed.
        minutes: minutes to answer a question that has a card, by question.
        importance: how much a question that has a card matters, by question; 1 where it is not named.

    Raises:
        ValueError: when `now` has no time zone.
    """
    utc(now, "now")
    day = _Day(now, retention, minutes, importance)
    days_left = None if interview_on is None else (interview_on - day.today).days
    active = list({card.question: card for card in cards if not card.suspended}.values())
    seen = [card for card in active if card.seen]
    new = _new(active, fresh, {card.question for card in cards}, day)
    rows = _plain(seen, new, day) if days_left is None or days_left < 0 else _towards(seen, new, day, days_left)
    items = tuple(_fit(rows, minutes_a_day - minutes_done_today))
    return Plan(
        interview_on=interview_on,
        days_left=days_left,
        minutes_a_day=minutes_a_day,
        minutes_planned=sum(item.minutes for item in items),
        items=items,
        due_count=sum(map(day.is_due, seen)),
        new_count=sum(item.reason == "new" for item in items),
    )


def _new(active: Iterable[Card], fresh: Iterable[NewQuestion], known: set[str], day: _Day) -> list[NewQuestion]:
    """Return the questions never answered, each once: those with a card that was never reviewed, and the fresh ones."""
    carded = [
        NewQuestion(
            question=card.question,
            minutes=day.minutes.get(card.question, NEW_MINUTES),
            importance=day.importance.get(card.question, 1.0),
        )
        for card in active
        if not card.seen
    ]
    return carded + list({each.question: each for each in fresh if each.question not in known}.values())


def _fit(rows: Iterable[_Row], minutes_left: float) -> Iterator[PlanItem]:
    """Yield items in order as long as there is time to begin one."""
    for row in sorted(rows):
        if minutes_left <= 0:
            return
        yield PlanItem(question=row.question, reason=row.reason, minutes=row.minutes, gain=row.gain)
        minutes_left -= row.minutes


def _plain(seen: Iterable[Card], new: Iterable[NewQuestion], day: _Day) -> Iterator[_Row]:
    for card in filter(day.is_due, seen):
        minutes = day.minutes.get(card.question, REVIEW_MINUTES)
        yield _Row(0, card.due.timestamp(), card.question, "due", minutes)
    for each in new:
        yield _Row(1, -each.importance, each.question, "new", each.minutes)


def _towards(seen: Sequence[Card], new: Iterable[NewQuestion], day: _Day, days_left: int) -> Iterator[_Row]:
    yield from _reviews(seen, day, days_left)
    if days_left > 0:
        gain = _gain_of_meeting(days_left)
        rank = 1 if days_left >= NEW_UNTIL_DAYS_LEFT else 3
        for each in new:
            worth = NEW_WORTH * gain * each.importance / (each.minutes * (1 + MET_AS[AGAIN]))
            yield _Row(rank, -worth, each.question, "new", each.minutes, gain)


def _reviews(cards: Sequence[Card], day: _Day, days_left: int) -> Iterator[_Row]:
    """Yield the cards worth a review today.

    A missed question waits for its second try in the same sitting: as soon as its step is over it is first, until then
    last. Of the others, one answered today has had its turn, and one that is safe on the day is postponed.
    """
    if not cards:
        return
    memory = _memory(cards)
    days = np.array([max(0, day.days_since(card.last_review or day.now)) for card in cards], dtype=float)
    minutes = np.array([day.minutes.get(card.question, REVIEW_MINUTES) for card in cards])
    importance = np.array([day.importance.get(card.question, 1.0) for card in cards])
    without = recall(memory, days + days_left)
    gain = _recall_after_review(memory, days, days_left) - without
    worth = gain * importance / (minutes * (2 - recall(memory, days)))
    useful = (days > 0) & (without < day.retention) & (gain >= LEAST_GAIN)
    for index, card in enumerate(cards):
        waiting = card.step is not None and days[index] == 0
        if waiting or useful[index]:
            rank = (0 if card.due <= day.now else 2) if waiting else 1
            reason: Reason = "due" if day.is_due(card) else "weak"
            yield _Row(
                rank, -float(worth[index]), card.question, reason, float(minutes[index]), max(0.0, float(gain[index]))
            )


def _memory(cards: Sequence[Card]) -> Memory:
    stability = np.array([card.stability for card in cards], dtype=float)
    return Memory(np.maximum(stability, STABILITY_MIN), np.array([card.difficulty for card in cards], dtype=float))


def _recall_after_review(memory: Memory, days: Floats, days_left: int) -> Floats:
    """Return the recall `days_left` days from now if each card is reviewed now, `days` after its last review.

    It is the mean over the ratings that may come out. After a miss the card is answered again in the same sitting.
    """
    now = recall(memory, days)
    missed = reviewed(reviewed(memory, days, AGAIN), np.zeros_like(days), GOOD)
    expected = (1 - now) * recall(missed, days_left)
    for rating, share in RECALLED_AS.items():
        expected = expected + now * share * recall(reviewed(memory, days, rating), days_left)
    return expected


def _gain_of_meeting(days_left: int) -> float:
    """Return how much recall on the day a first answer today, with its reference read, is expected to gain."""
    after = sum(share * float(recall(first(rating, 1), days_left)[0]) for rating, share in MET_AS.items())
    return max(0.0, after - KNOWN_BEFORE)
