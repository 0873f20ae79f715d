"""What the operator may choose, and which of several choices wins."""

from pathlib import Path

import msgspec
import pytest

from sparring.settings import Preferences, read_settings


def test_the_option_wins_over_the_environment_and_that_over_the_platform(tmp_path: Path) -> None:
    environment = {"SPARRING_HOME": str(tmp_path / "environment")}
    assert read_settings(environment, str(tmp_path / "option")).home == tmp_path / "option"
    assert read_settings(environment).home == tmp_path / "environment"
    assert read_settings({}).home.name == "sparring"


def test_the_home_may_be_relative_or_begin_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_settings({}, "here").home == tmp_path / "here"
    assert read_settings({}, "~/there").home == tmp_path / "there"


def test_the_database_is_a_file_in_the_home_unless_a_url_is_given(tmp_path: Path) -> None:
    assert read_settings({}, str(tmp_path)).database_url == f"sqlite:///{tmp_path}/sparring.db"
    url = "postgresql://localhost/sparring"
    assert read_settings({"SPARRING_DATABASE_URL": url}, str(tmp_path)).database_url == url


def test_the_packs_that_imports_write_are_in_the_home(tmp_path: Path) -> None:
    assert read_settings({}, str(tmp_path)).packs == tmp_path / "packs"


@pytest.mark.parametrize(
    "wrong",
    [{"minutes_a_day": 4}, {"minutes_a_day": 481}, {"years": -1}, {"desired_retention": 0.99}, {"unknown": 1}],
)
def test_preferences_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Preferences)
    assert msgspec.convert({}, Preferences) == Preferences()
