"""This file turns an HTML page into the outline of a document."""

import re
from collections.abc import Iterator
from typing import Any

from sparring.bank.importers.outline import BOLD, Line

LEFT_OUT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "footer",
        "form",
        "iframe",
        "svg",
        "canvas",
        "select",
        "textarea",
        "input",
        "object",
        "head",
        "dialog",
        "menu",
    ]
)
LEFT_OUT_NAMES = re.compile(
    r"(?:^|[\s_-])(?:newsletter|subscribe|subscription|advert\w*|ads?|sponsor\w*|promo\w*|banner|cookies?"
    r"|breadcrumbs?|sidebar|social"
    r"|share|sharing|related|recommended|toc|table-of-contents|comments?|popup|modal|cta|author-bio"
    r"|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
HEADINGS = {
    "h1": 1,
    "h2": 2,
    "h3": 3,
    "h4": 4,
    "h5": 5,
    "h6": 6,
    "summary": BOLD,
    "dt": BOLD,
    "legend": BOLD,
    "caption": BOLD,
}
BLOCKS = frozenset(
    [
        "html",
        "body",
        "main",
        "article",
        "section",
        "header",
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tr",
        "pre",
        "blockquote",
        "details",
        "summary",
        "figure",
        "figcaption",
        "address",
        "hgroup",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "br",
        "legend",
        "caption",
        "fieldset",
        "button",
    ]
)
SPACED = frozenset(
    [
        "p",
        "ul",
        "ol",
        "dl",
        "table",
        "pre",
        "blockquote",
        "details",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "section",
        "article",
    ]
)
MARKER_ONLY = re.compile(r"\s*(?:\d+\. |- )?\s*$")
SPACE = re.compile(r"\s+")


def lines_of_html(markup: str, first: int = 1) -> list[Line]:
    """Return the outline of an HTML page or fragment whose first line has the number `first`.

    Left out are navigation, asides, footers, forms and whatever its class or id calls an advert, a newsletter, a table
    of contents and the like.
    """
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, no_network=True, huge_tree=True)
    root = etree.fromstring(markup.encode("utf-8", errors="ignore") or b" ", parser)
    if root is None:
        return []
    page = _Page(first)
    walker = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walker:
        if event == "comment":
            page.write(element.tail)
        elif event == "start" and _left_out(element):
            walker.skip_subtree()
        elif event == "start":
            page.open(element)
        else:
            page.close(element)
    page.flush()
    return page.lines


def _left_out(element: Any) -> bool:
    tag = element.tag
    if tag in LEFT_OUT or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if tag in {"html", "body", "main", "article"}:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if LEFT_OUT_NAMES.search(names) or element.get("role") in {"navigation", "complementary", "banner", "contentinfo"}:
        return True
    return tag == "button" and not "".join(element.itertext()).strip().endswith("?")


class _Page:
    """What was read of a page so far: whole lines, and the one that is being written."""

    def __init__(self, first: int) -> None:
        self.lines: list[Line] = []
        self._first = first
        self._parts: list[str] = []
        self._number = first
        self._levels: list[int] = []
        self._lists: list[int | None] = []
        self._code: list[str] = []
        self._bold = False
        self._only_link = False

    def open(self, element: Any) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self.flush()
            self._number = self._first - 1 + (element.sourceline or 1)
        if tag in HEADINGS:
            self._levels.append(HEADINGS[tag])
        elif tag in {"ul", "ol"}:
            self._lists.append(_start(element) if tag == "ol" else None)
        elif tag == "li":
            self._parts.append(self._marker(element))
        elif tag == "pre":
            self._code.append(_language(element))
        elif tag in {"td", "th"} and element.getprevious() is not None:
            self._parts.append(" | ")
        elif tag in {"strong", "b"} and MARKER_ONLY.match("".join(self._parts)):
            self._bold = True
        elif tag == "code" and not self._code:
            self._parts.append("`")
        self._link(element)
        self.write(element.text)

    def close(self, element: Any) -> None:
        tag = element.tag
        if not _left_out(element):
            self._end(tag)
        self.write(element.tail)

    def _end(self, tag: str) -> None:
        if tag == "code" and not self._code:
            self._parts.append("`")
        if tag in {"strong", "b"} and self._bold and "".join(self._parts).rstrip().endswith("?"):
            self.flush()
        if tag in BLOCKS:
            self.flush()
        if tag in HEADINGS:
            self._levels.pop()
        elif tag in {"ul", "ol"}:
            self._lists.pop()
        elif tag == "pre":
            self._code.pop()
        if tag in SPACED and self.lines and not self.lines[-1].blank:
            self.lines.append(Line("", self._number))

    def _link(self, element: Any) -> None:
        """Notice a list item that is only a link into the page: an entry of a table of contents."""
        within = element.tag == "a" and (element.get("href") or "").startswith("#")
        self._only_link |= within and bool(self._lists) and not element.tail and element.getparent().tag == "li"

    def _marker(self, item: Any) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        number = _integer(item.get("value")) or number
        self._lists[-1] = number + 1
        return f"{number}. "

    def write(self, text: str | None) -> None:
        if not text:
            return
        if not self._code:
            if not self._parts:
                self._number += text[: len(text) - len(text.lstrip())].count("\n")
            self._parts.append(SPACE.sub(" ", text))
            return
        self._parts.append(text)

    def flush(self) -> None:
        raw, self._parts = "".join(self._parts), []
        bold, self._bold = self._bold, False
        entry, self._only_link = self._only_link, False
        if self._code:
            self.lines.extend(_code_lines(raw, self._number, self._code[-1]))
            return
        text = SPACE.sub(" ", raw).strip()
        if not text or text == "-" or entry:
            return
        level = self._levels[-1] if self._levels else BOLD if bold and text.endswith("?") else 0
        self.lines.append(Line(text, self._number, level, len(self._lists)))


def _code_lines(raw: str, number: int, language: str) -> Iterator[Line]:
    body = raw.strip("\n")
    skipped = len(raw) - len(raw.lstrip("\n"))
    for offset, text in enumerate(body.split("\n") if body.strip() else []):
        yield Line(text.rstrip(), number + skipped + offset, code=language)


def _language(pre: Any) -> str:
    inner = pre.find("code")
    names = f"{pre.get('class') or ''} {inner.get('class') or '' if inner is not None else ''}"
    named = re.search(r"(?:language|lang|brush:|highlight-source)[-: ]\s*([\w+#]+)", names)
    return named[1] if named else ""


def _start(element: Any) -> int:
    return _integer(element.get("start")) or 1


def _integer(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text.strip()) else 0
