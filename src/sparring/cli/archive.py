"""This file exports and restores what a candidate has."""

from pathlib import Path

import click

from sparring.cli.opening import data_option, opened

FORMATS = click.Choice(["anki", "csv", "json"])


@click.command()
@click.argument("form", metavar="anki|csv|json", type=FORMATS)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def export(form: str, file: Path, data: str | None) -> None:
    """Write everything (json), or the questions as cards (anki, csv), to FILE."""
    from sparring.practice import archive

    with opened(data) as practice:
        file.write_bytes(archive.export(practice, form))
    click.echo(f"written to {file}", err=True)


@click.command()
@click.argument("form", metavar="anki|csv|json", type=FORMATS)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@data_option
def restore(form: str, file: Path, data: str | None) -> None:
    """Bring back what an export holds; what is here already stays as it is."""
    from sparring.practice import archive

    with opened(data) as practice:
        click.echo(archive.restore(practice, form, file.read_bytes(), file.name))
