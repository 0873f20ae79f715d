"""This file tests which questions are found in documents of many shapes, written for these tests."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.bank.importers import Found, ImportProblem, read_document

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "import"


def found_in(name: str) -> list[Found]:
    return read_document((FIXTURES / name).read_bytes(), name)


def read(text: str, name: str = "list.txt") -> list[Found]:
    return read_document(text.encode(), name)


def pairs(found: list[Found]) -> list[tuple[str, str, str]]:
    return [(each.number, each.text, each.answer) for each in found]


def test_a_page_gives_its_numbered_headings_without_navigation_newsletter_and_footer() -> None:
    first, second, third = found_in("page.html")
    assert first.text == "What is a goroutine?"
    assert first.answer == (
        "A function that runs concurrently, started with `go`.\n\n1. Cheap stack\n2. Scheduled by the runtime\n\n"
        "```go\ngo func() {\n    work()\n}()\n```"
    )
    assert (second.number, second.text, second.answer) == ("2", "Explain channels", "Typed pipes.\n\nSecond paragraph.")
    assert (third.kind, third.years, third.guidance, third.answer) == ("behavioural", 5, "use STAR.", "use STAR.")
    assert [each.line for each in (first, second, third)] == [8, 14, 18]
    assert [each.kind for each in (first, second)] == ["technical", "technical"]


def test_accordions_and_definition_lists_give_questions_without_numbers() -> None:
    assert pairs(found_in("accordion.html")) == [
        ("", "What is a pod?", "A group of containers."),
        ("", "Why use namespaces?", "To keep teams apart.\n\n- quota\n- policy"),
        ("", "What is etcd?", "A key-value store."),
    ]


def test_markdown_headings_with_labels_are_questions_and_steps_in_answers_are_not() -> None:
    found = found_in("headings.md")
    assert [(each.number, each.text) for each in found] == [
        ("1", "What is a topic?"),
        ("2", "How do consumers share work?"),
    ]
    assert found[0].answer == "A named log.\n\n1. Produce a record\n2. Explain the offset\n3. Commit"
    assert found[1].answer.startswith("```python\n# not a heading\n")
    assert "course" not in found[1].answer


def test_bold_lines_are_questions_and_a_section_may_number_its_own_way() -> None:
    assert [(each.number, each.text, each.answer, each.kind) for each in found_in("bold.md")] == [
        ("1", "What is a mutex?", "A lock.", ""),
        ("2", "What is a semaphore?", "A counter.", ""),
        ("1", "Your disk is full. What do you do?", "Find what grows, then free it.", "situational"),
        ("2", "Your API is slow. How do you proceed?", "Measure first.", "situational"),
    ]


def test_steps_numbered_like_questions_stay_in_the_answer() -> None:
    found = found_in("steps.txt")
    assert [each.number for each in found] == ["1", "2", "3", "4"]
    assert found[0].answer.endswith("3. Send the request")
    assert [each.section for each in found] == ["Networking"] * 3 + ["Databases"]
    assert found[2].answer == "A state."


def test_numbers_on_their_own_line_are_told_from_the_numbers_of_an_advert() -> None:
    found = found_in("alone.txt")
    assert [each.number for each in found] == ["1", "2", "3"]
    assert found[1].answer == "Start from a smaller base, build in stages, and copy only what runs."
    assert found[2].text == "Defend the use of stored procedures."
    assert found[2].answer == "They keep logic beside the data.\nThey save round trips."


def test_sections_carry_years_and_code_stays_whole() -> None:
    found = found_in("levels.txt")
    assert [each.years for each in found] == [2, 2, 5]
    assert found[0].answer.endswith("location /api {\nproxy_pass http://api;\n}")
    assert found[1].answer == "A call without one can hold a thread for ever."
    assert found[2].answer == "# canary\nsteps:\n- weight: 5\n- pause: 10m"


def test_labels_carry_categories_and_cards_are_no_questions() -> None:
    found = found_in("categories.txt")
    assert [(each.number, each.kind) for each in found] == [
        ("1", "technical"),
        ("2", "technical"),
        ("1", "salary"),
        ("1", "ask-interviewer"),
    ]
    assert found[1].answer == found[1].guidance == "Compare offsets with keys."


def test_tips_and_introductions_are_left_out() -> None:
    found = found_in("blog.txt")
    assert [each.kind for each in found] == ["", "", "hr"]
    assert found[0].answer.endswith("- after too many attempts\n- after they grew too old")
    assert found[1].answer == "Not over an unreliable network.\nBut handling can be made idempotent."
    assert found[2].answer == "I build queues."


def test_guidance_and_sample_answers_are_told_from_the_answer() -> None:
    first, second = found_in("labels.txt")
    assert first.text == "You join a team. The service is slow. What do you look at first?"
    assert (first.answer, first.guidance) == ("The graphs.", "Look for: method.\nRed flag: guessing.")
    assert second.text == "What does this print?\n```python\n# hm\nprint(1)\n```"
    assert second.answer == "1\n\nSample answer: it prints one"


def test_nested_lists_belong_to_the_answer() -> None:
    assert pairs(found_in("nested.md")) == [
        ("1", "What is a heap?", "- a tree\n- complete\n1. insert\n2. Explain sift"),
        ("2", "What is a trie?", "A prefix tree."),
    ]


def test_a_bare_list_of_questions_has_no_answers() -> None:
    found = found_in("bare.txt")
    assert [(each.number, each.answer) for each in found] == [("1", ""), ("2", ""), ("3", "")]
    assert [each.years for each in found] == [3, 3, 3]


def test_asked_and_answered_by_letters() -> None:
    assert pairs(found_in("asked.txt")) == [
        ("", "What is REST?", "A style."),
        ("", "What is SOAP?", "A protocol.\nIt uses XML."),
    ]


def test_a_table_of_contents_is_no_second_list_of_questions() -> None:
    text = "1. What is A?\n2. What is B?\n\n1. What is A?\nIt is one.\n2. What is B?\nIt is two.\n"
    assert pairs(read(text)) == [("1", "What is A?", "It is one."), ("2", "What is B?", "It is two.")]


def test_a_second_list_of_another_shape_after_the_first_is_found_too() -> None:
    page = (
        "<html><body><h2><button>What is a shard?</button></h2><p>A part.</p><h2><button>How is it found?</button></h2>"
        "<p>By key.</p><ol><li><strong>What is a replica?</strong><p>A copy.</p></li>"
        "<li><strong>What is a quorum?</strong><p>Enough of them.</p></li></ol></body></html>"
    )
    assert pairs(read(page, "page.html")) == [
        ("", "What is a shard?", "A part."),
        ("", "How is it found?", "By key."),
        ("1", "What is a replica?", "A copy."),
        ("2", "What is a quorum?", "Enough of them."),
    ]


def test_a_question_broken_over_lines_is_one_question() -> None:
    text = (
        "1. How would you find out which of the forty services behind the gateway\n"
        "is the one that makes the page slow?\n"
        "I would follow a trace through all of them and look at the longest\nspan.\n"
        "2. What is a span?\nA piece of work with a beginning and an end that a trace is made of.\n"
    )
    assert [each.text for each in read(text)] == [
        "How would you find out which of the forty services behind the gateway is the one that makes the page slow?",
        "What is a span?",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Shopping\n1. milk\n2. eggs\n3. Create a cake\n",
        "We met at noon. The weather was fine, and nobody asked anything.\n",
        "<html><body><h1>News</h1><p>Nothing happened.</p></body></html>",
        "# Notes\n\n## Monday\n\n- slept\n",
    ],
)
def test_a_document_without_a_question_is_a_problem_that_says_so(text: str) -> None:
    with pytest.raises(ImportProblem, match="no question"):
        read(text)


WORDS = st.sampled_from(
    ["cache", "index", "broker", "shard", "replica", "quorum", "lease", "socket", "thread", "queue"]
)
TEXTS = st.builds(
    lambda opening, words: f"{opening} {' '.join(words)}?",
    st.sampled_from(["What is a", "How would you test a", "Why would one need a", "When is it wrong to use a"]),
    st.lists(WORDS, min_size=1, max_size=6),
)
SENTENCES = st.builds(lambda words: f"It keeps the {' '.join(words)} apart.", st.lists(WORDS, min_size=1, max_size=12))
QUESTIONS = st.lists(
    st.tuples(TEXTS, st.lists(SENTENCES, min_size=1, max_size=3)),
    min_size=2,
    max_size=12,
    unique_by=lambda each: each[0],
)

SHAPES = {
    "dotted": lambda n, text, answer: f"{n}. {text}\n{answer}\n",
    "bracketed": lambda n, text, answer: f"{n}) {text}\n{answer}\n\n",
    "q": lambda n, text, answer: f"Q{n}. {text}\nAnswer: {answer}\n",
    "que": lambda n, text, answer: f"Que {n}. {text}\nAnswer:\n{answer}\n",
    "question": lambda n, text, answer: f"Question {n}: {text}\n{answer}\n",
    "alone": lambda n, text, answer: f"{n}\n{text}\nReference answer\n{answer}\n",
    "technical": lambda n, text, answer: f"Technical Question {n}\n{text}\n\U0001f4a1 How to answer: {answer}\n",
    "heading": lambda n, text, answer: f"### {n}) {text}\n\n{answer}\n\n",
    "q-heading": lambda n, text, answer: f"## Q{n}: {text}\n\n{answer}\n\n",
    "bold": lambda n, text, answer: f"**{n}. {text}**\n\n{answer}\n\n",
    "h3": lambda n, text, answer: f"<h3>{n}. {text}</h3><p>{'<br>'.join(answer.splitlines())}</p>\n",
    "item": lambda n, text, answer: f"<p><b>Q{n}. {text}</b></p><div>{'<br>'.join(answer.splitlines())}</div>\n",
}


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=8, deadline=None)
@given(questions=QUESTIONS)
def test_a_list_written_in_any_shape_is_read_back_as_it_was(shape: str, questions: list[tuple[str, list[str]]]) -> None:
    body = "".join(SHAPES[shape](n, text, "\n".join(answer)) for n, (text, answer) in enumerate(questions, start=1))
    document = f"<!doctype html><body>{body}</body>" if body.startswith("<") else body
    expected = [(str(n), text, "\n".join(answer)) for n, (text, answer) in enumerate(questions, start=1)]
    assert pairs(read(document)) == expected
    assert read(document) == read(document)
    assert read(document.replace("\n", "\r\n")) == read(document)
