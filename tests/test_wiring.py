"""Which concrete parts are picked."""

import datetime as dt
from pathlib import Path

import pytest

from sparring import wiring
from sparring.grading.by_model import ModelGrader, Prices
from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder
from sparring.settings import Preferences, read_settings


def test_the_clock_knows_its_zone_and_ids_are_never_the_same() -> None:
    assert wiring.now().utcoffset() is not None
    assert abs(wiring.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
    assert len({wiring.new_id() for _ in range(1000)}) == 1000


def test_the_bundled_pack_wins_over_ones_own_and_that_over_imported_ones(tmp_path: Path) -> None:
    settings = read_settings({}, str(tmp_path / "home"))
    for name in ("b-second", "a-first"):
        (settings.packs / name).mkdir(parents=True)
    (settings.packs / "no-pack.txt").write_text("")
    chosen = Preferences(packs=(str(tmp_path / "mine"),))
    assert [each.name for each in wiring.packs(settings, chosen)] == ["sparring", "mine", "a-first", "b-second"]


def test_a_pack_of_a_user_who_is_not_there_stops_nothing(tmp_path: Path) -> None:
    settings = read_settings({}, str(tmp_path))
    chosen = Preferences(packs=("~nobody-has-this-name/pack",))
    assert [each.name for each in wiring.packs(settings, chosen)] == ["sparring", "pack"]


def test_a_model_grades_only_where_an_address_is_set(tmp_path: Path) -> None:
    practice = wiring.practice(read_settings({}, str(tmp_path)), Encoder())
    try:
        assert isinstance(practice._grader(Preferences()), RuleGrader)
        chosen = Preferences(model_url="http://127.0.0.1:1/v1", model_price_in=3.0, model_price_out=15.0)
        grader = practice._grader(chosen)
        assert isinstance(grader, ModelGrader)
        assert grader._prices == Prices(3.0, 15.0)
    finally:
        practice.store.close()


def test_opening_twice_finds_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARRING_HOME", str(tmp_path))
    first = wiring.practice(wiring.settings(), Encoder())
    answer = first.submit("deadlocks", "Locks in one order.")
    first.store.close()
    second = wiring.practice(wiring.settings(), Encoder())
    assert second.store.answer(answer.id) == answer
    second.store.close()
