"""The page of an answer shows the model's grade and the rules' own beside each other, and what asking took."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from lxml import html  # type: ignore[import-untyped]
from msgspec.structs import replace
from tests.recorded import RecordedEndpoint

from sparring.grading.calibration import apply, fit
from sparring.grading.grade import Cost
from sparring.practice import Practice
from sparring.server.comparison import compared, cost_words
from sparring.server.views import band
from sparring.settings import Preferences

Client = TestClient[Litestar]
BUTTON = "Disable the pay button after the first click, then it cannot happen twice."
ANSWER = (
    "An idempotent request has the same effect however often it is sent. The client makes an idempotency key for the "
    "payment and sends it again with every retry. The server keeps the key with the result in one transaction under a "
    "unique constraint, and gives the stored response back when the key comes again, so the customer is charged "
    f"once. {BUTTON}"
)


@pytest.fixture
def page(client: Client, practice: Practice, endpoint: RecordedEndpoint) -> Any:
    """The page of an answer on which the model and the rules differ."""
    return html.fromstring(client.get(_answered(practice, endpoint)).raise_for_status().text)


def _answered(practice: Practice, endpoint: RecordedEndpoint) -> str:
    by_rule = practice.judge("idempotency", ANSWER)
    found = {each.criterion: each.verdict for each in by_rule.findings}
    assert (found["methods"], found["guess-duplicates"], found["button"]) == ("missed", "missed", "present"), "premise"
    practice.set_preferences(
        Preferences(model_url=endpoint.url, model_name="llama", model_price_in=0.5, model_price_out=1.5)
    )
    endpoint.plays("idempotency.json")
    return f"/answers/{practice.submit('idempotency', ANSWER).id}"


def _found(page: Any, classes: str, criterion: str = "") -> list[Any]:
    within = f"//*[@id='c-{criterion}']" if criterion else ""
    return list(page.xpath(f"{within}//*[contains(concat(' ', @class, ' '), ' {classes} ')]"))


def _text(page: Any, classes: str, criterion: str = "") -> str:
    """Return the words of what has this class, on the whole page or in the place of a criterion."""
    return re.sub(r"\s+", " ", " ".join(each.text_content() for each in _found(page, classes, criterion))).strip()


def test_where_they_differ_the_rules_verdict_stands_beside_the_models(page: Any) -> None:
    assert "Partly" in _text(page, "verdict", "methods")
    assert _text(page, "other", "methods") == "Rules: missed"
    assert _found(page, "other", "methods")[0].xpath("svg"), "a mark and a word, not colour alone"


def test_what_corrections_shift_is_left_out_of_the_comparison(practice: Practice, endpoint: RecordedEndpoint) -> None:
    result = practice.result(_answered(practice, endpoint).rsplit("/", 1)[-1])
    row = result.graded
    shifted = apply(fit([(row.grade.score, 0.0)] * 60), row.grade)
    assert band(shifted) != band(row.grade)
    assert compared(replace(result, graded=replace(row, grade=shifted))) == compared(result)


def test_where_they_agree_nothing_is_added(page: Any) -> None:
    assert _found(page, "verdict", "same-effect")
    assert not _found(page, "other", "same-effect")


def test_a_red_flag_of_only_one_of_them_is_shown_with_what_the_other_says(page: Any) -> None:
    assert _text(page, "other", "guess-duplicates") == "Rules: no red flag"
    assert _text(page, "other", "button") == "Rules: red flag"
    assert "it does not count" in _text(page, "soft", "button")


def test_both_bands_are_named_in_a_plain_sentence(page: Any, practice: Practice) -> None:
    answer = practice.store.answers(question="idempotency", limit=1)[0]
    kept = practice.store.grade(answer.id)
    assert kept is not None
    assert kept.grade.offline is not None
    model, rules = band(kept.grade), band(kept.grade.offline)
    assert [each.text for each in _found(page, "sides")[0].xpath("dd")] == [model, rules]
    apart = len(_found(page, "other"))
    said = {
        True: f"Model and rules both say “{model}”. They differ on {apart} of 11 criteria",
        False: f"The model says “{model}”, the rules “{rules}”. They differ on {apart} of 11 criteria",
    }
    assert said[model == rules] in _text(page, "summary")


def test_what_asking_took_is_shown(page: Any) -> None:
    assert re.search(
        r"Asking the model: 3 calls, 2,140 tokens in, 380 out, \d+\.\d s, 0\.0016 at your prices\.",
        _text(page, "summary"),
    )


def test_an_own_verdict_leaves_both_graders_words_on_the_page(
    client: Client, practice: Practice, endpoint: RecordedEndpoint
) -> None:
    path = _answered(practice, endpoint)
    client.get(path).raise_for_status()
    client.post(f"{path}/overrides", data={"criterion": "methods", "verdict": "met"}).raise_for_status()
    page = html.fromstring(client.get(path).text)
    assert _text(page, "other", "methods") == "Rules: missed · model: partly"
    assert len(endpoint.seen) == 3, "a kept grade is not asked for again"


def test_without_a_model_nothing_is_compared(client: Client, practice: Practice) -> None:
    answer = practice.submit("idempotency", ANSWER)
    page = html.fromstring(client.get(f"/answers/{answer.id}").text)
    assert not _found(page, "other")
    assert not _found(page, "sides")
    assert "Asking the model" not in page.text_content()


def test_the_api_gives_the_comparison_and_the_cost_as_data(
    client: Client, practice: Practice, endpoint: RecordedEndpoint
) -> None:
    path = _answered(practice, endpoint)
    grade = client.get(f"/api/v1{path}").raise_for_status().json()["grade"]
    assert grade["offline"]["verdicts"]["methods"] == "missed"
    assert (grade["cost"]["calls"], grade["cost"]["tokens_in"], grade["cost"]["tokens_out"]) == (3, 2140, 380)
    assert grade["cost"]["money"] == pytest.approx(0.00164)


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (Cost(calls=1, seconds=0.04, tokens_in=12, tokens_out=3), "1 call, 12 tokens in, 3 out, 0.0 s"),
        (Cost(calls=1, seconds=2, uncounted=1, money=0.0), "1 call, 2.0 s; the endpoint did not count tokens"),
        (
            Cost(calls=3, seconds=4.2, tokens_in=9, tokens_out=2, uncounted=1, money=0.00001),
            "3 calls, 9 tokens in, 2 out, 4.2 s, less than 0.0001 at your prices; the tokens of 1 were not counted",
        ),
        (
            Cost(calls=3, seconds=61, tokens_in=2_000_000, tokens_out=0, money=1234.5),
            "3 calls, 2,000,000 tokens in, 0 out, 61.0 s, 1,234.50 at your prices",
        ),
    ],
)
def test_the_cost_is_said_in_words(cost: Cost, words: str) -> None:
    assert cost_words(cost) == words
    assert cost_words(None) == ""
