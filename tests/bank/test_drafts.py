"""This file tests that found questions become drafts once, merged where they ask the same, with nothing lost."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.bank.drafts import (
    NO_ANSWER,
    Asked,
    ImportPlan,
    apply_import,
    origin_of,
    plan_import,
    read_asked,
    render_draft,
    slug,
    toml,
)
from sparring.bank.importers import Found
from sparring.content import Experience, Point, Question, parse_question, read_question


def found(text: str, answer: str = "It is so.", number: str = "1", source: str = "a.txt", **more: object) -> Found:
    return Found(number=number, text=text, answer=answer, source=source, line=3, **more)  # type: ignore[arg-type]


def propose(prompt: str, answer: str) -> tuple[Point, ...]:
    return (Point(id="first", says=answer.split(".", maxsplit=1)[0] + "."),)


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Group texts that begin with the same two words, which is all these tests need."""
    groups: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        groups.setdefault(" ".join(re.findall(r"\w+", text.lower())[:2]), []).append(index)
    return list(groups.values())


def bank_of(pack: Path) -> list[Question]:
    return [read_question(path, pack="imported") for path in sorted(pack.rglob("*.md"))]


def run(pack: Path, questions: Sequence[Found], bank: Sequence[Question] = ()) -> ImportPlan:
    everything = [*bank_of(pack), *bank]
    plan = plan_import(questions, everything, alike, pack=pack, propose=propose, asked=read_asked(pack))
    apply_import(pack, plan)
    return plan


def files(pack: Path) -> dict[str, bytes]:
    return {str(path.relative_to(pack)): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


FINISHED = Question(
    id="cap",
    kind="concept",
    topic="data",
    title="CAP",
    years=Experience(from_=0, sweet=2),
    points=(Point(id="two", says="Two of three."),),
    prompt="Explain CAP to a colleague.",
    answer="Two of three.",
    path="/elsewhere/cap.md",
)


def test_a_found_question_becomes_a_draft_that_reads_back(tmp_path: Path) -> None:
    one = found("What is a lease?", "A lock. It ends.", kind="technical", section="Locks for 5 years", years=5)
    run(tmp_path, [one])
    question = read_question(tmp_path / "questions" / "imported" / "what-is-a-lease.md")
    assert (question.draft, question.kind, question.prompt, question.answer) == (True, "concept", one.text, one.answer)
    assert question.years == Experience(from_=5, sweet=5)
    assert question.points == (Point(id="first", says="A lock."),)
    assert question.origins == (origin_of(one),)


def test_importing_the_same_file_twice_adds_nothing_byte_for_byte(tmp_path: Path) -> None:
    questions = [
        found("What is a lease?"),
        found("What is a token?", number="2"),
        found("Explain CAP fully.", number="3"),
    ]
    run(tmp_path, questions, [FINISHED])
    before = files(tmp_path)
    again = run(tmp_path, questions, [FINISHED])
    assert files(tmp_path) == before
    assert (again.new, again.merged, again.asked, again.known) == ((), (), (), tuple(questions))


def test_a_dry_run_touches_nothing(tmp_path: Path) -> None:
    plan = plan_import([found("What is a lease?")], [], alike, pack=tmp_path, propose=propose)
    assert [draft.id for draft in plan.new] == ["what-is-a-lease"]
    assert files(tmp_path) == {}


def test_duplicates_in_one_import_become_one_draft_with_every_answer(tmp_path: Path) -> None:
    short = found("Explain leases.", "A lock.", source="a.txt")
    long = found("Explain leases, please.", "A lock that ends by itself, so nobody waits for ever.", source="b.txt")
    plan = run(tmp_path, [short, long])
    (question,) = bank_of(tmp_path)
    assert plan.new[0].found == (short, long)
    assert question.prompt == "Explain leases."
    assert [origin.source for origin in question.origins] == ["b.txt", "a.txt"][::-1]
    assert question.answer.startswith(long.answer)
    assert question.answer.endswith("## Also answered in a.txt, line 3\n\nA lock.")


def test_a_duplicate_of_a_draft_adds_its_source_and_its_answer_to_it(tmp_path: Path) -> None:
    run(tmp_path, [found("Explain leases, please.", "A lock that ends.")])
    (path,) = tmp_path.rglob("*.md")
    path.write_text(path.read_text("utf-8").replace("draft = true", "draft = true  # mine"), "utf-8")
    plan = run(tmp_path, [found("Explain leases, then.", "Something else.", source="b.txt")])
    (question,) = bank_of(tmp_path)
    assert [addition.id for addition in plan.merged] == ["explain-leases-please"]
    assert [origin.source for origin in question.origins] == ["a.txt", "b.txt"]
    assert question.answer == "A lock that ends.\n\n## Also answered in b.txt, line 3\n\nSomething else."
    assert "# mine" in path.read_text("utf-8")


def test_a_duplicate_of_a_finished_question_is_only_noted(tmp_path: Path) -> None:
    one = found("Explain CAP fully.", guidance="Ask for an example.")
    run(tmp_path, [one], [FINISHED])
    assert list(files(tmp_path)) == ["asked.toml"]
    assert read_asked(tmp_path) == (Asked("cap", origin_of(one), "It is so."),)
    run(tmp_path, [found("Explain CAP, briefly.", source="b.txt")], [FINISHED])
    assert [each.origin.source for each in read_asked(tmp_path)] == ["a.txt", "b.txt"]


def test_ids_are_unique_and_the_same_each_time(tmp_path: Path) -> None:
    questions = [found("What, a lease?"), found("What: a lease?", number="2"), found("\u4ec0\u4e48?", number="3")]
    first = plan_import(
        questions, [FINISHED], lambda texts: [[n] for n in range(len(texts))], pack=tmp_path, propose=propose
    )
    second = plan_import(
        questions, [FINISHED], lambda texts: [[n] for n in range(len(texts))], pack=tmp_path, propose=propose
    )
    assert [draft.id for draft in first.new] == ["what-a-lease", "what-a-lease-2", "question"]
    assert first == second


def test_a_question_without_an_answer_becomes_a_draft_that_says_so(tmp_path: Path) -> None:
    run(tmp_path, [found("What is a lease?", "")])
    (question,) = bank_of(tmp_path)
    assert question.answer == NO_ANSWER
    assert [point.id for point in question.points] == ["answers-it"]


def test_nothing_is_written_when_a_draft_to_be_added_to_cannot_be_read(tmp_path: Path) -> None:
    run(tmp_path, [found("Explain leases, please.")])
    (path,) = tmp_path.rglob("*.md")
    texts = [found("Explain leases, then.", source="b.txt"), found("What is new?", source="b.txt")]
    plan = plan_import(texts, bank_of(tmp_path), alike, pack=tmp_path, propose=propose)
    path.write_text("+++\nid = \n+++\n", "utf-8")
    before = files(tmp_path)
    with pytest.raises(ValueError, match="not valid TOML"):
        apply_import(tmp_path, plan)
    assert files(tmp_path) == before


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    plan = plan_import([found("What is a lease?")], [], alike, pack=tmp_path, propose=propose)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        apply_import(tmp_path, plan)
    assert list(tmp_path.rglob("*.md")) == []
    assert list(tmp_path.rglob("*.new")) == []


def test_a_broken_list_of_asked_questions_is_named(tmp_path: Path) -> None:
    (tmp_path / "asked.toml").write_text("[[asked]]\nquestion = 1", "utf-8")
    with pytest.raises(ValueError, match=r"asked\.toml: is no list of"):
        read_asked(tmp_path)


def test_a_slug_is_short_and_plain() -> None:
    assert slug("What's the CAP theorem, na\u00efvely?") == "whats-the-cap-theorem-naively"
    assert len(slug("word " * 100)) <= 60
    assert slug("x" * 200) == "x" * 60


TEXT = st.text(max_size=60)
FILLED = TEXT.filter(lambda text: text.strip() != "")


@settings(max_examples=60, deadline=None)
@given(FILLED, TEXT, TEXT, TEXT, st.sampled_from(["", "# Answer\n", "```\n# x\n", "+++\n", '"""', "'''", "\\", "\r\n"]))
def test_a_draft_of_any_text_reads_back_with_the_same_fields(
    text: str, answer: str, section: str, source: str, extra: str
) -> None:
    one = found(extra + text, answer + extra, section=section, source=source, number=section)
    plan = plan_import([one], [], alike, pack=Path("pack"), propose=lambda *_: (Point(id="p", says=text + extra),))
    question = parse_question(plan.new[0].text, "draft.md")
    assert question.origins == (origin_of(one),)
    assert question.points[0].says == toml_value(text + extra) or not answer.strip()
    assert [line for line in words(one.answer) if line not in words(question.answer.replace("\\# ", "# "))] == []
    assert [line for line in words(one.text) if line not in words(question.prompt.replace("\\# ", "# "))] == []


def words(text: str) -> list[str]:
    return text.encode("utf-8", "replace").decode().split()


def toml_value(text: str) -> str:
    import tomllib

    return str(tomllib.loads(f"x = {toml(text)}")["x"])


@given(st.text())
def test_a_string_written_as_toml_reads_back(text: str) -> None:
    assert toml_value(text) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_render_keeps_headings_in_answers_out_of_the_files_own() -> None:
    text = render_draft(
        "x",
        kind="concept",
        topic="imported",
        years=Experience(from_=0, sweet=0),
        points=(Point(id="p", says="P."),),
        origins=(),
        prompt="# Answer\nis what?",
        answer="A.",
    )
    assert parse_question(text, "x.md").prompt == "\\# Answer\nis what?"
