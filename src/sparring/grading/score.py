"""This file turns findings into a score, and lets the candidate overrule a finding."""

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from sparring.content import Choice, Point
from sparring.grading.grade import Confidence, Criterion, Finding, Grade, Verdict, rating_of
from sparring.grading.rubric import Rubric

VALUES: dict[Verdict, float] = {"met": 1.0, "partly": 0.5, "missed": 0.0, "contradicted": -0.5}
"""What a point's verdict is worth; verdicts that are absent here are worth nothing."""

WEIGHTS = {"must": 1.0, "should": 0.5}
"""How much a point of each level counts against a candidate who leaves it out; a bonus point never does."""

BONUS = 0.1
"""What all bonus points together can add."""

FLAG_COSTS = 0.15
FLAG_CAP = 0.6
"""Each red flag costs this much, and no answer with one can score above the cap."""

STRUCTURE = 0.3
"""Share of a story's score that its structure decides; its points decide the rest."""

VERDICTS: dict[Criterion, tuple[Verdict, ...]] = {
    "key-point": ("met", "partly", "missed", "contradicted"),
    "red-flag": ("present", "missed"),
    "structure": ("met", "partly", "missed"),
}


def score(rubric: Rubric, findings: Sequence[Finding]) -> float:
    """Return the score, 0 to 1, that the findings about an answer are worth under the rubric."""
    return total(share(rubric, findings), findings)


def share(rubric: Rubric, findings: Sequence[Finding], worth: Mapping[str, float] | None = None) -> float:
    """Return how much of what had to be said was said, bonus points on top.

    Args:
        rubric: what the answer was judged against.
        findings: one for each criterion.
        worth: what single points are worth, 1 to -0.5, where that is known finer than by their verdicts.
    """
    values = {finding.criterion: VALUES.get(finding.verdict, 0.0) for finding in findings} | dict(worth or {})
    own = {finding.criterion for finding in findings if finding.basis == "self"}
    return _points(rubric, values, own) + _bonus(rubric, values)


def total(said: float, findings: Sequence[Finding]) -> float:
    """Return the score of an answer from what its points are worth, its structure and its red flags."""
    structure = [VALUES.get(finding.verdict, 0.0) for finding in findings if finding.kind == "structure"]
    if structure:
        said = (1 - STRUCTURE) * said + STRUCTURE * sum(structure) / len(structure)
    flags = sum(finding.kind == "red-flag" and finding.verdict == "present" for finding in findings)
    if flags:
        said = min(said - flags * FLAG_COSTS, FLAG_CAP)
    return round(min(1.0, max(0.0, said)), 4)


def weight_of(point: Point) -> float:
    """Return how much a must or should point counts; a bonus point counts half where it is asked for all the same."""
    return point.weight * WEIGHTS.get(point.level, 0.5)


def confidence_of(interval: tuple[float, float], *, proposed: bool) -> Confidence:
    """Return how far a suggested rating can be trusted, from the interval that holds the score in 4 of 5 cases.

    It is low where another rating is as well possible, or nobody wrote the key points.
    """
    low, high = interval
    return "high" if rating_of(low) == rating_of(high) and not proposed else "low"


def override(grade: Grade, rubric: Rubric, criterion: str, verdict: Verdict) -> Grade:
    """Return the grade with the candidate's own verdict on one criterion, and score and rating that follow from it.

    What the candidate says of this answer takes the place of what corrections of other answers shifted.

    Raises:
        ValueError: when the grade has no such criterion, or the criterion cannot get that verdict.
    """
    found = grade.finding(criterion)
    if found is None:
        known = ", ".join(finding.criterion for finding in grade.findings)
        raise ValueError(f"the grade has no criterion `{criterion}`; it has {known}")
    allowed = VERDICTS.get(found.kind, ())
    if verdict not in allowed:
        raise ValueError(f"`{criterion}` cannot be `{verdict}`; choose one of {', '.join(allowed)}")
    given = grade.unshifted()
    changed = given.with_finding(replace(found, verdict=verdict, basis="self"))
    note = f"You changed `{criterion}` from {found.verdict} to {verdict}."
    if grade.raw:
        note += " Your earlier corrections no longer shift this score: what you say of this answer counts."
    finer = given.score - score(rubric, given.findings)
    return replace(in_line(changed, rubric, finer), notes=(*given.notes, note))


def in_line(grade: Grade, rubric: Rubric, finer: float = 0.0) -> Grade:
    """Return the grade with choices, score, rating and interval brought in line with its findings.

    The interval moves with the score and keeps its width.

    Args:
        grade: with some findings replaced.
        rubric: what the answer was judged against.
        finer: what the grader's score had beyond what its verdicts were worth.
    """
    for choice in rubric.choices:
        before = grade.finding(choice.id)
        points = [finding for name in choice.of if (finding := grade.finding(name))]
        if before and before.basis != "self" and points:
            grade = grade.with_finding(choice_finding(choice, points))
    value = round(min(1.0, max(0.0, score(rubric, grade.findings) + finer)), 4)
    low, high = (min(1.0, max(0.0, bound + value - grade.score)) for bound in grade.interval)
    interval = (round(min(low, value), 4), round(max(high, value), 4))
    confidence = confidence_of(interval, proposed=rubric.proposed)
    return replace(grade, score=value, rating=rating_of(value), interval=interval, confidence=confidence)


def choice_finding(choice: Choice, points: Sequence[Finding]) -> Finding:
    """Return the finding about "need k of n", from the findings about its points; it quotes the best of them.

    Its basis is never "self": that says that the candidate overruled the choice itself.
    """
    ranked = sorted(points, key=lambda finding: -VALUES.get(finding.verdict, 0.0))
    share = _fulfilled(choice, [VALUES.get(finding.verdict, 0.0) for finding in points])
    verdict: Verdict = "met" if share >= 1 else "partly" if share > 0 else "missed"
    best = ranked[0]
    quote = (best.quote, best.start, best.end) if share else ("", 0, 0)
    return Finding(
        criterion=choice.id,
        kind="key-point",
        verdict=verdict,
        quote=quote[0],
        start=quote[1],
        end=quote[2],
        basis="model" if best.basis == "model" else "rule",
    )


def _points(rubric: Rubric, values: Mapping[str, float], own: Collection[str]) -> float:
    """Return the weighted share of the points that had to be said; of a choice, `need` points are enough."""
    chosen = {name for choice in rubric.choices for name in choice.of}
    total = got = 0.0
    for point in rubric.points:
        if point.id not in chosen and point.level != "bonus":
            weight = weight_of(point)
            total += weight
            got += weight * values.get(point.id, 0.0)
    for choice in rubric.choices:
        weight = _choice_weight(choice, [point for point in rubric.points if point.id in choice.of])
        total += weight
        fulfilled = _fulfilled(choice, [values.get(name, 0.0) for name in choice.of])
        got += weight * (values[choice.id] if choice.id in own else fulfilled)
    return max(0.0, got / total) if total else _bonus(rubric, values) / BONUS


def _choice_weight(choice: Choice, points: Sequence[Point]) -> float:
    return choice.need * sum(map(weight_of, points)) / len(points)


def _fulfilled(choice: Choice, values: Sequence[float]) -> float:
    """Return how far the best `need` of the points fulfil a choice; points that are barely touched do not add up."""
    return min(1.0, max(0.0, sum(sorted(values)[-choice.need :]) / choice.need))


def _bonus(rubric: Rubric, values: Mapping[str, float]) -> float:
    points = [point for point in rubric.points if point.level == "bonus"]
    total = sum(point.weight for point in points)
    got = sum(point.weight * max(0.0, values.get(point.id, 0.0)) for point in points)
    return BONUS * got / total if total else 0.0
