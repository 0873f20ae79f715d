from pathlib import Path

import pytest

from sparring.bank.catalog import bundled
from sparring.bank.lint import lint

QUESTION = """+++
id = "{name}"
kind = "concept"
topic = "data"
title = "T"
years = {{ from = 0, sweet = 2 }}
draft = true
{links}

[[point]]
id = "p"
says = "It is so."
+++

# Prompt

{prompt}

# Answer

That.
"""


def write(pack: Path, name: str, *, links: str = "", prompt: str = "", file: str = "", topic: str = "data") -> Path:
    path = pack / "questions" / topic / f"{file or name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(QUESTION.format(name=name, links=links, prompt=prompt or f"What is {name}?"), encoding="utf-8")
    return path


def messages(*folders: Path) -> list[str]:
    return [str(problem) for problem in lint(folders)]


def test_a_sound_pack_has_no_problems(tmp_path: Path) -> None:
    write(tmp_path, "mutex")
    write(tmp_path, "semaphore")
    assert messages(tmp_path) == []


def test_the_bundled_content_is_sound() -> None:
    assert messages(bundled()) == []


def test_the_mistakes_inside_a_file_are_reported(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", links='titel = "x"\nsee = "one"')
    assert [each.split(": ")[0] for each in messages(tmp_path)] == [f"{path}:8", f"{path}:9"]


def test_an_id_that_two_files_have_is_reported_with_both_paths(tmp_path: Path) -> None:
    first = write(tmp_path / "one", "mutex")
    second = write(tmp_path / "two", "mutex", prompt="Who?")
    message = f"{second}:2: id `mutex` is taken by {first}; rename one of the two"
    assert messages(tmp_path / "one", tmp_path / "two") == [message]


def test_the_file_must_be_named_like_the_id(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", file="lock")
    assert messages(tmp_path) == [f"{path}:2: id `mutex` differs from the file name; rename the file to `mutex.md`"]


def test_the_folder_must_be_named_like_the_topic(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", topic="api")
    message = f"{path}:4: topic `data` differs from the folder; move the file to `questions/data/`"
    assert messages(tmp_path) == [message]


@pytest.mark.parametrize(("form", "folder"), [("see", "experiments"), ("build", "labs"), ("size", "scenarios")])
def test_a_link_must_lead_somewhere(tmp_path: Path, form: str, folder: str) -> None:
    path = write(tmp_path, "mutex", links=f'{form} = [\n  "there",\n  "nowhere-yet",\n]')
    (tmp_path / folder / "there").mkdir(parents=True)
    message = f"`{form}` links to `nowhere-yet`, but there is no `{folder}/nowhere-yet/`; write it, or put"
    assert messages(tmp_path) == [f'{path}:10: {message} `planned = ["{form}:nowhere-yet"]`']
    (tmp_path / folder / "nowhere-yet").mkdir()
    assert messages(tmp_path) == []


def test_a_link_may_lead_to_another_pack(tmp_path: Path) -> None:
    write(tmp_path / "one", "mutex", links='build = ["lab-of-two"]')
    (tmp_path / "two" / "questions").mkdir(parents=True)
    (tmp_path / "two" / "labs" / "lab-of-two").mkdir(parents=True)
    assert len(messages(tmp_path / "one")) == 1
    assert messages(tmp_path / "one", tmp_path / "two") == []


def test_a_planned_link_that_is_there_must_be_moved(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", links='planned = ["build:pay-idem", "see:later"]')
    assert messages(tmp_path) == []
    (tmp_path / "labs" / "pay-idem").mkdir(parents=True)
    message = f'{path}:8: planned link `build:pay-idem` exists by now; move it to `build = ["pay-idem"]`'
    assert messages(tmp_path) == [message]


def test_two_questions_that_ask_the_same_are_reported(tmp_path: Path) -> None:
    first = write(tmp_path, "cap-one", prompt="What is the CAP theorem?")
    second = write(tmp_path, "cap-two", prompt="Explain the CAP theorem in distributed databases.")
    write(tmp_path, "index", prompt="What is an index?")
    write(tmp_path, "index-clustered", prompt="What is a clustered index?")
    message = f"{second}:2: asks the same as {first}; merge the two, or make the prompt say what differs"
    assert messages(tmp_path) == [message]


def test_a_short_wording_that_another_question_asks_is_reported(tmp_path: Path) -> None:
    first = write(tmp_path, "a-long-one", links='asked_as = ["What is a mutex?"]', prompt="Two threads meet. What now?")
    second = write(tmp_path, "mutex", prompt="Explain mutexes.")
    assert messages(tmp_path) == [
        f"{second}:2: asks the same as {first}; merge the two, or make the prompt say what differs"
    ]


def test_one_question_may_be_asked_in_several_ways(tmp_path: Path) -> None:
    write(tmp_path, "mutex", links='asked_as = ["What is a mutex?", "Explain mutexes."]', prompt="What is a mutex?")
    assert messages(tmp_path) == []


def test_one_file_is_linted_alone_but_with_its_pack_around_it(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", links='build = ["lab"]')
    write(tmp_path, "broken", links="= =")
    (tmp_path / "labs" / "lab").mkdir(parents=True)
    assert messages(path) == []
    assert len(messages(path.parent)) == 1, "a folder inside a pack lints that folder"


def test_a_file_outside_any_pack_is_read_for_itself(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", links='build = ["lab"]').rename(tmp_path / "mutex.md")
    assert messages(path) == []


def test_what_is_named_twice_is_linted_once(tmp_path: Path) -> None:
    path = write(tmp_path, "mutex", file="lock")
    assert len(messages(path, tmp_path, tmp_path / "questions", path)) == 1


def test_what_is_no_pack_is_said_to_be_none(tmp_path: Path) -> None:
    message = "1: is no pack; name a folder that holds `questions`, or a file"
    assert messages(tmp_path, tmp_path / "gone") == [f"{tmp_path}:{message}", f"{tmp_path / 'gone'}:{message}"]


def test_problems_come_by_path_and_line_whatever_the_order_of_the_packs(tmp_path: Path) -> None:
    write(tmp_path / "b", "mutex", file="wrong", links='see = ["x"]\nbuild = ["y"]')
    write(tmp_path / "a", "lock", file="wrong", topic="api")
    found = lint([tmp_path / "b", tmp_path / "a"])
    assert found == lint([tmp_path / "a", tmp_path / "b"])
    assert found == sorted(found, key=lambda problem: (problem.path, problem.line))
    assert len(found) == 5
