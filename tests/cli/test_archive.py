"""Everything goes out by `spar export` and comes back by `spar restore`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Spar = Callable[..., Result]
Read = Callable[..., Any]


def test_everything_comes_back_in_another_folder(spar: Spar, read: Read, document: Path, tmp_path: Path) -> None:
    spar("bank", "import", document)
    assert (
        spar("quiz", "--topic", "data", "--count", 1, input="Locks in one order.\n.\n" * 4 + "3\n" * 4).exit_code == 0
    )
    file, again = tmp_path / "all.json", tmp_path / "again.json"
    assert spar("export", "json", file).exit_code == 0
    other = tmp_path / "other"
    result = spar("restore", "json", file, "--data", other)
    assert result.stdout.startswith("Restored: 1 reviews are here now, and 2 ")  # the draft, and what was asked again
    assert spar("export", "json", again, "--data", other).exit_code == 0
    assert json.loads(again.read_text()) == json.loads(file.read_text())


@pytest.mark.parametrize("form", ["anki", "csv"])
def test_a_deck_of_our_own_questions_is_recognised(spar: Spar, read: Read, tmp_path: Path, form: str) -> None:
    file = tmp_path / "deck"
    assert spar("export", form, file).exit_code == 0
    count = len(read("bank", "list", "--json"))
    result = spar("restore", form, file)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{count} notes are questions of this bank")
    assert len(read("bank", "list", "--json")) == count


@pytest.mark.parametrize("form", ["json", "anki", "csv"])
def test_what_is_no_export_is_one_clear_line(spar: Spar, tmp_path: Path, form: str) -> None:
    file = tmp_path / "bread.txt"
    file.write_text("Milk and bread.")
    result = spar("restore", form, file)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: bread")
    assert result.stderr.count("\n") == 1


def test_bad_arguments_end_with_2_and_a_bad_place_with_1(spar: Spar, tmp_path: Path) -> None:
    assert spar("export", "xml", tmp_path / "x").exit_code == 2
    assert spar("restore", "json", tmp_path / "none").exit_code == 2
    result = spar("export", "json", tmp_path / "no" / "such" / "folder.json")
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr
