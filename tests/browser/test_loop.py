"""The whole loop in a real browser: import, ask, answer, grade, rate, and see the question come back."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
ANSWER = (
    "The group coordinator misses the heartbeats of the dead member until the session timeout is over. Then it starts "
    "a rebalance and gives the partitions of the dead member to the others. They go on from the last committed offset, "
    "so what was handled and not committed is handled once more."
)


def _import(page: Page, url: str, file: Any) -> None:
    page.goto(f"{url}/import")
    page.get_by_label("HTML, Markdown").set_input_files(file)
    page.keyboard.press("Enter")


def test_a_document_is_imported_and_its_question_answered_graded_rated_and_due_again(
    page: Page, fresh: Any, document: str
) -> None:
    _import(page, fresh.url, {"name": "notes.txt", "mimeType": "text/plain", "buffer": document.encode()})
    expect(page.get_by_role("heading", level=1)).to_have_text("3 questions found")
    assert list((fresh.home / "packs").glob("**/*.md")) == [], "nothing is kept before it was agreed to"
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/bank\?pack=imported"))
    expect(page.locator("#results a.item")).to_have_count(3)
    page.get_by_role("link", name="Kafka consumer group").click()
    expect(page.get_by_text("Its key points were proposed")).to_be_visible()
    page.get_by_label("Your answer").fill(ANSWER)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Nobody wrote key points for this question")).to_be_visible()
    assert page.locator(".said").inner_text() == ANSWER, "the candidate's own words stay as they were"
    evidence = page.locator(".said mark").all_inner_texts()
    assert evidence
    assert all(each in ANSWER for each in evidence)

    page.keyboard.press("3")
    expect(page.locator(".rate")).to_contain_text("Good. It is back")
    page.keyboard.press("u")
    expect(page.locator(".ratings")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".rate")).to_contain_text("Hard. It is back")

    page.goto(f"{fresh.url}/bank?pack=imported")
    expect(page.get_by_role("link", name="Kafka consumer group")).to_contain_text("back ")
    page.goto(f"{fresh.url}/progress")
    expect(page.get_by_role("img", name="1 questions come back in the next 30 days")).to_be_visible()


def test_an_imported_text_and_an_answer_are_shown_and_never_run(page: Page, used: Any) -> None:
    page.goto(f"{used.url}/bank?query=template")
    page.locator("#results a.item", has_text="<script>").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>window.pwned = 1</script>")
    typed = "It is text.\n\n<img src=x onerror='window.pwned=1'></textarea><script>window.pwned=1</script> \"quoted\""
    page.get_by_label("Your answer").fill(typed)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_be_visible()
    assert page.locator(".said").inner_text() == typed
    page.keyboard.press("r")
    expect(page.locator("#reference")).to_contain_text('A link with "quotes" must not run either.')
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.pwned") is None


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the documents beside the repository are not here")
def test_a_real_document_is_imported_and_one_of_its_questions_answered(page: Page, fresh: Any) -> None:
    _import(page, fresh.url, min(SEEDS.glob("000*")))
    expect(page.get_by_role("heading", level=1)).to_have_text("8 questions found")
    page.get_by_role("button", name=re.compile("Keep")).click()
    page.locator("#results a.item").first.click()
    page.get_by_label("Your answer").fill("I would measure first, and then change one thing at a time.")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", name=re.compile("points met"))).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".rate")).to_contain_text("Again. It is")


def _file(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (_file("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "is a picture"),
        (_file("empty.txt", b""), "is empty"),
        (_file("shopping.txt", b"Milk and bread.\nA walk in the park.\n"), "has no question"),
    ],
    ids=["binary", "empty", "no-question"],
)
def test_a_file_that_cannot_be_imported_is_told_and_changes_nothing(
    page: Page, fresh: Any, file: dict[str, Any], told: str
) -> None:
    before = sorted(fresh.home.rglob("*.md"))
    _import(page, fresh.url, file)
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    assert sorted(fresh.home.rglob("*.md")) == before


def test_a_dropped_file_is_read_at_once(page: Page, fresh: Any) -> None:
    page.goto(f"{fresh.url}/import")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["Question 1: What is a mutex?\\nAnswer: A lock that one thread holds."], "a.txt"));
          document.getElementById("import").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }"""
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("1 questions found")


def test_importing_the_same_file_again_adds_nothing(page: Page, used: Any, document: str) -> None:
    before = {each: each.read_bytes() for each in (used.home / "packs").rglob("*.md")}
    assert len(before) == 3
    _import(page, used.url, _file("notes.txt", document.encode()))
    expect(page.get_by_text("imported before")).to_have_count(3 + 1)
    expect(page.get_by_role("button", name=re.compile("Keep"))).to_have_count(0)
    assert {each: each.read_bytes() for each in (used.home / "packs").rglob("*.md")} == before
