"""What works on this machine, what does not, and what to do about it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result


def test_where_everything_works_it_ends_with_0(read: Callable[..., Any], home: Path) -> None:
    checks = read("doctor", "--json")
    assert {"python", "data folder", "store", "questions", "grader"} <= {each["name"] for each in checks}
    assert all(each["works"] for each in checks)
    assert any(str(home) in each["detail"] for each in checks)


def test_what_does_not_work_is_named_with_advice(
    spar: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("SPARRING_DATABASE_URL", "mysql://nowhere")
    result = spar("doctor", "--data", file / "folder")
    assert result.exit_code == 1
    assert "NO  data folder" in result.stdout
    assert "choose a folder you may write" in result.stdout
    assert "NO  store" in result.stdout
    assert "SPARRING_DATABASE_URL" in result.stdout
    assert "ok  questions" in result.stdout
