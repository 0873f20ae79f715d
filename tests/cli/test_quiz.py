"""The same practice in the terminal."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Spar = Callable[..., Result]
ANSWER = "Two transactions wait for each other's locks.\nTake them in one order.\n.\n"


def _exported(spar: Spar, tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "all.json"
    spar("export", "json", file)
    store: dict[str, Any] = json.loads(file.read_text())["store"]
    return store


def test_a_question_is_asked_graded_and_rated(spar: Spar, tmp_path: Path) -> None:
    follow_ups = "I do not know.\n.\n" * 3
    result = spar("quiz", "--topic", "data", "--count", 1, input=ANSWER + follow_ups + "2\n" * 6)
    assert result.exit_code == 0, result.output
    assert "[1/1]" in result.stdout
    assert "confidence, by rule" in result.stdout
    assert "Reference answer:" in result.stdout
    kept = _exported(spar, tmp_path)
    own = [each for each in kept["answers"] if each["follow_up"] is None]
    assert own[0]["text"] == "Two transactions wait for each other's locks.\nTake them in one order."
    assert own[0]["via"] == "terminal"
    assert [each["rating"] for each in kept["reviews"]] == [2]


def test_input_that_ends_early_keeps_no_empty_answer(spar: Spar, tmp_path: Path) -> None:
    result = spar("quiz", "--count", 1, input="")
    assert result.exit_code == 1
    assert _exported(spar, tmp_path)["answers"] == []


def test_a_rating_may_be_skipped(spar: Spar, tmp_path: Path) -> None:
    result = spar("quiz", "--kind", "reverse", "--count", 1, input="No idea.\n.\n" * 4 + "s\n" * 4)
    assert result.exit_code == 0, result.output
    kept = _exported(spar, tmp_path)
    assert kept["answers"]
    assert kept["reviews"] == []


def test_nothing_that_fits_is_said(spar: Spar) -> None:
    result = spar("quiz", "--topic", "no-such-topic")
    assert result.exit_code == 0
    assert "Nothing is due that fits." in result.stdout
    assert spar("quiz", "--count", 0).exit_code == 2


def test_a_real_pipe_is_read_to_its_last_line(home: Path) -> None:
    command = [sys.executable, "-m", "sparring", "quiz", "--topic", "data", "--count", "1"]
    typed = "No idea.\n.\n" * 4 + "1\n"
    result = subprocess.run(command, input=typed, capture_output=True, text=True, check=False, timeout=60)
    assert result.stdout.startswith("\n[1/1]\n")
    assert "Rate: 1 Again (10 min)" in result.stdout
    assert "Traceback" not in result.stderr
