"""This file puts the model's grade beside the rules' own, and what asking the model took, into words."""

from collections.abc import Iterator

from msgspec import Struct

from sparring.grading.grade import Cost, Grade
from sparring.practice import Result
from sparring.server import views

SMALLEST = 0.0001
"""Money below which digits say nothing."""


class Compared(Struct, frozen=True):
    """Both grades in one word each, and a sentence about them."""

    model: str
    rules: str
    sentence: str


class Beside(Struct, frozen=True):
    """What the rules alone said of a criterion on which the model says something else."""

    verdict: str
    words: str


def compared(result: Result) -> Compared | None:
    """Return the two grades beside each other, as the graders gave them; None where no model's findings count."""
    graded = result.graded.grade.unshifted()
    if graded.offline is None:
        return None
    model, rules = views.band(graded), views.band(graded.offline)
    first = (
        f"Model and rules both say “{model}”" if model == rules else f"The model says “{model}”, the rules “{rules}”"
    )
    judged = {point.id for point in result.rubric.points} | {flag.id for flag in result.rubric.flags}
    apart = len(judged & beside(result).keys())
    if not apart:
        return Compared(model, rules, f"{first}, and they agree on every criterion.")
    each = f"{apart} of {len(judged)} criteria, where the rules' verdict is written beside the model's"
    return Compared(model, rules, f"{first}. They differ on {each}.")


def beside(result: Result) -> dict[str, Beside]:
    """Return what the rules alone said, by criterion, wherever the model says something else."""
    graded = result.graded.grade
    return {name: Beside(rules, _words(rules, model, result, name)) for name, rules, model in differences(graded)}


def differences(grade: Grade) -> Iterator[tuple[str, str, str]]:
    """Yield each criterion on which the model and the rules differ, with the rules' verdict and the model's."""
    verdicts = grade.offline.verdicts if grade.offline else {}
    for each in grade.findings:
        rules = verdicts.get(each.criterion, each.verdict)
        if rules != each.verdict:
            yield each.criterion, rules, each.verdict


def _words(rules: str, model: str, result: Result, criterion: str) -> str:
    """Name the rules' verdict, and the model's too where the candidate's own stands in its place."""
    finding = result.grade.finding(criterion)
    kind, own = (finding.kind, finding.basis == "self") if finding else ("", False)
    said = f"Rules: {_word(rules, kind)}"
    return f"{said} · model: {_word(model, kind)}" if own else said


def _word(verdict: str, kind: str) -> str:
    return "no red flag" if (kind, verdict) == ("red-flag", "missed") else views.WORDS[verdict].lower()


def cost_words(cost: Cost | None) -> str:
    """Return what asking the model took, such as "3 calls, 2,140 tokens in, 380 out, 4.2 s"."""
    if cost is None:
        return ""
    parts = [f"{cost.calls} call{'s' if cost.calls != 1 else ''}"]
    if cost.uncounted < cost.calls:
        parts += [f"{cost.tokens_in:,} tokens in", f"{cost.tokens_out:,} out"]
    parts.append(f"{cost.seconds:.1f} s")
    if cost.money is not None and cost.uncounted < cost.calls:
        parts.append(f"{_money(cost.money)} at your prices")
    return ", ".join(parts) + _uncounted(cost)


def _money(amount: float) -> str:
    if 0 < amount < SMALLEST:
        return f"less than {SMALLEST}"
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:.4f}"


def _uncounted(cost: Cost) -> str:
    if not cost.uncounted:
        return ""
    if cost.uncounted == cost.calls:
        return "; the endpoint did not count tokens"
    return f"; the tokens of {cost.uncounted} were not counted"
