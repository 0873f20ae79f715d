"""This file tells the numbers of questions from the numbers of steps, adverts and cards, by the sequence they make."""

from collections.abc import Sequence

from msgspec import Struct

from sparring.bank.importers.markers import Mark


class Candidate(Struct, frozen=True):
    """A line that may start a question: its index in the outline, its mark, and how much speaks for it."""

    index: int
    mark: Mark
    weight: float


RESTART = 1.5
"""What it costs to begin again at 1, as a new section does and a nested list does too."""

GAP = 1.5
"""What each missing number costs."""

JUMP = 4.0
"""What any other leap forward costs."""

LARGEST_GAP = 4


class _Chain(Struct, frozen=True):
    """The best way found to read candidates up to one: its worth, and the candidate and chain before it."""

    worth: float
    at: int
    before: "_Chain | None"


def sequence(candidates: Sequence[Candidate]) -> tuple[float, list[Candidate]]:
    """Return the most plausible numbering among `candidates` (in document order) and how plausible it is.

    Steps inside an answer lose: they begin again at 1, look little like questions, and the next question goes on from
    the number of the one before. One pass, with the best chain for each last number kept (a longest-path search).
    """
    best: _Chain | None = None
    by_last: dict[int, _Chain] = {}
    for at, candidate in enumerate(candidates):
        value = int(candidate.mark.number or 0)
        worth, before = _best_before(value, best, by_last)
        chain = _Chain(worth + candidate.weight, at, before)
        if value not in by_last or by_last[value].worth <= chain.worth:
            by_last[value] = chain
        if best is None or best.worth <= chain.worth:
            best = chain
    chosen: list[Candidate] = []
    link = best
    while link is not None:
        chosen.append(candidates[link.at])
        link = link.before
    return (best.worth if best else 0.0), chosen[::-1]


def _best_before(value: int, best: _Chain | None, by_last: dict[int, _Chain]) -> tuple[float, _Chain | None]:
    """Return the most worthy chain that a candidate with the number `value` may continue, less what that costs."""
    options: list[tuple[float, _Chain | None]] = [(0.0 if value <= 1 else -GAP, None)]
    nearest = ((gap, by_last.get(value - gap)) for gap in range(1, LARGEST_GAP + 1))
    options += [(chain.worth - GAP * (gap - 1), chain) for gap, chain in nearest if chain]
    if best is not None:
        options.append((best.worth - (RESTART if value <= 1 else JUMP), best))
    return max(options, key=lambda option: option[0])
