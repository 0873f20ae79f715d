"""This file turns a PDF into the outline of a document."""

import io
import logging
import re
from collections import Counter

from sparring.bank.importers.decoding import mend
from sparring.bank.importers.found import ImportProblem
from sparring.bank.importers.from_text import lines_of_text
from sparring.bank.importers.outline import Line

MOST_PAGES = 2000
FEW_PAGES = 2
LEADER = re.compile(r"(?:\.\s?){4,}\s*\d+\s*$")
PAGE_NUMBER = re.compile(r"^(?:page\s*)?(\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)


def lines_of_pdf(data: bytes, name: str) -> list[Line]:
    """Return the outline of a PDF's text; line numbers count the lines of that text over all pages.

    Raises:
        ImportProblem: the PDF is broken, locked with a password, too long, or has no text.
    """
    pages = [page.split("\n") for page in _pages(data, name)]
    if not any(line.strip() for page in pages for line in page):
        raise ImportProblem(
            name, "is a PDF without text (a scan?); run text recognition (OCR) over it, or give its text"
        )
    pages = [_body(page, number) for number, page in enumerate(_without_running_titles(pages))]
    return lines_of_text(mend("\n".join(line.strip() for page in pages for line in page)))


def _pages(data: bytes, name: str) -> list[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters of its warnings is raised below
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
        pages = [page.extract_text() for page in reader.pages] if 0 < count <= MOST_PAGES else []
    except Exception as error:
        reason = f"is a broken PDF ({error or type(error).__name__}); open it, print it to a new PDF and import that"
        raise ImportProblem(name, reason) from error
    if locked:
        raise ImportProblem(name, "is locked with a password; save it without one and import it again")
    if count > MOST_PAGES:
        raise ImportProblem(name, f"has {count} pages, more than the {MOST_PAGES} that are read; split it")
    return pages


def _without_running_titles(pages: list[list[str]]) -> list[list[str]]:
    """Blank what stands first or last on most pages: running titles and footers, which the text does not need."""
    edges = Counter(edge for page in pages for edge in {line.strip() for line in (*page[:2], *page[-2:])} if edge)
    running = {
        edge for edge, count in edges.items() if count > FEW_PAGES and count * 2 > len(pages) and not edge.isdigit()
    }
    inner = [set(range(2, len(page) - 2)) for page in pages]
    return [
        ["" if line.strip() in running and at not in inside else line for at, line in enumerate(page)]
        for page, inside in zip(pages, inner, strict=True)
    ]


def _body(page: list[str], index: int) -> list[str]:
    """Blank a page's own number at its top or bottom, and the entries of a table of contents."""
    lines = ["" if LEADER.search(line) else line for line in page]
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in {*filled[:1], *filled[-1:]}:
        number = PAGE_NUMBER.match(lines[at].strip())
        if number and int(number[1]) == index + 1 and len(filled) > 1:
            lines[at] = ""
    return lines
