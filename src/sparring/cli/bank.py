"""This file lists, checks and fills the bank."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from sparring.cli.opening import data_option, json_option, opened, print_json, table


@click.group()
def bank() -> None:
    """List, check and import questions."""


@bank.command("list")
@click.option("--query", default="", help="Words to search for.")
@click.option("--topic", multiple=True)
@click.option("--kind", multiple=True)
@json_option
@data_option
def list_(query: str, topic: tuple[str, ...], kind: tuple[str, ...], as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """List the questions of all packs."""
    with opened(data) as practice:
        found = [row.question for row in practice.find(query, topics=topic, kinds=kind)]
        if as_json:
            print_json([_line(each) for each in found])
        else:
            table([(each.id, each.kind, each.topic, each.title) for each in found])
            _problems(practice.catalog.problems)


def _line(question: Any) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "topic": question.topic,
        "title": question.title,
        "pack": question.pack,
        "draft": question.draft,
    }


def _problems(problems: Any) -> None:
    for each in problems:
        click.echo(str(each), err=True)


@bank.command()
@click.argument("question_id", metavar="ID")
@json_option
@data_option
def show(question_id: str, as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """Show a question with its rubric and reference answer."""
    with opened(data) as practice:
        question = practice.question(question_id)
        if as_json:
            print_json(question)
            return
        click.echo(f"{question.title}\n{question.kind}, {question.topic}, {question.path}\n\n{question.prompt}\n")
        for point in question.points:
            click.echo(f"- [{point.level} {point.weight}] {point.says}")
        click.echo(f"\n{question.answer}")


@bank.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@json_option
@data_option
def lint(paths: tuple[Path, ...], as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """Check question files; without PATH all packs. Ends with 1 if there is anything to mend."""
    from sparring.bank.lint import lint as check

    if not paths:
        with opened(data) as practice:
            paths = tuple(pack.folder for pack in practice.catalog.packs)
    problems = check(paths)
    if as_json:
        print_json(problems)
    else:
        for each in problems:
            click.echo(str(each))
        click.echo(f"{len(problems)} problems" if problems else "no problems", err=True)
    raise SystemExit(1 if problems else 0)


@bank.command()
@json_option
@data_option
def stats(as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """Count the questions by topic, kind, level, form and pack, and list the links that are planned."""
    from sparring.bank.stats import cover

    with opened(data) as practice:
        counted = cover(practice.catalog)
    if as_json:
        print_json(counted)
        return
    for name in counted.__struct_fields__:
        value = getattr(counted, name)
        if isinstance(value, dict):
            click.echo(f"{name}: " + ", ".join(f"{key} {count}" for key, count in value.items()))
        elif isinstance(value, tuple):
            click.echo(f"{name}: " + ", ".join(f"{each.question} -> {each.form} {each.target}" for each in value))
        else:
            click.echo(f"{name}: {value}")


@bank.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", default="imported", show_default=True, metavar="PACK", help="The pack that gets the questions.")
@click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
@json_option
@data_option
def import_(paths: tuple[Path, ...], into: str, dry_run: bool, as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """Find the questions in documents and keep them as drafts; duplicates are merged."""
    from sparring.practice import imports

    with opened(data) as practice:
        found = imports.find([(path.name, imports.read(path)) for path in paths])
        plan = imports.plan(practice, found, into)
        if not dry_run:
            imports.apply(practice, plan, into)
        if as_json:
            print_json(found)
            return
        for source, count in Counter(each.source for each in found).items():
            click.echo(f"{source}: {count} questions")
        click.echo(imports.summary(plan, dry_run=dry_run))


@bank.command("similar")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--bank/--no-bank", "with_bank", default=True, help="Compare with the questions in the bank, too.")
@json_option
@data_option
def similar_(paths: tuple[Path, ...], with_bank: bool, as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """Print the groups of questions, found in documents, that ask the same thing."""
    from sparring.practice import imports

    with opened(data) as practice:
        found = imports.find([(path.name, imports.read(path)) for path in paths])
        similar = imports.similar(practice, found, with_bank=with_bank)
    if as_json:
        print_json(similar.groups)
        return
    for group in similar.groups:
        for each in group:
            click.echo(f"{each['source']}  {each['number']:>4}  {each['text']}")
        click.echo("")
    click.echo(f"{len(similar.groups)} groups of two or more", err=True)
    if similar.undecided:
        click.echo(f"{similar.undecided} pairs were left apart: too many to compare by meaning", err=True)
