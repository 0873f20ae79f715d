"""This file checks which sentences of a reference answer become key points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.grading.proposal import propose_points, rubric_for

ANSWER = """## What it is

**Overview**

Great question! Let me explain.
- A foreign key makes the database refuse rows that point to nothing.
- It costs a look-up in the parent table on every insert.
- An index on the referencing column keeps deletes of a parent from scanning the whole child table.

```sql
ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);
```
A foreign key makes the database refuse rows that point to nothing.
"""


def test_headings_code_filler_and_repetitions_are_left_out() -> None:
    says = [point.says for point in propose_points("What is a foreign key for?", ANSWER)]
    assert says == [
        "A foreign key makes the database refuse rows that point to nothing.",
        "It costs a look-up in the parent table on every insert.",
        "An index on the referencing column keeps deletes of a parent from scanning the whole child table.",
    ]


def test_a_one_sentence_answer_gives_one_point() -> None:
    points = propose_points("What does ACID stand for?", "Atomicity, consistency, isolation and durability.")
    assert [point.says for point in points] == ["Atomicity, consistency, isolation and durability."]


def test_an_answer_of_nothing_but_a_few_words_still_gives_a_point() -> None:
    assert [point.says for point in propose_points("Which port does HTTPS use?", "443")] == ["443"]


def test_a_long_answer_gives_at_most_eight_points_and_the_telling_ones_weigh_more() -> None:
    answer = " ".join(
        f"Component{n} replicates shard{n} towards region{n} asynchronously overnight." for n in range(20)
    )
    points = propose_points("Describe it.", answer + " It works well.")
    assert len(points) == 8
    assert {point.weight for point in points} <= {1, 2, 3}


def test_a_sentence_that_repeats_the_question_is_no_point() -> None:
    points = propose_points(
        "Explain the CAP theorem in distributed databases.",
        "The CAP theorem explains distributed databases. During a partition a node must refuse requests or "
        "answer stale.",
    )
    assert [point.says for point in points] == ["During a partition a node must refuse requests or answer stale."]


def test_no_answer_gives_no_points() -> None:
    assert propose_points("What?", " \n ") == ()


@given(prompt=st.text(), answer=st.text())
def test_any_text_gives_at_most_eight_points_with_distinct_ids(prompt: str, answer: str) -> None:
    points = propose_points(prompt, answer)
    assert len(points) <= 8
    assert len({point.id for point in points}) == len(points)
    assert all(point.says for point in points)


def test_a_given_rubric_is_used_as_it_is() -> None:
    rubric = rubric_for("Q?", "R.", ["One.", {"id": "two", "says": "Two.", "weight": 3}])
    assert not rubric.proposed
    assert [(point.id, point.weight) for point in rubric.points] == [("point-1", 1), ("two", 3)]


def test_without_a_rubric_the_points_are_proposed_and_the_rubric_says_so() -> None:
    rubric = rubric_for("What is a mutex?", "A mutex lets one thread at a time into a critical section.")
    assert rubric.proposed
    assert len(rubric.points) == 1


@pytest.mark.parametrize("entry", [3, None, [], {"weight": 1}, {"says": ""}, {"says": "x", "colour": 1}])
def test_an_entry_that_is_no_key_point_is_named(entry: object) -> None:
    with pytest.raises(ValueError, match="entry 1 of the rubric is no key point"):
        rubric_for("Q?", "R.", [entry])


def test_neither_rubric_nor_reference_is_an_error_that_says_what_to_give() -> None:
    with pytest.raises(ValueError, match="give one of them"):
        rubric_for("Q?", "", None)


def test_a_sentence_that_lists_steps_gives_a_point_for_each() -> None:
    listed = "Check the dashboards and logs, roll the change back at once, paginate, then find and mend the root cause."

    says = [point.says for point in propose_points("What do you do?", listed)]

    assert says == [
        "Check the dashboards and logs",
        "Roll the change back at once, paginate",
        "Find and mend the root cause.",
    ]


def test_a_list_of_names_stays_one_point() -> None:
    named = "Middleware handles many tasks such as logging, authentication, and error handling."

    assert [point.says for point in propose_points("What is middleware?", named)] == [named]
