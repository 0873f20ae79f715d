"""This file reads a document of any known format and finds its questions."""

import re
from collections.abc import Callable

from sparring.bank.importers.decoding import decode
from sparring.bank.importers.found import Found, ImportProblem
from sparring.bank.importers.from_docx import lines_of_docx
from sparring.bank.importers.from_html import lines_of_html
from sparring.bank.importers.from_markdown import lines_of_markdown
from sparring.bank.importers.from_pdf import lines_of_pdf
from sparring.bank.importers.from_text import lines_of_text
from sparring.bank.importers.outline import Line
from sparring.bank.importers.recogniser import recognise

LARGEST_BYTES = 20 * 1024 * 1024

BINARY: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a rich text file"),
)
"""How files begin that cannot be read, and what they are."""

HTML = re.compile(
    r"<!doctype html|<html[\s>]|<(?:body|div|p|h[1-6]|ul|ol|li|details|section|article|table"
    r"|span)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
MARKDOWN = re.compile(r"^(?:#{2,6} \S|```|\*\*[^*\n]+\*\*\s*$|[*-] \*\*|\d+\. \*\*)", re.MULTILINE)


def read_document(data: bytes, name: str) -> list[Found]:
    """Return the questions of the document `data`, in order; `name` is its file name, and becomes their source.

    HTML, Markdown, plain text, PDF and DOCX are told apart by their content; the name only decides in doubt.

    Raises:
        ImportProblem: it is empty, over 20 MB, of an unknown kind, broken, locked, without text, or has no question.
    """
    if len(data) > LARGEST_BYTES:
        size = f"is {len(data) / 2**20:.0f} MB long; the most that is read is {LARGEST_BYTES // 2**20} MB, so split it"
        raise ImportProblem(name, size)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise ImportProblem(name, "is empty; check that it was saved or downloaded whole")
    found = recognise(_lines(data, name), name)
    if not found:
        raise ImportProblem(
            name,
            "has no question that could be recognised; questions are numbered (`12. What ...?`, `Q12.`), headings "
            "that end in a question mark, or followed by a line `Answer:`",
        )
    return found


def _lines(data: bytes, name: str) -> list[Line]:
    if data[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in data[:64]:
        return lines_of_pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return lines_of_docx(data, name)
    for start, what in BINARY:
        if data.startswith(start):
            reason = f"is {what}, which cannot be read; give the questions as text, HTML, Markdown, PDF or DOCX"
            raise ImportProblem(name, reason)
    text = decode(data, name)
    return _reader(text, name)(text)


def _reader(text: str, name: str) -> Callable[[str], list[Line]]:
    """Return the reader for a text: what it looks like decides, its name only where that says nothing."""
    named = name.lower().rpartition(".")[2]
    beginning = text[:100_000]
    if re.match(
        r"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*+<(?:!doctype html|html|head|body)\b",
        beginning,
        re.IGNORECASE | re.DOTALL,
    ):
        return lines_of_html
    if named in {"md", "markdown", "mdown", "mkd"}:
        return lines_of_markdown
    if len(HTML.findall(beginning)) >= (
        1 if named in {"html", "htm", "xhtml"} else 6
    ) and beginning.lstrip().startswith("<"):
        return lines_of_html
    if named in {"html", "htm", "xhtml"} and HTML.search(beginning):
        return lines_of_html
    return lines_of_markdown if MARKDOWN.search(beginning) else lines_of_text
