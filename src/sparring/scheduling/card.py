"""This file keeps what is known about the memory of one question, and says when the question comes back.

The model is FSRS-6 by the `fsrs` package (https://github.com/open-spaced-repetition/py-fsrs). Here it never reads the
clock, never sleeps and never draws a random number: every value it could read is passed in.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

import fsrs
from msgspec import Struct
from msgspec.structs import replace

State = Literal["new", "learning", "review", "relearning"]
Rating = Literal[1, 2, 3, 4]

AGAIN: Rating = 1
RATINGS: tuple[Rating, ...] = (1, 2, 3, 4)
AGAIN_AFTER = timedelta(minutes=10)
"""A missed question comes back in the same sitting, after this long."""
NIGHT = timedelta(hours=12)
"""Reviews this far apart count as a day apart; see `review`."""

STABILITY_MIN = 0.001
"""Days; FSRS knows no lower stability, and divides by it."""
_DAY = timedelta(days=1)
_TO_FSRS = {
    "new": fsrs.State.Learning,
    "learning": fsrs.State.Learning,
    "review": fsrs.State.Review,
    "relearning": fsrs.State.Relearning,
}
_FROM_FSRS: dict[fsrs.State, State] = {
    fsrs.State.Learning: "learning",
    fsrs.State.Review: "review",
    fsrs.State.Relearning: "relearning",
}


class Card(Struct, frozen=True, kw_only=True):
    """The memory of one question, as FSRS sees it.

    It is made new, changed only by `review`, `suspend` and `resume` (each returns another card), and thrown away never.
    `stability` is the days after which recall falls to 90 %, `difficulty` is 1 (easy) to 10; both are None until the
    first review. `lapses` counts how often a learned question was missed.

    Raises:
        ValueError: when `due` or `last_review` has no time zone.
    """

    question: str
    due: datetime
    stability: float | None = None
    difficulty: float | None = None
    state: State = "new"
    step: int | None = None
    last_review: datetime | None = None
    reps: int = 0
    lapses: int = 0
    suspended: bool = False

    def __post_init__(self) -> None:
        utc(self.due, "due")
        if self.last_review is not None:
            utc(self.last_review, "last_review")

    @property
    def seen(self) -> bool:
        """Whether the question was ever answered."""
        return self.stability is not None and self.difficulty is not None and self.last_review is not None


def utc(moment: datetime, name: str) -> datetime:
    """Return `moment` in UTC.

    Raises:
        ValueError: when it has no time zone; `name` says which value that was.
    """
    if moment.utcoffset() is None:
        raise ValueError(
            f"`{name}` has no time zone ({moment.isoformat()}); pass an aware datetime, for example in UTC"
        )
    return moment.astimezone(UTC)


def new_card(question: str, now: datetime) -> Card:
    """Return the card of a question that was never asked; it is due at `now`."""
    return Card(question=question, due=utc(now, "now"))


def review(card: Card, rating: Rating, now: datetime, retention: float = 0.9) -> Card:
    """Return the card after an answer rated 1 to 4 (Again, Hard, Good, Easy) at `now`.

    FSRS counts whole days of 24 hours, so a candidate who sits down at 19:00 and next day at 18:30 would be credited
    with practising twice on one day. A gap of 12 to 24 hours is therefore counted as one day. In all else the result
    is the reference's.

    Args:
        card: the card before; a suspended one is reviewed all the same and stays suspended.
        rating: how well it was answered.
        now: when, with a time zone.
        retention: the recall at which it should come back, above 0 and below 1.

    Raises:
        ValueError: for a naive `now`, an unknown rating or a retention out of range.
    """
    moment = utc(now, "now")
    if rating not in RATINGS:
        raise ValueError(f"rating {rating!r} is unknown; use 1 (Again), 2 (Hard), 3 (Good) or 4 (Easy)")
    after, _ = _scheduler(retention, again=rating == AGAIN).review_card(
        _as_fsrs(card, moment), fsrs.Rating(rating), moment
    )
    return replace(
        card,
        due=after.due,
        stability=after.stability,
        difficulty=after.difficulty,
        state=_FROM_FSRS[after.state],
        step=after.step,
        last_review=moment,
        reps=card.reps + 1,
        lapses=card.lapses + (card.state == "review" and rating == AGAIN),
    )


def intervals(card: Card, now: datetime, retention: float = 0.9) -> dict[Rating, timedelta]:
    """Return how long after `now` the card would come back for each rating: what the buttons 1 to 4 show."""
    return {rating: review(card, rating, now, retention).due - utc(now, "now") for rating in RATINGS}


def retrievability(card: Card, at: datetime) -> float:
    """Return the predicted probability of recalling the answer at `at`; 0 for a question never answered."""
    moment = utc(at, "at")
    if not card.seen or card.last_review is None:
        return 0.0
    return _scheduler(0.9, again=False).get_card_retrievability(_as_fsrs(card, card.last_review), moment)


def suspend(card: Card) -> Card:
    """Return the card put aside: no plan contains it until it is resumed. What is remembered of it stays."""
    return replace(card, suspended=True)


def resume(card: Card, now: datetime) -> Card:
    """Return the card taken up again; when it fell due while it was put aside, it is due at `now`."""
    return replace(card, suspended=False, due=max(card.due, utc(now, "now")))


def _as_fsrs(card: Card, now: datetime) -> fsrs.Card:
    """Return the card for the reference, every field given: a missing one makes it read the clock, and sleep.

    A restored card may lack what the reference asserts; it is then taken as never answered, or its step as the first.
    """
    if not card.seen:
        return fsrs.Card(card_id=0, state=fsrs.State.Learning, step=0, due=card.due)
    last = card.last_review
    if last is not None and NIGHT <= now - last < _DAY:
        last = now - _DAY
    return fsrs.Card(
        card_id=0,
        state=_TO_FSRS[card.state],
        step=None if card.state == "review" else card.step or 0,
        stability=max(card.stability or 0.0, STABILITY_MIN),
        difficulty=card.difficulty,
        due=card.due,
        last_review=last,
    )


@lru_cache(maxsize=64)
def _scheduler(retention: float, *, again: bool) -> fsrs.Scheduler:
    """Return the reference's scheduler without fuzz.

    Only a miss takes a step within the sitting; every other rating goes to days, Hard too (see decision 0004).
    """
    if not 0 < retention < 1:
        raise ValueError(f"retention {retention!r} is out of range; use a share above 0 and below 1, such as 0.9")
    steps = (AGAIN_AFTER,) if again else ()
    return fsrs.Scheduler(
        desired_retention=retention, learning_steps=steps, relearning_steps=steps, enable_fuzzing=False
    )
