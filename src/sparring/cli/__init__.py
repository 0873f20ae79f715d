"""This package is the command line, one module per noun; it has no rules of its own."""

import click

from sparring.cli.archive import export, restore
from sparring.cli.bank import bank
from sparring.cli.doctor import doctor
from sparring.cli.grade import grade
from sparring.cli.quiz import quiz
from sparring.cli.serve import serve


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", metavar="DIR", help="The data folder. Default: SPARRING_HOME, else the system's place for it.")
@click.version_option(package_name="sparring", prog_name="spar")
@click.pass_context
def main(context: click.Context, data: str | None) -> None:
    """Sparring asks backend-interview questions, grades the answers, and brings back what you missed.

    Without a command it serves on http://127.0.0.1:8420 and opens the browser.
    """
    context.obj = data
    if context.invoked_subcommand is None:
        context.invoke(serve)


for command in (serve, doctor, quiz, bank, grade, export, restore):
    main.add_command(command)
