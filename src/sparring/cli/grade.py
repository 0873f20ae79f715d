"""This file grades answers from files, one or a batch, without touching the schedule."""

from pathlib import Path
from typing import Any

import click
import msgspec

from sparring.cli.opening import data_option, opened, print_json


class BatchLine(msgspec.Struct, frozen=True):
    """One line of a batch, as DESIGN describes it; without a rubric one is proposed from the reference."""

    id: str
    question: str
    reference: str
    answer: str
    rubric: list[dict[str, Any]] | None = None


@click.command()
@click.argument("question_id", metavar="ID", required=False)
@click.option("--answer", type=click.File(encoding="utf-8"), help="File with the answer; - reads standard input.")
@click.option("--batch", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="IN.jsonl")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.jsonl")
@data_option
def grade(question_id: str | None, answer: Any, batch: Path | None, out: Path | None, data: str | None) -> None:
    """Grade an answer to question ID, or a batch of answers, and print or write JSON."""
    if batch and out:
        _batch(batch, out)
    elif question_id and answer:
        _one(question_id, _read(answer), data)
    else:
        raise click.UsageError("give ID and --answer FILE, or --batch IN.jsonl and --out OUT.jsonl")


def _read(answer: Any) -> str:
    try:
        return str(answer.read())
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{answer.name} is no text in UTF-8 ({error.reason}); save it as UTF-8") from error


def _one(question_id: str, text: str, data: str | None) -> None:
    with opened(data) as practice:
        print_json(practice.judge(question_id, text))


def _batch(source: Path, target: Path) -> None:
    from sparring.grading.by_rule import RuleGrader
    from sparring.grading.embedding import Encoder
    from sparring.grading.proposal import rubric_for

    grader = RuleGrader(Encoder())
    count = 0
    partial = target.with_name(target.name + ".part")
    with source.open("rb") as lines, partial.open("wb") as results:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                line = msgspec.json.decode(raw, type=BatchLine)
                rubric = rubric_for(line.question, line.reference, line.rubric)
            except (msgspec.DecodeError, ValueError) as error:
                partial.unlink()
                raise click.ClickException(f"{source}:{number}: {error}; mend the line and run again") from error
            found = grader.grade(rubric, line.answer)
            row = {
                "id": line.id,
                "score": found.score,
                "rating": found.rating,
                "findings": found.findings,
                "basis": found.basis,
            }
            results.write(msgspec.json.encode(row) + b"\n")
            count += 1
    partial.replace(target)
    click.echo(f"{count} answers graded into {target}", err=True)
