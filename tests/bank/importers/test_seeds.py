"""This file tests the importer on the five documents that it was made for, where they are at hand."""

import functools
import re
from pathlib import Path

import pytest

from sparring.bank.importers import Found, read_document
from sparring.bank.importers.decoding import mend

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five documents are not beside the repository")

COUNTS = [8, 179, 50, 21, 40]

NO_ANSWER_SAYS = re.compile(
    r"send me the newsletter|certification exam|pro tip|also check:|placement guarantee|pass rate|dump practice"
    r"|career acceleration|tips (?:for|to)|table of contents|^conclusion$|interview questions (?:for|and)"
    r"|^reference answer|^answer:|^que \d|^q\d|question \d",
    re.IGNORECASE | re.MULTILINE,
)


def paths() -> list[Path]:
    return sorted(SEEDS.glob("*.txt"))


@functools.cache
def found_in(document: int) -> list[Found]:
    path = paths()[document]
    return read_document(path.read_bytes(), path.name)


def test_each_document_has_its_questions_in_order() -> None:
    assert [len(found_in(document)) for document in range(5)] == COUNTS


@pytest.mark.parametrize("document", [0, 1, 2, 4])
def test_numbers_run_on_without_a_gap(document: int) -> None:
    assert [each.number for each in found_in(document)] == [str(n) for n in range(1, COUNTS[document] + 1)]


def test_numbers_begin_again_in_each_category_as_the_document_has_it() -> None:
    numbers = [each.number for each in found_in(3)]
    assert numbers == [str(n) for count in (11, 2, 3, 2, 3) for n in range(1, count + 1)]


def test_categories_are_those_the_document_states() -> None:
    kinds = [each.kind for each in found_in(3)]
    stated = [("technical", 11), ("behavioural", 2), ("situational", 3), ("salary", 2), ("ask-interviewer", 3)]
    assert kinds == [kind for kind, count in stated for _ in range(count)]
    assert [each.kind for each in found_in(4)] == [""] * 30 + ["hr"] * 10
    assert {each.kind for document in (0, 1, 2) for each in found_in(document)} == {""}


def test_years_are_those_the_section_states() -> None:
    assert [each.years for each in found_in(2)] == [years for years in (2, 3, 5, 7, 10) for _ in range(10)]
    assert {each.years for document in (0, 1, 3, 4) for each in found_in(document)} == {None}


def test_sections_are_the_headings_above_the_questions() -> None:
    sections = [each.section for each in found_in(4)]
    assert sections[0] == sections[9] == "Basic Backend Development Interview Questions"
    assert sections[10] == sections[19] == "Backend Developer Interview Questions for Freshers"
    assert sections[20] == sections[29] == "Backend Developer Interview Questions for Experienced"
    assert sections[30] == sections[39] == "HR Interview Questions for Backend Development Job"


@pytest.mark.parametrize("document", range(5))
def test_no_answer_is_empty_or_holds_what_is_no_answer(document: int) -> None:
    for each in found_in(document):
        assert each.answer.strip(), each
        assert each.source == paths()[document].name
        assert not NO_ANSWER_SAYS.search(each.answer), each


@pytest.mark.parametrize("document", range(5))
def test_nothing_between_two_questions_is_lost_but_what_is_left_out_on_purpose(document: int) -> None:
    lines = mend(paths()[document].read_text("utf-8")).split("\n")
    found = found_in(document)
    purpose = re.compile(r"^(?:Pro Tip|Also check)|Questions|Career Acceleration|^(?:Tips|Conclusion)")
    for each, stop in zip(found, [*(after.line for after in found[1:]), len(lines) + 1], strict=True):
        kept = each.text + "\n" + each.answer
        for line in lines[each.line - 1 : stop - 1]:
            text = re.sub(
                r"^(?:(?:Que |Q)?\d+(?:\. |$)|.*Question \d+$|Reference answer$|Answer:\s*|\W+How to answer: )",
                "",
                line,
            )
            if purpose.search(text):
                break
            assert text.strip() in kept, (each.number, text)


SPOTS = [
    (0, 1, "Django is a full-featured", "async-first API backends."),
    (0, 8, "In Python use asyncio", "background job processing asynchronously."),
    (1, 1, "We needed to migrate 500M rows", "in a big-bang migration."),
    (1, 2, "These questions are termed", "any web development interview."),
    (1, 3, "I implement rate limiting using middleware", "endpoint sensitivity."),
    (
        1,
        35,
        "This question is so common that it\u2019s almost not worth including\u2014except",
        "I can\u2019t wait to see.\u201d",
    ),
    (1, 39, "a. Caching Strategy:", "replication to scale the cache."),
    (1, 177, "Look for: Proficiency with Ruby's", '"cherry" => 6}'),
    (1, 179, "Microservices architecture involves", "less flexible and harder to maintain."),
    (2, 1, "Use stateless endpoints", "});"),
    (2, 5, "Use indexes on frequently queried columns, avoid SELECT *\n,", "SELECT id, name FROM users WHERE id = 1;"),
    (2, 20, "Use Postman for manual testing", "assert len(response.json()) > 0"),
    (2, 40, "Refactor incrementally using the Strangler", '- "3001:3000"'),
    (2, 50, "Use schema-based or table-based", "next();\n});"),
    (3, 1, "Processes have isolated memory;", "threads/async for I/O-bound."),
    (3, 21, "Signals you want to contribute", "reveals system health."),
    (4, 11, "A REST API (representational", "separation of concerns."),
    (4, 28, "The CAP theorem is a fundamental", "despite network failures)"),
    (4, 31, "I am [Your Name]", "seamless user experiences."),
    (4, 40, "I have been following", "making such an impact."),
]


@pytest.mark.parametrize(("document", "place", "first", "last"), SPOTS)
def test_answers_are_whole(document: int, place: int, first: str, last: str) -> None:
    answer = found_in(document)[place - 1].answer
    assert answer.startswith(first)
    assert answer.endswith(last)


def test_how_to_answer_is_guidance_and_the_answer_where_there_is_no_other() -> None:
    assert all(each.guidance and each.guidance == each.answer for each in found_in(3))
    asked = found_in(1)[29]
    assert asked.guidance.startswith("Look for: Clarity, directness")
    assert "Red flag:" in asked.guidance
    assert not any(each.guidance for document in (0, 2, 4) for each in found_in(document))


def test_questions_start_on_the_lines_they_start_on() -> None:
    assert [found_in(0)[0].line, found_in(1)[0].line, found_in(1)[2].line] == [6, 17, 34]
    assert [found_in(2)[0].line, found_in(3)[0].line, found_in(4)[39].line] == [7, 28, 125]
