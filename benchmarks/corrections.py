"""This file measures how a table fitted to a candidate serves: `uv run python benchmarks/corrections.py`.

Simulated candidates judge answers: some see it as the grader does, to some it is strict or lenient by 15 points of 100,
or lenient with weak answers only; one agrees with it but rates one answer in three at random. They correct findings in
a quarter of the answers, accept the suggested rating without a thought in half of the others, and otherwise rate as
they see it. For some weights of the identity it prints, over fresh answers: how far the scores are from the
candidate's view on average, how often the suggested rating is the candidate's, the largest shift of any score, and how
far one more answer moved a score.
"""

import random
import statistics
from collections.abc import Callable

from sparring.grading import calibration
from sparring.grading.calibration import Pair, Table, enough, fit, said
from sparring.grading.grade import rating_of

CANDIDATES = 200
NOISE = 0.08
"""Spread of a candidate's view of an answer around what that candidate thinks of such answers on average."""
AT = (30, 60, 120)
SETTINGS = ((1e9, 0.05), (1.0, 0.05), (3.0, 0.05), (10.0, 0.05), (3.0, 0.0))
"""Weight of the identity, the first of which leaves every score alone, and how far inside its band a rating is read."""
GRID = [index / 100 for index in range(101)]
KINDS: dict[str, Callable[[float], float]] = {
    "agrees": lambda raw: raw,
    "careless": lambda raw: raw,
    "strict grader": lambda raw: min(1.0, raw + 0.15),
    "lenient grader": lambda raw: max(0.0, raw - 0.15),
    "lenient if weak": lambda raw: raw if raw > 0.6 else raw * 0.6,
}


def views(kind: str, luck: random.Random) -> tuple[float, float]:
    """Return the raw score of an answer and how the candidate sees it."""
    raw = round(luck.betavariate(1.8, 1.2), 4)
    return raw, min(1.0, max(0.0, round(KINDS[kind](raw) + luck.gauss(0, NOISE), 4)))


def judged(kind: str, raw: float, view: float, shown: int, luck: random.Random) -> Pair:
    """Return what the candidate's judgement says, who was shown a suggested rating."""
    if kind == "careless" and luck.random() < 1 / 3:
        return raw, said(raw, luck.randint(1, 4))
    if luck.random() < 0.25:
        return raw, view
    return raw, said(raw, shown if luck.random() < 0.5 else rating_of(view))


def history(kind: str, luck: random.Random) -> dict[int, tuple[Table | None, float]]:
    """Return, after each of AT answers, the table and the largest shift by the answer before."""
    pairs: list[Pair] = []
    table: Table | None = None
    found = {}
    for count in range(1, max(AT) + 1):
        raw, view = views(kind, luck)
        pairs.append(judged(kind, raw, view, rating_of(table(raw) if table else raw), luck))
        before, table = table, fit(pairs) if enough(pairs) else None
        if count in AT:
            step = max(abs(table(raw) - before(raw)) for raw in GRID) if table and before else 0.0
            found[count] = (table, step)
    return found


def row(kind: str, count: int, tables: list[tuple[Table | None, float]], luck: random.Random) -> str:
    off, right, shift = [], [], []
    for table, _ in tables:
        for raw, view in [views(kind, luck) for _ in range(100)]:
            score = table(raw) if table else raw
            off.append(abs(score - KINDS[kind](raw)))
            right.append(rating_of(score) == rating_of(view))
        shift.append(max(abs(table(raw) - raw) for raw in GRID) if table else 0.0)
    step = sorted(step for _, step in tables)[round(0.99 * len(tables)) - 1]
    there = sum(table is not None for table, _ in tables)
    return (
        f"{kind:<16} {count:>4} {there:>5} {statistics.fmean(off):>7.3f} {statistics.fmean(right):>7.2f}"
        f" {statistics.fmean(shift):>7.3f} {max(shift):>7.3f} {step:>7.3f}"
    )


def main() -> None:
    head = f"{'candidate':<16} {'n':>4} {'there':>5} {'off':>7} {'rating':>7} {'shift':>7} {'worst':>7} {'step':>7}"
    for identity, inside in SETTINGS:
        calibration.IDENTITY, calibration.INSIDE = identity, inside
        print(f"\nidentity {identity:g}, inside {inside:g}\n{head}")
        for kind in KINDS:
            luck = random.Random(f"{kind} 20261124")
            found = [history(kind, luck) for _ in range(CANDIDATES)]
            for count in AT:
                print(row(kind, count, [each[count] for each in found], luck))


if __name__ == "__main__":
    main()
