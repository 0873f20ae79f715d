"""The bank from the command line: listing, checking, importing, comparing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Spar = Callable[..., Result]
Read = Callable[..., Any]
FOUND = {"number", "text", "answer", "guidance", "kind", "section", "years", "source", "line"}


def _files(home: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in home.rglob("*.md")}


def test_the_list_has_every_question_and_is_narrowed_by_words_topic_and_kind(spar: Spar, read: Read) -> None:
    everything = read("bank", "list", "--json")
    assert len(everything) >= 24
    assert everything[0].keys() == {"id", "kind", "topic", "title", "pack", "draft"}
    stories = read("bank", "list", "--kind", "story", "--json")
    assert {each["kind"] for each in stories} == {"story"}
    assert read("bank", "list", "--query", "deadlocks", "--json")[0]["id"] == "deadlocks"
    lines = spar("bank", "list", "--topic", "data").stdout.splitlines()
    assert all(" data " in line for line in lines)
    assert len(lines) == len(read("bank", "list", "--topic", "data", "--json"))


def test_a_question_is_shown_with_its_points_and_its_answer(spar: Spar, read: Read) -> None:
    shown = spar("bank", "show", "deadlocks").stdout
    question = read("bank", "show", "deadlocks", "--json")
    assert question["answer"] in shown
    assert all(point["says"] in shown for point in question["point"])


def test_an_unknown_question_is_one_clear_line(spar: Spar) -> None:
    result = spar("bank", "show", "none")
    assert result.exit_code == 1
    assert result.stderr == "Error: there is no question `none`; `spar bank list` shows all\n"


def test_lint_passes_what_is_shipped_and_names_path_line_and_remedy(spar: Spar, read: Read, tmp_path: Path) -> None:
    assert spar("bank", "lint").exit_code == 0
    path = tmp_path / "pack" / "questions" / "data" / "deadlocks.md"
    path.parent.mkdir(parents=True)
    shutil.copy(read("bank", "show", "deadlocks", "--json")["path"], path)
    assert spar("bank", "lint", tmp_path / "pack").exit_code == 0
    path.write_text(path.read_text().replace("\nkind = ", "\ncolour = 1\nkind = ", 1))
    result = spar("bank", "lint", tmp_path / "pack")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{path}:3: unknown key `colour`")
    assert spar("bank", "lint", tmp_path / "nowhere").exit_code == 1


def test_stats_count_every_question(spar: Spar, read: Read) -> None:
    counted = read("bank", "stats", "--json")
    total = len(read("bank", "list", "--json"))
    assert any(isinstance(value, dict) and sum(value.values()) == total for value in counted.values())
    assert spar("bank", "stats").exit_code == 0


def test_import_prints_what_it_found_as_the_design_says(read: Read, document: Path) -> None:
    found = read("bank", "import", document, "--json")
    assert [each.keys() for each in found] == [FOUND] * 2
    assert found[0]["number"] == "1"
    assert found[0]["text"] == "What does a Kafka consumer group do when a member dies?"
    assert found[0]["answer"].endswith("to the others.")
    assert (found[0]["source"], found[0]["line"], found[0]["years"]) == ("notes.txt", 3, None)
    drafts = [each for each in read("bank", "list", "--json") if each["draft"]]
    assert [each["pack"] for each in drafts] == ["imported"]


def test_importing_twice_adds_nothing(spar: Spar, home: Path, document: Path) -> None:
    first = spar("bank", "import", document)
    assert "2 questions: 1 new, 0 merged with another wording, 1 the bank asks already" in first.stdout
    before = _files(home)
    assert len(before) == 1
    assert "2 imported before" in spar("bank", "import", document).stdout
    assert _files(home) == before


def test_a_dry_run_changes_nothing(spar: Spar, home: Path, document: Path) -> None:
    result = spar("bank", "import", document, "--dry-run")
    assert result.stdout.rstrip().endswith("Nothing is changed yet.")
    assert not (home / "packs").exists()


def test_an_import_goes_into_the_pack_that_is_named(spar: Spar, home: Path, document: Path) -> None:
    assert spar("bank", "import", document, "--into", "kafka").exit_code == 0
    assert list((home / "packs" / "kafka").rglob("*.md"))
    result = spar("bank", "import", document, "--into", "../out")
    assert result.exit_code == 1
    assert "no name for a pack" in result.stderr


def test_what_cannot_be_imported_is_one_clear_line_and_changes_nothing(
    spar: Spar, home: Path, tmp_path: Path, document: Path
) -> None:
    bread = tmp_path / "bread.txt"
    bread.write_text("Milk and bread.")
    for path in (bread, tmp_path / "none.txt", tmp_path):
        result = spar("bank", "import", document, path)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
        assert path.name in result.stderr
    assert not (home / "packs").exists()
    assert spar("bank", "import").exit_code == 2


def test_similar_groups_what_asks_the_same(spar: Spar, read: Read, document: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Question 7: Explain what a Kafka consumer group does when one of its members dies.\nAnswer: X.\n")
    groups = read("bank", "similar", document, other, "--no-bank", "--json")
    assert [[(each["source"], each["number"]) for each in group] for group in groups] == [
        [("notes.txt", "1"), ("other.txt", "7")]
    ]
    assert groups[0][0].keys() == {"source", "number", "text"}
    with_bank = read("bank", "similar", document, "--json")
    assert ["deadlocks" in {each["number"] for each in group} for group in with_bank] == [True]
    assert "1 groups of two or more" in spar("bank", "similar", document).stderr
