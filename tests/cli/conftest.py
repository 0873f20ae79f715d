"""This file lends the command line over a fresh data folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sparring.cli import main

DOCUMENT = """\
Technical questions

Question 1: What does a Kafka consumer group do when a member dies?
Answer: The coordinator notices the missing heartbeats. It assigns the partitions of the dead member to the others.

Question 2: What is a deadlock in a database and how do you avoid deadlocks?
Answer: Two transactions wait for each other. Take the locks in one order.
"""

Spar = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that SPARRING_HOME names."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SPARRING_HOME", str(folder))
    monkeypatch.delenv("SPARRING_DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def spar(home: Path) -> Spar:
    """Run a command; what it throws that is no refusal fails the test."""

    def run(*arguments: object, **options: Any) -> Result:
        result = CliRunner().invoke(main, [str(each) for each in arguments], **options)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def read(spar: Spar) -> Callable[..., Any]:
    """Run a command that must succeed, and return the JSON that it prints."""

    def run(*arguments: object, **options: Any) -> Any:
        result = spar(*arguments, **options)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A file with two questions, one of which the bank asks already."""
    path = tmp_path / "notes.txt"
    path.write_text(DOCUMENT)
    return path
