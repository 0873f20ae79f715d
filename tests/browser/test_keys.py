"""Everything by keyboard: every key that is printed works, and no key fires while somebody types."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


FOCUSED = """() => {
  const focused = document.activeElement;
  return [focused.id || focused.tagName, getComputedStyle(focused).outlineStyle];
}"""


def test_a_question_is_practised_without_a_mouse(page: Page, used: Any) -> None:
    page.goto(used.url)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/questions/"))
    first = page.url
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("I would say g b 1 2 3 4 u r f j k / ? and mean every letter.")
    assert page.url == first, "no key fires while typing in a box"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ratings")).to_be_visible()
    page.keyboard.press("4")
    expect(page.locator(".rate")).to_contain_text("Easy. It is back")
    page.keyboard.press("u")
    expect(page.locator(".ratings")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".rate")).to_contain_text("Again. It is")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/questions/"))
    assert page.url != first


def test_space_presses_the_main_button_and_takes_the_suggested_rating(page: Page, used: Any) -> None:
    page.goto(used.url)
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("/questions/"))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="I don't know, show me").click()
    expect(page.locator(".ratings .primary")).to_contain_text("Again")
    expect(page.locator("#reference")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator(".rate")).to_contain_text("Again. It is")


@pytest.mark.parametrize(
    ("letter", "path"), [("b", "/bank"), ("i", "/import"), ("p", "/progress"), ("s", "/settings"), ("t", "/")]
)
def test_g_and_a_letter_go_to_a_page(page: Page, used: Any, letter: str, path: str) -> None:
    page.goto(f"{used.url}/progress" if path != "/progress" else used.url)
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(used.url + path)
    expect(page.locator(".tab[aria-current]")).to_have_attribute("href", path)


def test_the_slash_leads_to_the_search_box_and_back_into_it(page: Page, used: Any) -> None:
    page.goto(used.url)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("idempot")
    first = page.locator("#results a.item").first
    expect(first).to_contain_text("Idempotent requests")
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("idempot")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_j_and_k_walk_a_list_and_enter_opens_what_is_under_the_focus(page: Page, used: Any) -> None:
    page.goto(f"{used.url}/bank")
    items = page.locator("#results a.item")
    page.keyboard.press("Escape")
    for key, index in [("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)]:
        page.keyboard.press(key)
        expect(items.nth(index)).to_be_focused()
    wanted = items.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(used.url + str(wanted))


def test_the_list_of_keys_opens_with_a_question_mark_and_closes_with_escape(page: Page, used: Any) -> None:
    page.goto(used.url)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    assert page.url == used.url + "/", "no key of the page fires while the list is open"


def test_r_shows_the_reference_answer_and_f_goes_to_the_follow_up(page: Page, used: Any) -> None:
    page.goto(f"{used.url}/questions/circuit-breaker")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator(".ratings")).to_be_visible()
    expect(page.locator("#reference")).to_be_visible()  # nothing was said, so it is open already
    page.keyboard.press("r")
    expect(page.locator("#reference")).to_be_hidden()
    page.keyboard.press("r")
    expect(page.locator("#reference")).to_be_in_viewport()
    page.keyboard.press("f")
    expect(page.locator("textarea").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".points > li").first).to_be_focused()


def test_every_key_that_is_printed_on_a_button_presses_that_button(page: Page, used: Any, answer_path: str) -> None:
    for path in ("/", "/bank", "/import", "/progress", "/settings", "/questions/idempotency", answer_path):
        page.goto(used.url + path)
        printed = page.evaluate(
            """() => [...document.querySelectorAll("a:has(kbd), button:has(kbd), summary:has(kbd)")]
              .filter((each) => each.checkVisibility() && !each.querySelector("kbd + kbd"))
              .map((each) => [each.querySelector("kbd").textContent, each.dataset.key ?? ""])"""
        )
        known = [(key, keys) for key, keys in printed if key not in {"Ctrl", "Esc"}]
        assert all(key in keys.split(" ") for key, keys in known), (path, known)


def test_the_focus_is_always_seen(page: Page, used: Any, answer_path: str) -> None:
    for path in ("/", "/bank", "/settings", answer_path):
        page.goto(used.url + path)
        seen = set()
        for _ in range(25):
            page.keyboard.press("Tab")
            name, outline = page.evaluate(FOCUSED)
            seen.add(name)
            assert outline != "none" or name == "BODY", (path, name)
        assert len(seen) > 1
