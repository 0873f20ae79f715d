"""The model grader against a real HTTP server that replays recorded replies: good ones, split ones, broken ones."""

import json
import logging
from typing import Any

import pytest
from tests.recorded import RecordedEndpoint, recording, says

from sparring.grading.by_model import LAYOUTS, ModelGrader, Prices
from sparring.grading.by_rule import RuleGrader
from sparring.grading.grade import Grade, Verdict
from sparring.grading.rubric import Rubric
from sparring.grading.score import score

KEY = "sk-very-secret"
LSOF = "I would run lsof on the process and see which kind of handle keeps growing"
ANSWER = f"{LSOF}. Afterwards I write it up for the team."
BROKEN = [(why, reply) for why, replies in recording("broken.json").items() for reply in replies]


@pytest.fixture
def model(endpoint: RecordedEndpoint, grader: RuleGrader) -> ModelGrader:
    return ModelGrader(endpoint.url, "llama", KEY, grader, timeout_s=0.5)


def verdicts(grade: Grade) -> dict[str, Verdict]:
    return {finding.criterion: finding.verdict for finding in grade.findings}


def test_a_finding_with_an_exact_quote_counts(endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric) -> None:
    endpoint.plays("agreement.json")
    grade = model.grade(rubric, ANSWER)
    found = grade.finding("measure")
    assert found is not None
    assert (found.verdict, found.basis, grade.basis) == ("met", "model", "model")
    assert ANSWER[found.start : found.end] == found.quote == LSOF


def test_a_model_that_agrees_with_the_rules_is_asked_once(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    endpoint.plays("agreement.json")
    grade, by_rule = model.grade(rubric, ANSWER), grader.grade(rubric, ANSWER)
    assert len(endpoint.seen) == 1
    assert verdicts(grade) == verdicts(by_rule)
    assert (grade.score, grade.notes) == (score(rubric, grade.findings), by_rule.notes)


def test_a_model_that_disagrees_is_asked_three_times_and_its_verdict_counts(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    assert verdicts(grader.grade(rubric, ANSWER))["alert"] == "missed", "what the recordings are about"
    endpoint.plays("disagreement.json")
    grade = model.grade(rubric, ANSWER)
    assert len(endpoint.seen) == 3
    assert verdicts(grade)["alert"] == "partly"
    assert grade.notes == ()


def test_each_vote_is_at_temperature_0_and_puts_the_same_question_another_way(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric
) -> None:
    endpoint.plays("disagreement.json")
    model.grade(rubric, ANSWER)
    assert [body["temperature"] for _, _, body in endpoint.seen] == [0, 0, 0]
    sent = [endpoint.sent(call) for call in range(3)]
    assert [tuple(each) for each in sent] == list(LAYOUTS)
    orders = [[each["id"] for each in one["criteria"]] for one in sent]
    assert len({tuple(order) for order in orders}) == 3
    assert all(sorted(order) == sorted(orders[0]) for order in orders)
    assert all({**one, "criteria": []} == {**sent[0], "criteria": []} for one in sent)


def test_the_majority_of_three_counts_criterion_by_criterion(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric
) -> None:
    endpoint.plays("majority.json")
    grade = model.grade(rubric, ANSWER)
    found = grade.finding("alert")
    assert found is not None
    assert (found.verdict, found.quote) == ("partly", "Afterwards I write it up for the team"), "the earliest vote's"
    assert verdicts(grade)["limit"] == "missed", "one vote of three is outvoted"
    assert verdicts(grade)["close-wait"] == "missed"
    assert grade.notes == ()


def test_without_a_majority_the_rules_finding_stays_and_a_note_says_so(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    endpoint.plays("no-majority.json")
    grade = model.grade(rubric, ANSWER)
    assert grade.finding("alert") == grader.grade(rubric, ANSWER).finding("alert")
    assert grade.notes == ("The model's votes have no majority, so the rules' finding stays: alert.",)
    assert grade.basis == "model", "its other findings count"


def test_a_vote_that_cannot_be_read_is_left_out_and_the_other_two_decide(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric
) -> None:
    endpoint.plays("second-vote-unreadable.json")
    grade = model.grade(rubric, ANSWER)
    assert len(endpoint.seen) == 3
    assert verdicts(grade)["alert"] == "partly"
    assert grade.notes == (
        "1 of the model's votes did not count: the model's message was not the JSON that was asked for.",
    )


def test_one_vote_that_disagrees_decides_nothing_where_the_others_do_not_come(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    endpoint.plays("second-vote-too-slow.json")
    grade, by_rule = model.grade(rubric, ANSWER), grader.grade(rubric, ANSWER)
    assert len(endpoint.seen) == 2, "who is too slow once is not waited for again"
    assert (grade.findings, grade.score, grade.basis) == (by_rule.findings, by_rule.score, "rule")
    assert grade.notes[0] == "Not graded by the model: none of its verdicts has a majority."
    assert "did not reply within 0.5 s" in grade.notes[1]


def test_what_the_rules_found_is_kept_beside_the_models_grade(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    endpoint.plays("disagreement.json")
    grade, by_rule = model.grade(rubric, ANSWER), grader.grade(rubric, ANSWER)
    assert grade.offline is not None
    assert (grade.offline.score, grade.offline.rating) == (by_rule.score, by_rule.rating)
    assert grade.offline.verdicts == verdicts(by_rule)
    assert by_rule.offline is None
    assert by_rule.cost is None


def test_calls_seconds_tokens_and_money_are_counted(
    endpoint: RecordedEndpoint, grader: RuleGrader, rubric: Rubric
) -> None:
    endpoint.plays("disagreement.json")
    times = iter([10.0, *[10.0] * 100])
    priced = ModelGrader(endpoint.url, "llama", "", grader, prices=Prices(3.0, 15.0), clock=lambda: next(times))
    cost = priced.grade(rubric, ANSWER).cost
    assert cost is not None
    assert (cost.calls, cost.tokens_in, cost.tokens_out, cost.uncounted) == (3, 2140, 380, 0)
    assert cost.seconds == 0.0, "as the clock that was passed in says"
    assert cost.money == pytest.approx(2140 * 3e-6 + 380 * 15e-6)


def test_the_seconds_are_those_that_the_candidate_waited(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric
) -> None:
    endpoint.plays("second-vote-too-slow.json")
    cost = model.grade(rubric, ANSWER).cost
    assert cost is not None
    assert 0.5 <= cost.seconds < 5
    assert (cost.calls, cost.uncounted, cost.tokens_in) == (2, 1, 702 - 2), "a call that fails is a call"
    assert cost.money is None, "no price is set"


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ("usage-missing.json", (1, 0, 0, 1)),
        ("usage-missing-once.json", (3, 1410, 250, 1)),
    ],
)
def test_an_endpoint_that_counts_no_tokens_is_no_fault(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric, replies: str, expected: tuple[int, ...]
) -> None:
    endpoint.plays(replies)
    grade = model.grade(rubric, ANSWER)
    assert grade.cost is not None
    cost = grade.cost
    assert (cost.calls, cost.tokens_in, cost.tokens_out, cost.uncounted) == expected
    assert grade.basis == "model"


@pytest.mark.parametrize(
    "usage",
    [
        7,
        [],
        {"prompt_tokens": 5},
        {"prompt_tokens": "5", "completion_tokens": 5},
        {"prompt_tokens": -5, "completion_tokens": 5},
        {"prompt_tokens": 1e300, "completion_tokens": 5},
        {"prompt_tokens": 10**30, "completion_tokens": 5},
    ],
)
def test_a_count_that_cannot_be_believed_is_none(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric, usage: Any
) -> None:
    reply = recording("agreement.json")[0]
    endpoint.plays([{**reply, "body": {**reply["body"], "usage": usage}}])
    grade = model.grade(rubric, ANSWER)
    assert grade.cost is not None
    assert (grade.cost.tokens_in, grade.cost.uncounted, grade.basis) == (0, 1, "model")


@pytest.mark.parametrize(
    "finding",
    [
        {"criterion": "error-path", "verdict": "met", "quote": "Afterwards I wrote it up"},
        {"criterion": "error-path", "verdict": "met", "quote": ""},
        {"criterion": "error-path", "verdict": "met", "quote": " "},
        {"criterion": "error-path", "verdict": "met", "quote": "for the"},
        {"criterion": "error-path", "verdict": "met", "quote": "rocess and see"},
        {"criterion": "error-path", "verdict": "met", "quote": "lsof on the proces"},
        {"criterion": "error-path", "verdict": "present", "quote": "I write it up"},
        {"criterion": "restart", "verdict": "met", "quote": "I write it up"},
        {"criterion": "diagnosis", "verdict": "partly", "quote": "I write it up"},
        {"criterion": "unheard-of", "verdict": "met", "quote": "I write it up"},
    ],
)
def test_a_finding_that_cannot_be_believed_leaves_the_rules_finding(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric, finding: dict[str, str]
) -> None:
    endpoint.plays([says(finding, {"criterion": "measure", "verdict": "met", "quote": LSOF})])
    grade, by_rule = model.grade(rubric, ANSWER), grader.grade(rubric, ANSWER)
    assert grade.finding("error-path") == by_rule.finding("error-path")
    assert verdicts(grade) == verdicts(by_rule)
    assert any("1 of the model's findings" in note for note in grade.notes)
    assert any("Judged by the rules, not by the model: close-wait" in note for note in grade.notes)


def test_a_reply_with_two_verdicts_on_one_criterion_says_nothing_about_it(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    both = [{"criterion": "limit", "verdict": each, "quote": "I write it up"} for each in ("met", "partly", "met")]
    endpoint.plays([says(*both, {"criterion": "measure", "verdict": "met", "quote": LSOF})])
    grade = model.grade(rubric, ANSWER)
    assert len(endpoint.seen) == 1
    assert grade.finding("limit") == grader.grade(rubric, ANSWER).finding("limit")


def test_when_no_finding_can_be_believed_the_grade_is_the_rules(
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric
) -> None:
    endpoint.plays("only-wrong-quotes.json")
    grade, by_rule = model.grade(rubric, ANSWER), grader.grade(rubric, ANSWER)
    assert grade.findings == by_rule.findings
    assert (grade.basis, grade.offline) == ("rule", None)
    assert any(note.startswith("Not graded by the model: ") for note in grade.notes)


@pytest.mark.parametrize(("why", "reply"), BROKEN)
def test_a_broken_slow_or_huge_reply_gives_the_rules_grade_and_says_why(  # noqa: PLR0917 - four fixtures and a case
    endpoint: RecordedEndpoint, model: ModelGrader, grader: RuleGrader, rubric: Rubric, why: str, reply: dict[str, Any]
) -> None:
    endpoint.plays([reply])
    grade, by_rule = model.grade(rubric, ANSWER), grader.grade(rubric, ANSWER)
    assert (grade.findings, grade.score, grade.basis) == (by_rule.findings, by_rule.score, "rule")
    assert grade.notes[-1].startswith("Not graded by the model: ")
    assert why in grade.notes[-1]
    assert KEY not in repr(grade)
    assert len(endpoint.seen) == 1
    assert grade.cost is not None
    assert grade.cost.calls == 1


def test_a_refused_connection_is_reported(grader: RuleGrader, rubric: Rubric) -> None:
    model = ModelGrader("http://127.0.0.1:9", "llama", KEY, grader)
    assert "refused the connection" in model.grade(rubric, ANSWER).notes[-1]


@pytest.mark.parametrize("url", ["", "localhost:11434", "ftp://localhost/v1", "http://[::1"])
def test_an_address_that_is_no_url_is_reported(grader: RuleGrader, rubric: Rubric, url: str) -> None:
    assert "Not graded by the model: " in ModelGrader(url, "llama", KEY, grader).grade(rubric, ANSWER).notes[-1]


def test_the_key_goes_into_the_header_and_nowhere_else(
    endpoint: RecordedEndpoint, model: ModelGrader, rubric: Rubric, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.plays("disagreement.json")
    with caplog.at_level(logging.DEBUG):
        grade = model.grade(rubric, ANSWER)
    for path, headers, request in endpoint.seen:
        assert path == "/v1/chat/completions"
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert KEY not in json.dumps(request)
    assert KEY not in caplog.text
    assert KEY not in repr(grade) + repr(model)


@pytest.mark.parametrize("key", ["line\nbreak", "schlüssel\u2019"])
def test_a_key_that_no_header_can_hold_is_reported_without_it(
    endpoint: RecordedEndpoint, grader: RuleGrader, rubric: Rubric, key: str
) -> None:
    note = ModelGrader(endpoint.url, "llama", key, grader).grade(rubric, ANSWER).notes[-1]
    assert note.startswith("Not graded by the model: ")
    assert key not in note
