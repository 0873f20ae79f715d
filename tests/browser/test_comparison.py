"""A model's grade and the rules' own, set up in the settings and compared on the page of the answer."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.recorded import RecordedEndpoint

pytestmark = pytest.mark.browser

ANSWER = (
    "An idempotent request has the same effect however often it is sent. The client makes an idempotency key for the "
    "payment and sends it again with every retry. The server keeps the key with the result in one transaction under a "
    "unique constraint, and gives the stored response back when the key comes again, so the customer is charged once. "
    "Disable the pay button after the first click, then it cannot happen twice."
)


def _graded(page: Page, url: str, endpoint: RecordedEndpoint) -> None:
    endpoint.plays("idempotency.json")
    page.goto(f"{url}/settings")
    page.get_by_label("Address of an OpenAI-compatible endpoint").fill(endpoint.url)
    page.get_by_label("Price of a million tokens sent").fill("0.5")
    page.get_by_label("Price of a million tokens received").fill("1.5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{url}/questions/idempotency")
    expect(page.get_by_text("is sent to")).to_contain_text(endpoint.url)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator(".sides")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_grades_are_compared_on_a_phone(
    open_page: Callable[..., Page], fresh: Any, endpoint: RecordedEndpoint, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    _graded(page, fresh.url, endpoint)
    expect(page.locator(".summary")).to_contain_text("They differ on")
    expect(page.locator(".summary")).to_contain_text("3 calls, 2,140 tokens in, 380 out")
    expect(page.locator("#c-methods .other")).to_have_text("Rules: missed")
    expect(page.locator("#c-button")).to_contain_text("Rules: red flag")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate("for (const each of document.querySelectorAll('.points details, .notice details')) each.open = true")
    assert Axe().run(page).response["violations"] == []
