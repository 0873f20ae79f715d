"""This file looks ahead: what falls due, what is mastered, how ready the candidate will be, and the streak behind."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from msgspec import Struct

from sparring.scheduling.card import Card, retrievability, utc

CERTAINTY = 0.90
"""The share of cases in which an interval holds the truth."""
PRIOR = (0.6, 1.4)
"""Beta prior of the share of unseen questions that are known: 30 % as the planner assumes, and worth two answers."""
ANSWER_WORTH = 0.6
"""What a first answer weighs against one that shows beyond doubt whether the question was known: grades are noisy."""
MODEL_ERROR = 0.08
"""Standard deviation of FSRS's mean prediction for one learner whom its weights are not fitted to."""
GUESS_REVIEWS = 4
"""Reviews that the predictions for an average learner are worth, before this learner has any."""
KNEW = {1: 0.0, 2: 0.25, 3: 1.0, 4: 1.0}
"""How far a first answer of each rating shows knowledge; a Hard one was half right, so that it seldom does."""
WEEK_DAYS = 7


class Mastery(Struct, frozen=True, kw_only=True):
    """The share of a topic's questions expected to be recalled, 0 to 1; in 9 of 10 cases it is from `low` to `high`."""

    mean: float
    low: float
    high: float
    seen: int
    total: int


class Readiness(Struct, frozen=True, kw_only=True):
    """The share of the questions expected to be recalled well, 0 to 1; in 9 of 10 cases it is from `low` to `high`."""

    mean: float
    low: float
    high: float
    seen: int
    total: int


class Streak(Struct, frozen=True, kw_only=True):
    """How many days the candidate practised without a break, and how many more misses this week would be forgiven."""

    days: int
    mercy_left: int


class _Seen(Struct, frozen=True):
    """What is predicted of one answered question, and from how many answers."""

    recall: float
    reps: int


def forecast(cards: Sequence[Card], now: datetime, days: int) -> tuple[int, ...]:
    """Return how many cards fall due on each of `days` days, today first with all that is overdue.

    A day is one of the calendar that `now`'s time zone has. Suspended cards and those never answered are left out.

    Raises:
        ValueError: when `now` has no time zone.
    """
    utc(now, "now")
    ahead = Counter(
        max(0, (card.due.astimezone(now.tzinfo).date() - now.date()).days)
        for card in cards
        if not card.suspended and card.seen
    )
    return tuple(ahead[day] for day in range(days))


def mastery(
    cards: Sequence[Card], topics: Mapping[str, str], at: datetime, first_ratings: Sequence[int] = ()
) -> dict[str, Mastery]:
    """Return what of each topic would be recalled at `at`, by the same estimate as `readiness`.

    Args:
        cards: every card; those of questions that `topics` does not name are passed over.
        topics: the topic of every question, asked or not.
        at: the moment asked about.
        first_ratings: the ratings of all first answers of the candidate, in any order.
    """
    grouped: dict[str, list[str]] = {}
    for question, topic in topics.items():
        grouped.setdefault(topic, []).append(question)
    predicted = _predict(cards, at)
    found = {}
    for topic, questions in sorted(grouped.items()):
        seen = [predicted[question] for question in questions if question in predicted]
        mean, low, high = _share(seen, len(questions) - len(seen), first_ratings)
        found[topic] = Mastery(mean=mean, low=low, high=high, seen=len(seen), total=len(questions))
    return found


def readiness(
    cards: Sequence[Card], questions: Collection[str], at: datetime, first_ratings: Sequence[int] = ()
) -> Readiness:
    """Return which share of `questions` would be recalled well at `at`, with its uncertainty.

    Three things are uncertain, and their variances add up:

    - *The luck of the day.* A seen question is recalled with FSRS's probability R, so the number recalled varies by
      the sum of R (1 - R).
    - *The prediction.* All the R of one learner may be off together: by MODEL_ERROR, and by as much as the mean of as
      many tosses as there were reviews may be off. Few reviews, wide interval.
    - *The unseen.* How many of them are known has a beta-binomial distribution: a weak prior, updated by how many
      first answers were right, a Hard one counting a quarter.

    The interval is that of the beta distribution with the same mean and variance, so it never leaves 0 to 1. Suspended
    questions count as the rest do: they are not practised, but an interviewer may ask them.

    Args:
        cards: every card; those of other questions are passed over.
        questions: the ids of the questions of the candidate's level, asked or not.
        at: the interview.
        first_ratings: the ratings of all first answers of the candidate, in any order.

    Raises:
        ValueError: when `at` has no time zone.
    """
    predicted = _predict(cards, at)
    wanted = set(questions)
    seen = [each for question, each in predicted.items() if question in wanted]
    mean, low, high = _share(seen, len(wanted) - len(seen), first_ratings)
    return Readiness(mean=mean, low=low, high=high, seen=len(seen), total=len(wanted))


def streak(review_days: Collection[date], today: date, mercy: int = 1) -> Streak:
    """Return how long the candidate has kept at it, up to `today`.

    Of any seven days in a row, `mercy` missed ones are forgiven; they do not count, and do not break the streak. Today
    breaks nothing until it is over.

    Args:
        review_days: the local dates with at least one answer; later ones than `today` are passed over.
        today: the candidate's local date.
        mercy: misses forgiven in seven days.

    Raises:
        ValueError: when `mercy` is negative.
    """
    if mercy < 0:
        raise ValueError(f"mercy is {mercy}; use 0 or more forgiven days a week")
    practised = sorted({day for day in review_days if day <= today}, reverse=True)
    forgiven: list[date] = []
    days, before = 0, today
    for day in practised:
        missed = [before - timedelta(days=each) for each in range(1, min((before - day).days, mercy + 2))]
        if not all(_forgivable(each, [*forgiven, *missed], mercy) for each in missed):
            break
        forgiven += missed
        days, before = days + 1, day
    used = sum((today - each).days < WEEK_DAYS for each in forgiven)
    return Streak(days=days, mercy_left=max(0, mercy - used))


def _forgivable(missed: date, misses: Iterable[date], mercy: int) -> bool:
    """Return whether the seven days from `missed` on hold no more misses than are forgiven."""
    return sum(0 <= (each - missed).days < WEEK_DAYS for each in misses) <= mercy


def _predict(cards: Iterable[Card], at: datetime) -> dict[str, _Seen]:
    utc(at, "at")
    return {card.question: _Seen(retrievability(card, at), card.reps) for card in cards if card.seen}


def _share(seen: Sequence[_Seen], unseen: int, first_ratings: Sequence[int]) -> tuple[float, float, float]:
    """Return mean, low and high of the share recalled of the seen and the unseen questions together."""
    total = len(seen) + unseen
    if total == 0:
        return 0.0, 0.0, 1.0
    recalls, reps = [each.recall for each in seen], sum(each.reps for each in seen)
    known, known_variance = _unseen_known(unseen, first_ratings)
    mean = (sum(recalls) + known) / total
    variance = (_seen_variance(recalls, reps) + known_variance) / total**2
    return mean, *_interval(mean, variance)


def _seen_variance(recalls: Sequence[float], reps: int) -> float:
    """Return the variance of the number of seen questions that are recalled."""
    if not recalls:
        return 0.0
    mean = sum(recalls) / len(recalls)
    prediction = mean * (1 - mean) / (reps + GUESS_REVIEWS) + MODEL_ERROR**2
    return sum(each * (1 - each) for each in recalls) + prediction * len(recalls) ** 2


def _unseen_known(unseen: int, first_ratings: Sequence[int]) -> tuple[float, float]:
    """Return mean and variance of a beta-binomial number of known questions among the unseen."""
    knew = ANSWER_WORTH * sum(KNEW[rating] for rating in first_ratings)
    hits, misses = PRIOR[0] + knew, PRIOR[1] + ANSWER_WORTH * len(first_ratings) - knew
    weight = hits + misses
    share = hits / weight
    return unseen * share, unseen * share * (1 - share) * (weight + unseen) / (weight + 1)


def _interval(mean: float, variance: float) -> tuple[float, float]:
    """Return the central interval of the beta distribution of this mean and variance, by adding up its density."""
    if variance <= 0 or not 0 < mean < 1:
        return mean, mean
    weight = max(mean * (1 - mean) / variance - 1, 0.05)
    at = (np.arange(4000) + 0.5) / 4000
    log_density = (mean * weight - 1) * np.log(at) + ((1 - mean) * weight - 1) * np.log(1 - at)
    density = np.exp(log_density - log_density.max())
    below = np.cumsum(density) / density.sum()
    low, high = np.interp([(1 - CERTAINTY) / 2, (1 + CERTAINTY) / 2], below, at)
    return min(float(low), mean), max(float(high), mean)
