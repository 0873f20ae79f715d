"""This file checks how a story's structure is read: full stories, and stories weak in one named way."""

import pytest

from sparring.grading.structure import structure_findings

FULL = (
    "Two years ago at a payment company our nightly export began to fail. I was responsible for it. I wrote a "
    "script that "
    "compared both sides. I found that a time zone was wrong. I moved the job to UTC and told the finance team. "
    "In the end "
    "the failures went from nine a week to none. Since then I ask for a time zone in every ticket about dates."
)
WEAK = {
    "situation": "I usually write a script that compares both sides. Time zones are tricky. I always tell the "
    "finance team.",
    "ownership": "Two years ago at a payment company our export began to fail. We wrote a script and we moved "
    "the job to UTC. "
    "We cut the failures from nine a week to none.",
    "action": "Two years ago at a payment company our export failed nine times a week. After that it was better "
    "by half.",
    "result": "Two years ago at a payment company our export failed. I wrote a script. I moved the job. I told "
    "the team.",
    "reflection": "Two years ago our export failed. I wrote a script and I moved the job. It went down from nine "
    "a week to none.",
}


def verdicts(answer: str) -> dict[str, str]:
    return {finding.criterion: finding.verdict for finding in structure_findings(answer)}


def test_a_full_story_has_every_part() -> None:
    assert verdicts(FULL) == dict.fromkeys(["situation", "ownership", "action", "result", "reflection"], "met")


@pytest.mark.parametrize("part", WEAK)
def test_a_story_that_is_weak_in_one_part_does_not_meet_it(part: str) -> None:
    assert verdicts(WEAK[part])[part] != "met"


def test_a_result_without_a_number_is_half_a_result() -> None:
    assert verdicts("Last year I rewrote the importer. In the end it worked and was released.")["result"] == "partly"


def test_the_evidence_is_an_exact_slice() -> None:
    for finding in structure_findings(FULL):
        assert FULL[finding.start : finding.end] == finding.quote != ""


def test_an_empty_answer_misses_every_part() -> None:
    assert set(verdicts("").values()) == {"missed"}
