"""This file turns Markdown into the outline of a document."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sparring.bank.importers.from_html import lines_of_html
from sparring.bank.importers.outline import BOLD, Line

if TYPE_CHECKING:
    from markdown_it.token import Token

BOLD_LINE = re.compile(r"^(?:\*\*|__)(?=\S)(?P<text>(?:(?!\*\*|__).)+)(?:\*\*|__)(?P<rest>.*)$")
LINK_ONLY = re.compile(r"^(?:[-*+]|\d+[.)])?\s*\[[^\]]*\]\(#[^)]*\)\s*$")


def lines_of_markdown(text: str) -> list[Line]:
    """Return the outline of Markdown `text`; inline marks stay, for an answer is shown as Markdown again."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"maxNesting": 30}).disable(["reference", "inline", "text_join"])
    pages = _Pages()
    for token in reader.parse(text):
        pages.read(token)
    return pages.lines


class _Pages:
    """What was read of a Markdown text so far, and the lists and headings that are open."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._lists: list[int | None] = []
        self._marker = ""
        self._level = 0

    def read(self, token: "Token") -> None:
        kind = token.type
        first = (token.map[0] if token.map else 0) + 1
        if kind == "heading_open":
            self._level = int(token.tag[1])
        elif kind == "heading_close":
            self._level = 0
        elif kind in {"bullet_list_open", "ordered_list_open"}:
            self._lists.append(int(token.attrGet("start") or 1) if kind.startswith("ordered") else None)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif kind == "list_item_open":
            self._marker = f"{token.info}{token.markup} " if token.info else "- "
        elif kind == "inline":
            self._inline(token.content, first)
        elif kind in {"fence", "code_block"}:
            self._code(token, first)
        elif kind == "html_block":
            self.lines.extend(lines_of_html(token.content, first))
        if kind in {"paragraph_close", "heading_close", "bullet_list_close", "ordered_list_close"}:
            self._space(first)

    def _space(self, number: int) -> None:
        if self.lines and not self.lines[-1].blank and not self._lists:
            self.lines.append(Line("", max(number, self.lines[-1].number)))

    def _inline(self, content: str, first: int) -> None:
        for offset, raw in enumerate(content.split("\n")):
            text, self._marker = self._marker + raw.strip(), ""
            if LINK_ONLY.match(text) and self._lists:
                continue
            self.lines.extend(self._standing_out(text, first + offset))

    def _standing_out(self, text: str, number: int) -> Sequence[Line]:
        """Return the line, as a heading of its own what is bold and either all of the line or a question."""
        depth = len(self._lists)
        marker = re.match(r"(?:\d+[.)]|-)?\s*", text)
        start = marker.end() if marker else 0
        bold = BOLD_LINE.match(text[start:])
        if self._level or not bold or text.startswith("-"):
            return [Line(text, number, self._level, depth)]
        question, rest = bold["text"].strip(), bold["rest"].strip()
        if not rest:
            return [Line(text[:start] + question, number, BOLD, depth)]
        if question.endswith("?"):
            return [Line(text[:start] + question, number, BOLD, depth), Line(rest, number, 0, depth)]
        return [Line(text, number, 0, depth)]

    def _code(self, token: "Token", first: int) -> None:
        fenced = token.type == "fence"
        language = token.info.split()[0] if fenced and token.info.strip() else ""
        for offset, raw in enumerate(token.content.rstrip("\n").split("\n")):
            self.lines.append(Line(raw, first + fenced + offset, code=language))
        self._space(first)
