import json
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.content import (
    BANDS,
    ContentError,
    Experience,
    Header,
    Minutes,
    Problem,
    Question,
    parse_question,
    read_question,
    schema,
)

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "reference" / "question.schema.json"

VALID = '''+++
id = "retry-budgets"
kind = "concept"
topic = "resilience"
title = "Retries"
years = { from = 3, sweet = 5 }
stacks = ["python"]
minutes = { answer = 4, read = 1.5 }
listens_for = "Whether retries are limited by a rule."
see = ["retry-storm"]
planned = ["build:breaker"]
sources = ["RFC 9110, section 9.2.2"]

[[point]]
id = "amplify"
says = "Retries multiply load."
weight = 3
counts = ["a retry storm"]
against = ["retries reduce load"]

[[point]]
id = "budget"
says = "A budget caps retries."
level = "should"
counts = ["a tenth of the traffic"]
against = ["each request gets three"]

[[point]]
id = "jitter"
says = "Waits are random."
counts = ["full jitter"]
against = ["a fixed second"]

[[choice]]
id = "limits"
need = 1
of = ["budget", "jitter"]

[[flag]]
id = "more"
says = "Retry until it works."
why = "That is the load."

[[follow]]
id = "recovery"
when = "missed budget"
ask = "What happens in the next minute?"
points = ["it stays overloaded"]

[levels]
5 = "Explains amplification with numbers."

[[calibrate]]
band = "strong"
text = """
They amplify load;
I limit them.
"""

[[calibrate]]
band = "partial"
text = "I would use backoff."

[[calibrate]]
band = "wrong"
text = "More retries."
+++

# Prompt

When do retries make things worse?

# Answer

When they add load.

```python
# Not a heading
```
'''


def problems(text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse_question(text, path="q.md")
    assert str(caught.value).split("\n") == [str(problem) for problem in caught.value.problems]
    return [str(problem) for problem in caught.value.problems]


def mistakes(text: str) -> tuple[Problem, ...]:
    """Return what a ContentError says is wrong with `text`; any other error fails the test."""
    try:
        parse_question(text, path="q.md")
    except ContentError as error:
        return error.problems
    return ()


def test_a_valid_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "retry-budgets.md"
    path.write_text(VALID, encoding="utf-8")
    question = read_question(path, pack="mine")
    assert (question.id, question.kind, question.pack, question.path) == ("retry-budgets", "concept", "mine", str(path))
    assert question.years == Experience(from_=3, sweet=5)
    assert question.minutes == Minutes(answer=4, read=1.5)
    assert [(point.id, point.level, point.weight) for point in question.points] == [
        ("amplify", "must", 3),
        ("budget", "should", 1),
        ("jitter", "must", 1),
    ]
    assert question.choices[0].of == ("budget", "jitter")
    assert question.flags[0].why == "That is the load."
    assert question.follow_ups[0].when == "missed budget"
    assert question.levels == {"5": "Explains amplification with numbers."}
    assert [each.band for each in question.calibration] == ["strong", "partial", "wrong"]
    assert question.prompt == "When do retries make things worse?"
    assert question.answer == "When they add load.\n\n```python\n# Not a heading\n```"


def test_a_question_survives_a_round_trip_through_json() -> None:
    question = parse_question(VALID, path="q.md")
    assert msgspec.json.decode(msgspec.json.encode(question), type=Question) == question


def test_windows_line_ends_make_no_difference() -> None:
    assert parse_question(VALID.replace("\n", "\r\n"), path="q.md") == parse_question(VALID, path="q.md")


KNOWN = (
    "asked_as, build, calibrate, choice, draft, flag, follow, id, kind, levels, listens_for, minutes, origin, planned,"
    " point, see, size, sources, stacks, title, topic, years"
)
NO_CONDITION = "is no condition; write `always`, `missed POINT`, `met POINT` or `present FLAG`"
MISTAKES: dict[str, tuple[tuple[str, str], str]] = {
    "no front matter": (("+++\nid", "id"), "1: must begin with a line `+++`; put the TOML front matter there"),
    "front matter not closed": (
        ("+++\n\n# Prompt", "\n# Prompt"),
        "1: has no second `+++`; close the front matter with one",
    ),
    "unknown key": (
        ('title = "Retries"', 'titel = "x"\ntitle = "Retries"'),
        f"5: unknown key `titel`; known here are {KNOWN}",
    ),
    "unknown key in a table": (
        ('why = "That', 'wyh = "x"\nwhy = "That'),
        "42: unknown key `wyh`; known here are counts, id, says, why",
    ),
    "unknown key in an inline table": (
        ("sweet = 5", "sweet = 5, to = 7"),
        "6: unknown key `to`; known here are from, sweet",
    ),
    "missing key": (('title = "Retries"\n', ""), "1: `title` is missing; add it"),
    "missing key in a table": (('says = "Waits are random."\n', ""), "28: `says` is missing; add it"),
    "bad kind": (
        ('kind = "concept"', 'kind = "essay"'),
        "3: `kind`: Invalid enum value 'essay'",
    ),
    "bad id": (
        ('id = "retry-budgets"', 'id = "Retry Budgets"'),
        "2: `id`: Expected `str` matching regex '^[a-z0-9]+(-[a-z0-9]+)*$'",
    ),
    "bad years": (("from = 3", "from = 4"), "6: `from`: Invalid enum value 4"),
    "wrong type": (('stacks = ["python"]', "stacks = 3"), "7: `stacks`: Expected `array`, got `int`"),
    "weight out of range": (("weight = 3", "weight = 9"), "17: `weight`: Expected `int` <= 5"),
    "time out of range": (("answer = 4", "answer = 0"), "8: `answer`: Expected `float` > 0.0"),
    "id twice": (('id = "limits"', 'id = "amplify"'), "35: id `amplify` is used twice; give each entry its own id"),
    "choice of nothing": (
        ('of = ["budget", "jitter"]', 'of = ["budget", "luck"]'),
        "37: `luck` is no key point; name one of ['amplify', 'budget', 'jitter']",
    ),
    "choice needs all": (("need = 1", "need = 2"), "36: `need` must be below the 2 points in `of`"),
    "follow-up on an unknown point": (
        ('when = "missed budget"', 'when = "missed luck"'),
        "46: can never be asked: there is no point or choice with the id `luck`",
    ),
    "follow-up on a point as if it were a flag": (
        ('when = "missed budget"', 'when = "present budget"'),
        "46: can never be asked: there is no flag with the id `budget`",
    ),
    "follow-up without a condition": (
        ('when = "missed budget"', 'when = "if wrong"'),
        f"46: can never be asked: `if wrong` {NO_CONDITION}",
    ),
    "unknown level": (('5 = "Explains', '4 = "Explains'), "51: `4` is no level; use one of 0, 2, 3, 5, 7, 10"),
    "planned link without a form": (
        ('planned = ["build:breaker"]', 'planned = ["breaker"]'),
        "11: `breaker` is no planned link; write it as `build:lab-id`",
    ),
    "sweet before from": (("sweet = 5", "sweet = 2"), "6: `sweet` is before `from`; it must be the same or later"),
    "no listens_for": (
        ('listens_for = "Whether retries are limited by a rule."\n', ""),
        "1: `listens_for` is missing; say what the interviewer wants to find out",
    ),
    "point without wordings": (
        ('counts = ["full jitter"]\n', ""),
        "28: point `jitter` has no `counts`; add wordings that count",
    ),
    "point without contradictions": (
        ('against = ["a fixed second"]\n', ""),
        "28: point `jitter` has no `against`; add wordings that contradict it",
    ),
    "calibration band missing": (
        ('band = "wrong"', 'band = "off"'),
        "1: has no [[calibrate]] answer with band `wrong`; add one as a candidate would say it",
    ),
    "no prompt": (
        ("# Prompt\n\nWhen do", "When do"),
        "68: has no text under `# Prompt`; add the heading and its text",
    ),
    "empty answer": (
        (VALID[VALID.index("When they") :], ""),
        "68: has no text under `# Answer`; add the heading and its text",
    ),
    "list where a table belongs": (
        ("years = { from = 3, sweet = 5 }", "years = [3, 5]"),
        "6: `years`: Expected `object`, got `array`",
    ),
    "no calibration text": (('text = "More retries."', 'text = ""'), "66: `text`: Expected `str` of length >= 1"),
    "broken TOML": (
        ('title = "Retries"', "title = Retries"),
        "5: is not valid TOML: Invalid value (at line 4, column 9)",
    ),
    "key twice": (
        ('title = "Retries"', 'title = "Retries"\ntitle = "Again"'),
        "6: is not valid TOML: Cannot overwrite a value (at line 5, column 16)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_named_with_its_line_and_its_remedy(name: str) -> None:
    (old, new), message = MISTAKES[name]
    assert VALID.count(old) == 1, "the mistake must be made in one place"
    assert problems(VALID.replace(old, new)) == [f"q.md:{message}"]


def test_all_mistakes_of_a_file_are_reported_at_once_by_line() -> None:
    text = VALID
    for name in ("bad id", "bad kind", "bad years", "weight out of range", "missing key in a table", "no prompt"):
        (old, new), _ = MISTAKES[name]
        text = text.replace(old, new)
    found = problems(text)
    assert [int(problem.split(":")[1]) for problem in found] == sorted(int(each.split(":")[1]) for each in found)
    assert [problem.split("`")[1] for problem in found] == ["id", "kind", "from", "weight", "says", "# Prompt"]


def test_contradictions_are_reported_together() -> None:
    text = VALID.replace("sweet = 5", "sweet = 2").replace("need = 1", "need = 2").replace("missed budget", "met luck")
    assert [int(problem.split(":")[1]) for problem in problems(text)] == [6, 36, 46]


def test_a_draft_may_lack_what_only_an_author_can_write() -> None:
    text = VALID.replace('title = "Retries"', 'title = "Retries"\ndraft = true').replace(
        'counts = ["full jitter"]\n', ""
    )
    assert parse_question(text, path="q.md").draft


def test_a_line_in_a_long_string_is_not_taken_for_a_key() -> None:
    text = VALID.replace("They amplify load;", "[levels]\n[[point]]\nid = 3").replace("More retries.", "")
    assert problems(text) == ["q.md:68: `text`: Expected `str` of length >= 1"]


def test_a_file_that_cannot_be_read_is_a_problem_of_that_file(tmp_path: Path) -> None:
    missing, binary = tmp_path / "missing.md", tmp_path / "binary.md"
    binary.write_bytes(b"+++\n\xff\xfe")
    for path, message in (
        (missing, "1: cannot be read (No such file or directory); check the path"),
        (tmp_path, "1: cannot be read (Is a directory); check the path"),
        (binary, "1: is not UTF-8; save the file as UTF-8"),
    ):
        with pytest.raises(ContentError) as caught:
            read_question(path)
        assert str(caught.value) == f"{path}:{message}"


FRAGMENTS = st.sampled_from(
    [
     "+++\n", "[[point]]\n", "[point]\n", "[levels]\n", "id = ", '"a"\n', "3\n", "[1, {a = 2}]\n", '"""', "'" * 3, "=",
     "# Prompt\n", "# Answer\n", "\\u0000", "\r", "1979-05-27\n", "nan\n", "a.b.c = 1\n", "years = {from = 3}\n",
     "```\n", "[[levels]]\n", "point = 3\n", "years.from = 3\n", "minutes = 4\n", "[[years]]\n"]
)  # fmt: skip


@given(st.text() | st.lists(FRAGMENTS | st.text(max_size=5), max_size=30).map("".join))
def test_arbitrary_text_raises_nothing_but_a_content_error(text: str) -> None:
    for each in (text, f"+++\n{text}\n+++\n# Prompt\na\n# Answer\nb"):
        assert all(problem.line >= 1 and problem.message for problem in mistakes(each))


@given(st.data())
def test_a_valid_file_damaged_anywhere_raises_nothing_but_a_content_error(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(VALID)))
    end = data.draw(st.integers(start, min(len(VALID), start + 80)))
    text = VALID[:start] + data.draw(FRAGMENTS | st.text(max_size=5) | st.just("")) + VALID[end:]
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in mistakes(text))


@pytest.mark.parametrize("front", [f"id = {'[' * 50_000}", f"a{'.a' * 500} = 1", f"id = {'9' * 50_000}"])
def test_a_value_that_no_parser_takes_is_a_content_error(front: str) -> None:
    assert problems(f"+++\n{front}\n+++\n# Prompt\na\n# Answer\nb")


def test_the_score_bands_are_ordered() -> None:
    assert BANDS["off"][1] <= BANDS["partial"][1] <= BANDS["strong"][0]
    assert all(0 <= low < high <= 1 for low, high in BANDS.values())


def test_a_problem_is_printed_as_editors_expect_it() -> None:
    assert str(Problem("content/q.md", 7, "is wrong; mend it")) == "content/q.md:7: is wrong; mend it"


def test_the_schema_in_the_docs_is_the_one_of_the_code() -> None:
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        SCHEMA.parent.mkdir(parents=True, exist_ok=True)
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text, "run the tests once with UPDATE_GOLDEN=1"


def test_the_schema_names_every_key() -> None:
    found = schema()
    assert found["$schema"].endswith("2020-12/schema")
    properties = found["$defs"]["Header"]["properties"]
    assert set(properties) == {each.encode_name for each in msgspec.structs.fields(Header)}
