import os
import shutil
from pathlib import Path

import pytest

from sparring.bank import shelf as shelves
from sparring.bank.catalog import Catalog, Pack, bundled, load_catalog
from sparring.content import Problem, Question, read_question

QUESTION = """+++
id = "{name}"
kind = "concept"
topic = "{topic}"
title = "{title}"
years = {{ from = 0, sweet = 2 }}
draft = true

[[point]]
id = "p"
says = "It is so."
+++

# Prompt

What is {name}?

# Answer

That.
"""


def write(folder: Path, name: str, topic: str = "data", title: str = "T", file: str = "") -> Path:
    path = folder / "questions" / topic / f"{file or name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(QUESTION.format(name=name, topic=topic, title=title), encoding="utf-8")
    return path


def messages(catalog: Catalog) -> list[str]:
    return [str(problem) for problem in catalog.problems]


def test_all_questions_of_all_packs_are_loaded_in_stable_order(tmp_path: Path) -> None:
    for name, topic in (("b", "data"), ("a", "data"), ("z", "api")):
        write(tmp_path / "one", name, topic)
    write(tmp_path / "two", "m", "api")
    packs = (Pack("two", tmp_path / "two"), Pack("one", tmp_path / "one"))
    catalog = load_catalog(packs)
    assert list(catalog.questions) == ["m", "z", "a", "b"]
    assert [each.pack for each in catalog.questions.values()] == ["two", "one", "one", "one"]
    assert (catalog.problems, catalog.packs) == ((), packs)


def test_a_broken_file_is_a_problem_and_the_rest_still_loads(tmp_path: Path) -> None:
    write(tmp_path, "good")
    bad = write(tmp_path, "bad")
    bad.write_bytes(b"\xff\xfe\x00")
    worse = write(tmp_path, "worse")
    worse.write_text(QUESTION.format(name="worse", topic="data", title="").replace("draft", "daft"))
    catalog = load_catalog([Pack("mine", tmp_path)])
    assert list(catalog.questions) == ["good"]
    assert {problem.path for problem in catalog.problems} == {str(bad), str(worse)}
    assert sum(problem.path == str(worse) for problem in catalog.problems) >= 2


def test_where_two_packs_have_one_id_the_earlier_wins(tmp_path: Path) -> None:
    first = write(tmp_path / "one", "same", title="First")
    second = write(tmp_path / "two", "same", title="Second")
    catalog = load_catalog([Pack("one", tmp_path / "one"), Pack("two", tmp_path / "two")])
    assert catalog.questions["same"].title == "First"
    assert catalog.problems == (Problem(str(second), 1, f"id `same` is taken by {first}; rename one of the two"),)


@pytest.mark.parametrize("name", ["x" * 5000, "~nobody-has-this-name/pack", "a/b" * 2000])
def test_a_pack_whose_path_cannot_be_is_a_problem(tmp_path: Path, name: str) -> None:
    catalog = load_catalog([Pack("odd", tmp_path / name)])
    assert [problem.message for problem in catalog.problems] == [
        "is no folder; mend or remove the pack in the settings"
    ]


def test_a_pack_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "here", "a")
    catalog = load_catalog([Pack("gone", tmp_path / "gone"), Pack("here", tmp_path / "here")])
    assert list(catalog.questions) == ["a"]
    assert messages(catalog) == [f"{tmp_path / 'gone'}:1: is no folder; mend or remove the pack in the settings"]


def test_a_pack_without_questions_is_no_mistake(tmp_path: Path) -> None:
    assert load_catalog([Pack("labs only", tmp_path)]).problems == ()


def test_other_files_and_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", topic=".git")
    (tmp_path / "questions" / "notes.txt").write_text("no question")
    (tmp_path / "questions" / "folder.md").mkdir()
    (tmp_path / "README.md").write_text("no question either")
    catalog = load_catalog([Pack("mine", tmp_path)])
    assert (list(catalog.questions), catalog.problems) == (["a"], ())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hang_and_a_broken_link_is_no_surprise(tmp_path: Path) -> None:
    write(tmp_path, "a")
    pipe, link = tmp_path / "questions" / "pipe.md", tmp_path / "questions" / "link.md"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "nowhere.md")
    catalog = load_catalog([Pack("mine", tmp_path)])
    assert list(catalog.questions) == ["a"]
    assert [problem.path for problem in catalog.problems] == [str(link), str(pipe)]


def test_the_catalogue_cannot_be_changed(tmp_path: Path) -> None:
    write(tmp_path, "a")
    catalog = load_catalog([Pack("mine", tmp_path)])
    with pytest.raises(TypeError):
        catalog.questions["b"] = catalog.questions["a"]  # type: ignore[index]


def test_the_bundled_content_is_found_and_whole() -> None:
    catalog = load_catalog([Pack("sparring", bundled())])
    assert len(catalog.questions) >= 24
    assert catalog.problems == ()


def test_with_a_shelf_the_same_is_loaded_without_parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mine", "a")
    write(tmp_path / "mine", "b").write_text("broken")
    packs, shelf = [Pack("mine", tmp_path / "mine")], tmp_path / "shelf"
    first = load_catalog(packs, shelf)
    assert (list(first.questions), len(first.problems)) == (["a"], 1)
    parsed: list[str] = []

    def note(path: Path, pack: str) -> Question:
        parsed.append(path.name)
        return read_question(path, pack)

    monkeypatch.setattr("sparring.bank.catalog.read_question", note)
    assert load_catalog(packs, shelf).questions == first.questions
    assert parsed == ["b.md"], "only what is broken is read again"


def test_a_shelf_notices_what_changed_moved_or_went(tmp_path: Path) -> None:
    shelf, mine = tmp_path / "shelf", tmp_path / "mine"
    for name in ("a", "b", "c"):
        write(mine, name)
    load_catalog([Pack("mine", mine)], shelf)
    write(mine, "a", title="Changed and longer")
    (mine / "questions" / "data" / "b.md").unlink()
    catalog = load_catalog([Pack("renamed", mine)], shelf)
    assert [(each.id, each.title, each.pack) for each in catalog.questions.values()] == [
        ("a", "Changed and longer", "renamed"),
        ("c", "T", "renamed"),
    ]


@pytest.mark.parametrize("damage", [b"", b"junk", None])
def test_a_damaged_shelf_is_as_good_as_none(tmp_path: Path, damage: bytes | None) -> None:
    write(tmp_path / "mine", "a")
    packs, shelf = [Pack("mine", tmp_path / "mine")], tmp_path / "shelf"
    load_catalog(packs, shelf)
    whole = shelf.read_bytes()
    shelf.write_bytes(whole[:-3] if damage is None else damage)
    assert list(load_catalog(packs, shelf).questions) == ["a"]
    assert shelf.read_bytes() == whole


def test_a_shelf_of_another_version_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "mine", "a", title="One")
    state = path.stat()
    packs, shelf = [Pack("mine", tmp_path / "mine")], tmp_path / "shelf"
    load_catalog(packs, shelf)
    write(tmp_path / "mine", "a", title="Two")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert load_catalog(packs, shelf).questions["a"].title == "One", "same size, same time: taken for the same file"
    monkeypatch.setattr(shelves, "schema", lambda: {"another": "format"})
    assert load_catalog(packs, shelf).questions["a"].title == "Two"


def test_a_shelf_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    write(tmp_path / "mine", "a")
    shelf = tmp_path / "no such folder" / "shelf"
    assert list(load_catalog([Pack("mine", tmp_path / "mine")], shelf).questions) == ["a"]
    assert not shelf.parent.exists()


def test_no_half_written_shelf_is_left_behind(tmp_path: Path) -> None:
    write(tmp_path / "mine", "a")
    load_catalog([Pack("mine", tmp_path / "mine")], tmp_path / "shelf")
    shutil.rmtree(tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["shelf"]
