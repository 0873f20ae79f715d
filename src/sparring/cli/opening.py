"""This file opens the candidate's practice for a command, and prints results and refusals alike everywhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec

data_option = click.option("--data", metavar="DIR", help="The data folder, over SPARRING_HOME.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


@contextmanager
def opened(data: str | None) -> Iterator[Any]:
    """Open the practice in the data folder `data`; refusals end the command with one clear line."""
    from sparring import wiring
    from sparring.content import ContentError
    from sparring.grading.embedding import Encoder
    from sparring.grading.session import ModelError
    from sparring.practice import Conflict, Refused, Unknown
    from sparring.store import StoreError

    try:
        practice = wiring.practice(wiring.settings(data or click.get_current_context().find_root().obj), Encoder())
        try:
            yield practice
        finally:
            practice.store.close()
    except (Unknown, Refused, Conflict, StoreError, ContentError, ModelError, OSError) as error:
        raise click.ClickException(str(error)) from error


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value, enc_hook=list), indent=2)
    sys.stdout.write(text.decode() + "\n")


def table(rows: list[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as their longest entry; the last column runs free."""
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(len(rows[0]) - 1)] if rows else []
    for row in rows:
        padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*padded, row[-1]]).rstrip())
