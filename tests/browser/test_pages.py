"""What holds of every page: accessible in light and dark, no sideways scroll, no layout jumps, quiet, and private."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PATHS = ("/", "/bank", "/bank?query=nothing-like-this", "/import", "/progress", "/settings", "/questions/idempotency")
GONE = "/answers/there-is-none"


def _paths(used: Any, answer_path: str) -> list[str]:
    practice = used.open()
    draft = next(each.id for each in practice.catalog.questions.values() if each.draft)
    practice.store.close()
    return [*PATHS, f"/questions/{draft}", answer_path, GONE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Callable[..., Page], used: Any, answer_path: str, scheme: str) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": 1280, "height": 800})
    found: dict[tuple[str, str], list[str]] = {}
    for path in _paths(used, answer_path):
        page.goto(used.url + path)
        violations = Axe().run(page).response["violations"]
        found |= {(path, each["id"]): [node["html"][:200] for node in each["nodes"]] for each in violations}
    assert found == {}


def test_axe_finds_nothing_on_a_phone_with_everything_open(
    open_page: Callable[..., Page], used: Any, answer_path: str
) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    page.goto(used.url + answer_path)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert Axe().run(page).response["violations"] == []


def test_no_page_scrolls_sideways_on_a_phone(open_page: Callable[..., Page], used: Any, answer_path: str) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    for path in _paths(used, answer_path):
        page.goto(used.url + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, path


def test_what_is_pressed_on_a_phone_is_large_enough_for_a_thumb(
    open_page: Callable[..., Page], used: Any, answer_path: str
) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    for path in _paths(used, answer_path):
        page.goto(used.url + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .button, select, input:not([type=checkbox])")]
              .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 36)
              .map((each) => each.outerHTML.slice(0, 120))"""
        )
        assert small == [], path


WATCH_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def test_no_page_jumps_while_it_loads(open_page: Callable[..., Page], used: Any, answer_path: str) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH_SHIFTS)
    for path in _paths(used, answer_path):
        page.goto(used.url + path, wait_until="networkidle")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("window.shifts") < 0.02, path


def test_nothing_moves_where_less_motion_is_asked_for(
    open_page: Callable[..., Page], used: Any, answer_path: str
) -> None:
    durations = "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each).transitionDuration)"
    still = open_page(reduced_motion="reduce")
    still.goto(used.url + answer_path)
    assert set(still.evaluate(durations)) == {"0s"}
    moving = open_page(reduced_motion="no-preference")
    moving.goto(used.url + answer_path)
    assert max(float(each.rstrip("s")) for each in moving.evaluate(durations)) <= 0.2


def test_a_printed_answer_has_the_words_and_the_points_and_no_buttons(page: Page, used: Any, answer_path: str) -> None:
    page.goto(used.url + answer_path)
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator(".said")).to_be_visible()
    expect(page.locator(".points")).to_be_visible()
    expect(page.locator("button:visible, nav:visible, textarea:visible")).to_have_count(0)


def test_every_page_is_quiet_and_asks_no_other_machine(page: Page, used: Any, answer_path: str) -> None:
    """The fixture behind `page` fails on any console error, CSP violation, exception or foreign host."""
    for path in _paths(used, answer_path):
        page.goto(used.url + path, wait_until="networkidle")
        expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("path", [GONE, "/questions/there-is-none", "/import/there-is-none", "/no/such/page"])
def test_an_address_that_leads_nowhere_says_so_on_a_page(page: Page, used: Any, path: str) -> None:
    answer = page.goto(used.url + path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Not here")
    page.keyboard.press("Enter")
    page.wait_for_url(used.url + "/")


def test_empty_pages_teach_and_offer_one_thing_to_do(page: Page, fresh: Any) -> None:
    page.goto(fresh.url)
    expect(page.get_by_role("link", name=re.compile("^Start: 4"))).to_be_visible()
    expect(page.get_by_text("After your first answers this names")).to_be_visible()
    page.goto(f"{fresh.url}/progress")
    expect(page.get_by_text("Nothing is scheduled yet.")).to_be_visible()
    page.get_by_role("link", name="Answer a question").click()
    expect(page.get_by_label("Your answer")).to_be_visible()
    page.goto(f"{fresh.url}/bank?query=zzzz")
    page.get_by_role("link", name="Show all").click()
    page.wait_for_url(f"{fresh.url}/bank")


def test_search_as_you_type_and_filters_narrow_the_list(page: Page, used: Any) -> None:
    page.goto(f"{used.url}/bank")
    items = page.locator("#results a.item")
    everything = items.count()
    page.get_by_role("searchbox").press_sequentially("deadlock")
    expect(items.first).to_contain_text("Deadlocks")
    page.get_by_role("searchbox").fill("")
    expect(items).to_have_count(everything)
    page.get_by_label("All kinds").select_option("story")
    expect(page).to_have_url(re.compile("kind=story"))
    expect(items).to_have_count(2)
    page.reload()
    expect(items).to_have_count(2)
    page.get_by_label("All kinds").select_option("")
    page.get_by_label("Any last grade").select_option("none")
    expect(page).to_have_url(re.compile("grade=none"))
    expect(items).to_have_count(everything - 12)
    page.get_by_label("All packs").select_option("imported")
    expect(items).to_have_count(3)


def test_settings_that_do_not_fit_are_marked_and_nothing_typed_is_lost(page: Page, fresh: Any) -> None:
    page.goto(f"{fresh.url}/settings")
    page.evaluate("document.querySelector('form.stack').noValidate = true")
    page.get_by_label("Minutes a day").fill("3")
    page.get_by_label("Your years").fill("2.5")
    page.get_by_label("Model", exact=True).fill("a-model")
    page.get_by_label("Folders of questions").fill("/nowhere/at/all")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    for label, typed in [("Minutes a day", "3"), ("Your years", "2.5")]:
        field = page.get_by_label(label)
        expect(field).to_have_value(typed)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{field.get_attribute('aria-describedby')}")).to_be_visible()
    expect(page.get_by_label("Model", exact=True)).to_have_value("a-model")
    expect(page.get_by_label("Folders of questions")).to_have_value("/nowhere/at/all")
    page.get_by_label("Minutes a day").fill("25")
    page.get_by_label("Your years").fill("5")
    page.get_by_label("Folders of questions").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Minutes a day")).to_have_value("25")


def test_everything_is_exported_and_restored_on_the_settings_page(page: Page, used: Any) -> None:
    page.goto(f"{used.url}/settings")
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything, JSON").click()
    assert re.fullmatch(r"sparring-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    page.get_by_label("Restore from").set_input_files(download.value.path())
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("0 question files were added")).to_be_visible()
    page.get_by_label("Restore from").set_input_files({"name": "a.json", "mimeType": "", "buffer": b"not JSON"})
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("is no JSON")).to_be_visible()
