"""Grading from files: one answer or a batch, printed as the design says, kept nowhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Spar = Callable[..., Result]
Read = Callable[..., Any]
FINDING = {"criterion", "kind", "verdict", "quote", "start", "end", "basis"}
TEXT = "No café: two transactions wait for each other's locks 🔒. Take the locks in one order."


def _line(number: int, **changes: Any) -> dict[str, Any]:
    line = {
        "id": f"a{number}",
        "question": "What is a mutex?",
        "reference": "A mutex is a lock that one thread holds at a time. Others wait until it is released.",
        "answer": "It is a lock, only one thread can hold it.",
    }
    return line | changes


@pytest.mark.parametrize("through", ["file", "stdin"])
def test_an_answer_is_graded_with_exact_quotes_and_kept_nowhere(read: Read, tmp_path: Path, through: str) -> None:
    path = tmp_path / "answer.txt"
    path.write_text(TEXT)
    source, typed = (path, None) if through == "file" else ("-", TEXT)
    grade = read("grade", "deadlocks", "--answer", source, input=typed)
    assert grade.keys() >= {"score", "rating", "basis", "confidence", "findings"}
    assert 0 <= grade["score"] <= 1
    assert grade["rating"] in {1, 2, 3, 4}
    assert grade["findings"]
    for each in grade["findings"]:
        assert each.keys() == FINDING
        assert each["quote"] == TEXT[each["start"] : each["end"]]
    exported = tmp_path / "all.json"
    assert json.loads(json.dumps(grade)) == grade
    assert not exported.exists()


def test_a_batch_is_graded_line_by_line_in_order(spar: Spar, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rubric = [{"id": "one", "says": "Only one thread holds it at a time."}]
    lines = [_line(1), _line(2, answer=""), _line(3, rubric=rubric)]
    source.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    result = spar("grade", "--batch", source, "--out", target)
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [each["id"] for each in rows] == ["a1", "a2", "a3"]
    assert all(each.keys() == {"id", "score", "rating", "findings", "basis"} for each in rows)
    assert rows[1]["score"] < rows[0]["score"]
    assert [each["criterion"] for each in rows[2]["findings"]] == ["one"]


@pytest.mark.parametrize(
    "bad", ["not JSON", '{"id": "a"}', json.dumps(_line(1, rubric=[{"nonsense": 1}])), json.dumps(_line(1, answer=3))]
)
def test_a_bad_line_is_named_and_no_result_is_left(spar: Spar, tmp_path: Path, bad: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(_line(1)) + "\n" + bad + "\n")
    result = spar("grade", "--batch", source, "--out", target)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {source}:2: ")
    assert list(tmp_path.glob("out*")) == []


def test_what_is_missing_is_said(spar: Spar, tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_text("x")
    assert spar("grade").exit_code == 2
    assert spar("grade", "deadlocks").exit_code == 2
    assert spar("grade", "deadlocks", "--answer", tmp_path / "none.txt").exit_code == 2
    unknown = spar("grade", "none", "--answer", answer)
    assert unknown.exit_code == 1
    assert "there is no question `none`" in unknown.stderr
    answer.write_bytes(b"\xff\xfe\x00")
    binary = spar("grade", "deadlocks", "--answer", answer)
    assert binary.exit_code == 1
    assert binary.stderr.startswith("Error: ")
