"""This file turns a question into a flashcard: clean HTML for its sides, tags, and an id that stays the same."""

import html
import re
from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt
from msgspec import Struct

from sparring.content import Point, Question

DECK = "Sparring"
MODEL = "Sparring question"
"""The deck and the note type that flashcards have in Anki."""
PREFIX = "sparring-"
"""What begins the guid of a question's flashcard; the question's id follows."""
FIELDS = ("question", "answer", "points", "title")
"""The fields of a flashcard, in the order of their columns; all are HTML."""


class Flashcard(Struct, frozen=True, kw_only=True):
    """One note as Anki knows it; `guid` says which one is meant when it comes again."""

    guid: str
    question: str
    answer: str
    points: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()


def flashcard_of(question: Question) -> Flashcard:
    """Return the flashcard of a question."""
    return Flashcard(
        guid=PREFIX + question.id,
        question=to_html(question.prompt),
        answer=to_html(question.answer),
        points=_list(question.points),
        title=html.escape(question.title, quote=False),
        tags=_tags(question),
    )


def question_id(card: Flashcard) -> str | None:
    """Return the id of the question that a flashcard was made of, or None where it is somebody else's."""
    return card.guid.removeprefix(PREFIX) if card.guid.startswith(PREFIX) else None


def to_html(markdown: str) -> str:
    """Return `markdown` as HTML; HTML inside it is shown, not obeyed, and no picture is fetched from anywhere."""
    rendered: str = _renderer().render(markdown.replace("\0", "\ufffd")).strip()
    return re.sub(r"<[^>]*>", lambda tag: tag[0].replace("\n", " "), rendered)  # a title may span lines


def _list(points: Iterable[Point]) -> str:
    return "<ul>" + "".join(f"<li>{_renderer().renderInline(point.says)}</li>" for point in points) + "</ul>"


def _tags(question: Question) -> tuple[str, ...]:
    found = [f"topic::{question.topic}", f"kind::{question.kind}", f"years::{question.years.from_}"]
    found += ["stack::" + re.sub(r"[^\w.+#-]+", "-", name) for name in question.stacks]
    return tuple(found)


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
