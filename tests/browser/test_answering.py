"""What a candidate may count on: nothing typed is lost, nothing counts twice, and the grade can be corrected."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sparring.bank.catalog import bundled
from sparring.content import Question, read_question

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def breaker() -> Question:
    """A bundled question, with calibration answers of every band."""
    return read_question(next(Path(bundled()).rglob("circuit-breaker.md")))


def _said(question: Question, band: str) -> str:
    return next(each.text for each in question.calibration if each.band == band)


def _hand_in(page: Page, url: str, name: str, text: str) -> None:
    page.goto(f"{url}/questions/{name}")
    page.get_by_label("Your answer").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".rate")).to_be_visible()


def _answers(server: Any, name: str) -> list[Any]:
    practice = server.open()
    found = practice.store.answers(question=name, limit=50)
    practice.store.close()
    return list(found)


def test_a_draft_outlives_a_reload_and_a_server_that_is_killed(page: Page, fresh: Any) -> None:
    page.goto(f"{fresh.url}/questions/deadlocks")
    box = page.get_by_label("Your answer")
    box.press_sequentially("Two transactions wait")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    fresh.kill()
    box.press_sequentially(" for each other.")
    expect(page.get_by_role("status").first).to_contain_text("Your text is still in the box")
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("Two transactions wait for each other.")

    fresh.start()
    box.press_sequentially(" One dies.")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    page.reload()
    expect(box).to_have_value("Two transactions wait for each other. One dies.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_have_text("Two transactions wait for each other. One dies.")
    page.goto(f"{fresh.url}/questions/deadlocks")
    expect(box).to_have_value("")


def test_the_lines_of_an_answer_come_back_as_they_were_typed(page: Page, fresh: Any) -> None:
    text = "First I look at the plan.\n\n    EXPLAIN ANALYZE\n\nThen I add the index."
    _hand_in(page, fresh.url, "indexes", text)
    assert [each.text for each in _answers(fresh, "indexes")] == [text]


def test_pressing_twice_makes_one_answer(page: Page, fresh: Any) -> None:
    page.goto(f"{fresh.url}/questions/slow-query")
    page.get_by_label("Your answer").fill("I look at the plan before I change anything.")
    page.get_by_role("button", name="Hand it in").dblclick(no_wait_after=True)
    expect(page.locator(".ratings")).to_be_visible()
    assert len(_answers(fresh, "slow-query")) == 1


def test_going_back_after_rating_does_no_harm(page: Page, fresh: Any) -> None:
    _hand_in(page, fresh.url, "pagination", "Keyset pagination, since offsets get slow.")
    page.keyboard.press("2")
    expect(page.locator(".rate")).to_contain_text("Hard.")
    page.go_back()
    page.go_forward()
    page.go_back()
    if page.locator(".ratings").count():  # the browser kept the page as it was before the rating
        page.keyboard.press("3")
        expect(page.get_by_role("heading", name="That does not fit")).to_be_visible()
    practice = fresh.open()
    assert [each.rating for each in practice.store.reviews() if each.question == "pagination"] == [2]
    practice.store.close()


def test_giving_up_keeps_what_was_typed_and_opens_the_reference(page: Page, fresh: Any) -> None:
    page.goto(f"{fresh.url}/questions/sql-injection")
    page.get_by_label("Your answer").fill("Something with quotes, I think.")
    page.get_by_role("button", name="I don't know, show me").click()
    expect(page.locator("#reference")).to_be_visible()
    expect(page.locator(".said")).to_have_text("Something with quotes, I think.")


def test_a_follow_up_is_asked_only_where_its_condition_holds_and_can_be_answered(
    page: Page, fresh: Any, breaker: Question
) -> None:
    hangs = next(each for each in breaker.follow_ups if each.when == "missed timeout-first")
    asked = page.get_by_text(hangs.ask[:40])
    _hand_in(page, fresh.url, breaker.id, _said(breaker, "strong"))
    expect(page.locator("#c-timeout-first")).not_to_contain_text("Missed")
    expect(asked).to_have_count(0)

    _hand_in(page, fresh.url, breaker.id, _said(breaker, "off"))
    expect(page.locator("#c-timeout-first")).to_contain_text("Missed")
    expect(asked).to_be_visible()
    box = page.locator(f"#follow-{hangs.id} textarea")
    box.fill("A call that hangs holds its thread; without a time-out nothing is ever counted as failed.")
    box.press("Control+Enter")
    expect(page.get_by_role("link", name="Back to the question")).to_be_visible()
    expect(page.locator(".ratings")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator(f"#follow-{hangs.id}")).to_contain_text("Answered:")
    expect(page.locator(".ratings")).to_be_visible()


def test_a_finding_can_be_corrected_and_is_shown_as_the_candidates_own(
    page: Page, fresh: Any, breaker: Question
) -> None:
    _hand_in(page, fresh.url, breaker.id, _said(breaker, "off"))
    point = page.locator("#c-timeout-first")
    point.get_by_text("Not so?").click()
    point.get_by_role("button", name="I said it").click()
    expect(point).to_contain_text("your own verdict")
    expect(point).to_contain_text("Met")
    page.reload()
    expect(point).to_contain_text("your own verdict")
    newest = _answers(fresh, breaker.id)[0]
    practice = fresh.open()
    kept = practice.store.grade(newest.id).grade.finding("timeout-first").verdict
    practice.store.close()
    assert kept == "missed", "the grader's own finding stays in the log"


def test_a_phrase_and_its_point_light_up_together(page: Page, fresh: Any, breaker: Question) -> None:
    _hand_in(page, fresh.url, breaker.id, _said(breaker, "strong"))
    mark = page.locator(".said mark").first
    criterion = str(mark.get_attribute("data-criteria")).split()[0]
    mark.hover()
    expect(page.locator(f"#c-{criterion}")).to_have_class(re.compile(r"\bon\b"))
    page.locator(f"#c-{criterion}").focus()
    expect(mark).to_have_class(re.compile(r"\bon\b"))
    mark.press("Enter")
    expect(page.locator(f"#c-{criterion}")).to_be_focused()


def test_a_question_set_aside_leaves_the_plan_until_it_is_taken_back(page: Page, fresh: Any) -> None:
    page.goto(fresh.url)
    first = page.locator("ol.list a.item").first
    wanted = str(first.get_attribute("href"))
    first.click()
    page.get_by_role("button", name="Set this question aside").click()
    page.wait_for_url(fresh.url + "/")
    expect(page.locator(f"ol.list a.item[href='{wanted}']")).to_have_count(0)
    page.goto(f"{fresh.url}/bank")
    expect(page.locator(f"a.item[href='{wanted}']")).to_contain_text("set aside")
    page.goto(fresh.url + wanted)
    page.get_by_role("button", name="Take this question back").click()
    expect(page.get_by_role("button", name="Set this question aside")).to_be_visible()


def test_without_scripts_a_question_is_answered_and_rated_by_forms(open_page: Callable[..., Page], fresh: Any) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{fresh.url}/next")
    page.get_by_label("Your answer").fill("I would measure before I change anything.\nThen I change one thing.")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator(".said")).to_contain_text("Then I change one thing.")
    page.get_by_role("button", name=re.compile("^Good")).click()
    expect(page.locator(".rate")).to_contain_text("Good. It is back")
    page.get_by_role("link", name="Next question").click()
    expect(page.get_by_label("Your answer")).to_be_visible()


FAKE_RECOGNITION = """
class Fake extends EventTarget {
  start() { window.recognition = this; }
  stop() { this.dispatchEvent(new Event("end")); }
  hear(...texts) { this.say("result", { results: texts.map((transcript) => [{ transcript }]) }); }
  say(name, fields) { this.dispatchEvent(Object.assign(new Event(name), fields)); }
}
window.SpeechRecognition = Fake;
"""


@pytest.fixture
def speaking(page: Page, fresh: Any) -> Page:
    """The page of a question in a browser that understands speech."""
    page.add_init_script(FAKE_RECOGNITION)
    page.goto(f"{fresh.url}/questions/jwt-auth")
    return page


def test_a_dictated_answer_can_be_edited_before_it_is_handed_in(speaking: Page, fresh: Any) -> None:
    box = speaking.get_by_label("Your answer")
    box.fill("Typed first.")
    speaking.get_by_role("button", name="Speak").click()
    expect(speaking.get_by_role("status").first).to_contain_text("Listening")
    speaking.evaluate("recognition.hear('a token is', 'signed not encripted')")
    expect(box).to_have_value("Typed first. a token is signed not encripted")
    speaking.get_by_role("button", name="Stop speaking").click()
    box.fill("Typed first. A token is signed, not encrypted.")
    speaking.get_by_role("button", name="Hand it in").click()
    expect(speaking.locator(".said")).to_have_text("Typed first. A token is signed, not encrypted.")
    assert [each.via for each in _answers(fresh, "jwt-auth")] == ["spoken"]


def test_dictation_that_fails_says_so_and_keeps_what_was_heard(speaking: Page) -> None:
    speaking.get_by_role("button", name="Speak").click()
    speaking.evaluate("recognition.hear('half an answer')")
    speaking.evaluate("recognition.say('error', { error: 'network' })")
    expect(speaking.get_by_role("status").first).to_contain_text("Dictation stopped: network")
    expect(speaking.get_by_label("Your answer")).to_have_value("half an answer")


def test_where_the_browser_offers_no_dictation_there_is_no_button(page: Page, fresh: Any) -> None:
    page.add_init_script("delete window.webkitSpeechRecognition; delete window.SpeechRecognition;")
    page.goto(f"{fresh.url}/questions/jwt-auth")
    expect(page.get_by_role("button", name="Hand it in")).to_be_visible()
    expect(page.get_by_role("button", name="Speak")).to_have_count(0)
    expect(page.get_by_text("Dictation is your browser's")).to_be_hidden()
