from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.bank.catalog import Pack, bundled, load_catalog
from sparring.bank.flashcards import flashcard_of, question_id, to_html

ALLOWED = {
    *("p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


@given(
    st.text(st.sampled_from("ab <>&\"'`*_[]()!#|-\n\\/:;=\0") | st.characters(exclude_categories=["Cs"]), max_size=60)
)
def test_no_html_of_the_text_gets_through(text: str) -> None:
    rendered = to_html(text)
    assert "\0" not in rendered
    for tag, attributes in tags(rendered):
        assert tag in ALLOWED
        assert attributes.keys() <= {"href", "title", "class", "start", "style"}


class Tags(HTMLParser):
    """Collects the tags of a text as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(rendered: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(rendered)
    parser.close()
    return parser.found


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "![a](https://example.org/a.png)",
        "<a\nhref=x>",
        '[a](https://example.org "two\nlines")',
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    for tag, attributes in tags(to_html(text)):
        assert tag in ALLOWED
        assert not (attributes.get("href") or "").startswith("javascript")


def test_code_keeps_its_lines_and_its_language() -> None:
    assert to_html("```sql\nSELECT 1\n  < 2;\n```") == (
        '<pre><code class="language-sql">SELECT 1\n  &lt; 2;\n</code></pre>'
    )


def test_every_bundled_question_has_a_card_of_its_own() -> None:
    questions = load_catalog([Pack("bundled", bundled())]).questions.values()
    cards = [flashcard_of(each) for each in questions]
    assert [question_id(card) for card in cards] == [each.id for each in questions]
    for card in cards:
        assert all([card.question, card.answer, card.points, card.title])
        assert all(tag and not any(each.isspace() for each in tag) for tag in card.tags)


def test_a_card_of_somebody_else_is_of_no_question() -> None:
    card = flashcard_of(next(iter(load_catalog([Pack("bundled", bundled())]).questions.values())))
    assert question_id(type(card)(guid="Bq2.x", question="a", answer="b")) is None
