"""This file measures what the planner is worth: simulated learners practise under several orders until their interview.

Every learner's true memory follows FSRS's formulas with weights of their own, questions that are harder or easier than
their ratings say, slips, grading errors and missed days. The planner and FSRS see only cards and ratings, as the app
does. All orders meet the same learners with the same luck (common random numbers), so differences are taken in pairs.

    uv run python benchmarks/planner.py [--learners 40] [--seed 1]
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sparring.scheduling.card import Card, new_card, review
from sparring.scheduling.forecast import readiness
from sparring.scheduling.memory import WEIGHTS, Memory, first, recall, reviewed
from sparring.scheduling.plan import NewQuestion, plan

Floats = NDArray[np.float64]

START = datetime(2026, 11, 1, 18, tzinfo=UTC)
QUESTIONS = 120
TRIES = 80
READ_MINUTES = 2.0
SETTINGS = [(days, minutes) for days in (28, 14, 7) for minutes in (20, 40)]


class Population(NamedTuple):
    """A kind of learner: the share known beforehand, and how much faster than FSRS expects they forget."""

    known: float = 0.3
    keeps: float = 1.0
    decay: float = 1.0


POPULATIONS = {
    "typical": Population(),
    "experienced": Population(known=0.6),
    "forgetful": Population(keeps=0.4, decay=2.5),
}


class Learner(NamedTuple):
    """The truth about one learner, which no policy sees, and the luck of every try."""

    weights: tuple[float, ...]
    known: Floats
    keeps: Floats
    harder: Floats
    minutes: Floats
    recalls: Floats
    rates: Floats
    errs: Floats
    sits: NDArray[np.bool_]


class Choice(NamedTuple):
    """What a policy may know when it chooses what to practise today."""

    cards: Mapping[int, Card]
    minutes: Floats
    now: datetime
    days_left: int
    minutes_a_day: float

    @property
    def new(self) -> list[int]:
        return [question for question in range(QUESTIONS) if question not in self.cards]

    @property
    def due(self) -> list[int]:
        due = [question for question, card in self.cards.items() if card.due.date() <= self.now.date()]
        return sorted(due, key=lambda question: (self.cards[question].due, question))


Policy = Callable[[Choice], list[int]]


def draw_learner(seed: int, population: Population) -> Learner:
    """Draw a learner of a population."""
    rng = np.random.default_rng(seed)
    weights = np.maximum(np.array(WEIGHTS) * rng.lognormal(0, 0.25, len(WEIGHTS)), 0.001)
    weights[0:2] *= population.keeps
    weights[0:4] = np.sort(weights[0:4])
    weights[20] = np.clip(weights[20] * population.decay, 0.1, 0.8)
    share = rng.beta(5 * population.known, 5 * (1 - population.known))
    return Learner(
        weights=tuple(weights),
        known=rng.beta(2 * share + 0.05, 2 * (1 - share) + 0.05, QUESTIONS),
        keeps=rng.lognormal(0, 0.4, QUESTIONS),
        harder=rng.normal(0, 1.2, QUESTIONS),
        minutes=rng.choice([2.0, 3.0, 4.0, 5.0], QUESTIONS),
        recalls=rng.random((QUESTIONS, TRIES)),
        rates=rng.random((QUESTIONS, TRIES)),
        errs=rng.random((QUESTIONS, TRIES)),
        sits=rng.random(366) < 0.88,
    )


class Practice:
    """One learner's weeks of practice under one policy: the true memory, and the cards the app would keep."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.cards: dict[int, Card] = {}
        self.first_ratings: list[int] = []
        self._stability = np.ones(QUESTIONS)
        self._difficulty = np.ones(QUESTIONS)
        self._last_day = np.full(QUESTIONS, -1.0)
        self._tries = np.zeros(QUESTIONS, dtype=int)

    def recall_on(self, day: int) -> Floats:
        """Return the true probability of recalling each question on a day."""
        kept = recall(Memory(self._stability, self._difficulty), day - self._last_day, self.learner.weights)
        return np.where(self._last_day < 0, self.learner.known, np.maximum(self.learner.known, kept))

    def sit(self, order: Sequence[int], day: int, minutes: float) -> None:
        """Practise in order until the minutes are over; a miss comes again two questions later, at most twice a day."""
        waiting: list[tuple[int, int]] = []
        repeats: dict[int, int] = {}
        queue, asked = list(order), 0
        while minutes > 0 and (queue or waiting):
            ready = waiting and (waiting[0][0] <= asked or not queue)
            question = waiting.pop(0)[1] if ready else queue.pop(0)
            asked += 1
            rating, spent = self._answer(question, day, START + timedelta(days=day, minutes=asked))
            minutes -= spent
            if rating == 1 and repeats.get(question, 0) < 2:
                repeats[question] = repeats.get(question, 0) + 1
                waiting.append((asked + 2, question))

    def _answer(self, question: int, day: int, now: datetime) -> tuple[int, float]:
        """Answer a question; return the rating the app gives and the minutes it took."""
        met = self._last_day[question] >= 0
        truth = self._remember(question, day)
        slip = self.learner.errs[question, self._tries[question]]
        seen = max(1, truth - 1) if slip < 0.05 else min(4, truth + 1) if slip > 0.95 else truth
        self._tries[question] += 1
        if not met:
            self.first_ratings.append(seen)
        card = self.cards.get(question) or new_card(str(question), now)
        self.cards[question] = review(card, seen, now)  # type: ignore[arg-type]  # max and min widen to int
        read = READ_MINUTES if truth == 1 or not met else 0.0
        return seen, float(self.learner.minutes[question]) + read

    def _remember(self, question: int, day: int) -> int:
        """Change the true memory by one answer and return its true rating."""
        learner, tries = self.learner, self._tries[question]
        luck, rate = learner.recalls[question, tries], learner.rates[question, tries]
        recalled = 2 if rate < 0.224 else 3 if rate < 0.855 else 4
        if self._last_day[question] < 0:
            rating = recalled if luck < learner.known[question] else 2 if rate < 0.35 else 1
            after = first(rating, 1, learner.weights)
            after = Memory(after.stability * learner.keeps[question], after.difficulty + learner.harder[question])
        else:
            rating = recalled if luck < 0.98 * self.recall_on(day)[question] else 1
            before = Memory(self._stability[[question]], self._difficulty[[question]])
            after = reviewed(before, day - self._last_day[[question]], rating, learner.weights)
        self._stability[question] = after.stability[0]
        self._difficulty[question] = np.clip(after.difficulty[0], 1, 10)
        self._last_day[question] = day
        return rating


def by_planner(choice: Choice) -> list[int]:
    """Our planner."""
    read = [NewQuestion(question=str(each), minutes=choice.minutes[each] + READ_MINUTES) for each in choice.new]
    today = plan(
        list(choice.cards.values()),
        read,
        now=choice.now,
        interview_on=(choice.now + timedelta(days=choice.days_left)).date(),
        minutes_a_day=choice.minutes_a_day,
        minutes={card.question: choice.minutes[question] for question, card in choice.cards.items()},
    )
    return [int(item.question) for item in today.items]


def by_due(choice: Choice) -> list[int]:
    """Plain FSRS order: what is due by its date, then new questions."""
    return choice.due + choice.new


def by_overdue(choice: Choice) -> list[int]:
    """Most overdue first, measured in intervals; then new questions."""

    def overdue(question: int) -> float:
        card = choice.cards[question]
        assert card.last_review is not None
        return (choice.now - card.due) / (card.due - card.last_review)

    return sorted(choice.due, key=lambda question: (-overdue(question), question)) + choice.new


def by_new(choice: Choice) -> list[int]:
    """Every new question first, then what is due, then the rest."""
    due = choice.due
    return choice.new + due + sorted(set(choice.cards) - set(due), key=lambda each: choice.cards[each].due)


def by_chance(choice: Choice) -> list[int]:
    """Any question."""
    return [int(each) for each in np.random.default_rng(choice.days_left).permutation(QUESTIONS)]


POLICIES: dict[str, Policy] = {
    "planner": by_planner,
    "fsrs": by_due,
    "overdue": by_overdue,
    "random": by_chance,
    "new first": by_new,
}


def practise(learner: Learner, policy: Policy, days: int, minutes: float) -> Practice:
    """Practise `minutes` a day for `days` days under a policy."""
    practice = Practice(learner)
    for day in np.flatnonzero(learner.sits[:days]):
        now = START + timedelta(days=int(day))
        order = policy(Choice(practice.cards, learner.minutes, now, days - int(day), minutes))
        practice.sit(order, int(day), minutes)
    return practice


def recall_on_the_day(learners: Sequence[Learner], policy: Policy, days: int, minutes: float) -> Floats:
    """Return each learner's true mean recall on the interview day."""
    return np.array([practise(learner, policy, days, minutes).recall_on(days).mean() for learner in learners])


def mean_and_margin(values: Floats) -> tuple[float, float]:
    """Return the mean and the half width of its 95 % confidence interval."""
    return float(values.mean()), float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))


def covered(learners: Sequence[Learner], days: int, minutes: float) -> float:
    """Return how often the readiness interval, given at the end of practice, holds the share recalled on the day."""
    hits = 0
    for index, learner in enumerate(learners):
        practice = practise(learner, by_planner, days, minutes)
        ids = [str(each) for each in range(QUESTIONS)]
        ready = readiness(
            list(practice.cards.values()), ids, START + timedelta(days=days), first_ratings=practice.first_ratings
        )
        luck = np.random.default_rng(index).random(QUESTIONS)
        hits += bool(ready.low <= (luck < practice.recall_on(days)).mean() <= ready.high)
    return hits / len(learners)


def main() -> None:
    """Print recall on the day of every policy in every setting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun = time.perf_counter()
    print(f"{chosen.learners} learners, {QUESTIONS} questions; mean recall on the day ± 95 % interval")
    print(f"{'learners':12}{'days':>5}{'min':>4}  " + "".join(f"{name:>16}" for name in POLICIES) + "  planner - fsrs")
    for name, population in POPULATIONS.items():
        learners = [draw_learner(chosen.seed * 10_000 + each, population) for each in range(chosen.learners)]
        for days, minutes in SETTINGS:
            found = {each: recall_on_the_day(learners, policy, days, minutes) for each, policy in POLICIES.items()}
            cells = "".join("  {:.3f} ± {:.3f} ".format(*mean_and_margin(values)) for values in found.values())
            gain, margin = mean_and_margin(found["planner"] - found["fsrs"])
            print(f"{name:12}{days:5}{minutes:4}  {cells}  {gain:+.3f} ± {margin:.3f}", flush=True)
        print(f"{name:12} readiness interval (90 %) holds the truth: {covered(learners, 14, 40):.0%}", flush=True)
    print(f"took {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
