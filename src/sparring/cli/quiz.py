"""This file is practice in the terminal: a question, an answer, its grade, a rating."""

import sys
from typing import Any

import click

from sparring.cli.opening import data_option, opened

MARKS = {"met": "+", "partly": "~", "missed": "-", "contradicted": "x", "present": "!"}
END = "."


@click.command()
@click.option("--topic", multiple=True)
@click.option("--level", type=int, help="Questions asked from this many years of experience or fewer.")
@click.option("--kind", multiple=True)
@click.option("--count", type=click.IntRange(1), default=5, show_default=True)
@data_option
def quiz(topic: tuple[str, ...], level: int | None, kind: tuple[str, ...], count: int, data: str | None) -> None:
    """Practise in the terminal: the plan's order, narrowed by topic, level and kind."""
    with opened(data) as practice:
        names = _chosen(practice, topic, level, kind)[:count]
        if not names:
            click.echo("Nothing is due that fits. Leave the options out, or look at `spar bank list`.")
        for number, name in enumerate(names, start=1):
            click.echo(f"\n[{number}/{len(names)}]")
            _practise(practice, name)


def _chosen(practice: Any, topics: Any, level: int | None, kinds: Any) -> list[str]:
    fitting = {row.question.id for row in practice.find(topics=topics, kinds=kinds, years=level)}
    planned = [item.question for item in practice.plan().items if item.question in fitting]
    if topics or kinds or level is not None:
        planned += sorted(fitting - set(planned))
    return planned


def _practise(practice: Any, name: str) -> None:
    question = practice.question(name)
    click.secho(question.title, bold=True)
    click.echo(question.prompt)
    click.echo(f"\nAnswer in whole sentences; a line with only `{END}` ends it.")
    begun = practice.now()
    text = _read_answer()
    seconds = (practice.now() - begun).total_seconds()
    answer = practice.submit(name, text, seconds=seconds, via="terminal")
    result = practice.result(answer.id)
    _show(result)
    for follow in result.follow_ups:
        click.echo(f"\nFollow-up: {follow.ask}")
        after = practice.submit(name, _read_answer(), via="terminal", follow_up=follow.id)
        _show(practice.result(after.id))
    _rate(practice, result)


def _read_answer() -> str:
    """Return the lines up to END; where the input itself ends before any, stop, since nothing was answered."""
    lines: list[str] = []
    while (line := sys.stdin.readline()) and line.strip() != END:
        lines.append(line)
    if not line and not lines:
        raise click.Abort
    return "".join(lines).strip()


def _show(result: Any) -> None:
    from sparring.server.comparison import cost_words, differences

    grade = result.grade
    others = {criterion: f" (rules: {rules})" for criterion, rules, _ in differences(result.graded.grade)}
    low, high = grade.interval
    click.echo(f"\n{grade.score:.0%}, likely {low:.0%} to {high:.0%}, {grade.confidence} confidence, by {grade.basis}")
    says = {each.id: each.says for each in (*result.rubric.points, *result.rubric.flags)}
    says |= {each.id: f"any {each.need} of {', '.join(each.of)}" for each in result.rubric.choices}
    for each in grade.findings:
        if each.kind != "red-flag" or each.verdict == "present":
            verdict = f"{each.verdict}{others.get(each.criterion, '')}"
            click.echo(f" {MARKS.get(each.verdict, '?')} {verdict}: {says.get(each.criterion, each.criterion)}")
            if each.quote:
                click.secho(f"     “{each.quote}”", dim=True)
    for note in grade.notes:
        click.echo(f" * {note}")
    if grade.cost:
        click.echo(f" * Asking the model: {cost_words(grade.cost)}.")
    click.echo(f"\nReference answer:\n{result.rubric.reference}\n")


def _rate(practice: Any, result: Any) -> None:
    from sparring.grading.grade import RATING_NAMES
    from sparring.server.views import span

    choices = ", ".join(f"{n} {name} ({span(result.intervals[n])})" for n, name in RATING_NAMES.items())
    rating = click.prompt(f"Rate: {choices}; s skips", default=str(result.grade.rating), type=click.Choice([*"1234s"]))
    if rating != "s":
        practice.rate(result.answer.id, int(rating))
