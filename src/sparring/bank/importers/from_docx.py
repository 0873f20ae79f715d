"""This file turns a Word document (DOCX) into the outline of a document."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from sparring.bank.importers.decoding import mend
from sparring.bank.importers.found import ImportProblem
from sparring.bank.importers.outline import BOLD, Line

LARGEST_UNPACKED = 200 * 1024 * 1024
CODE_STYLE = re.compile(r"code|source|preformatted|listing", re.IGNORECASE)


def lines_of_docx(data: bytes, name: str) -> list[Line]:
    """Return the outline of a Word document; a line's number is that of its paragraph.

    Raises:
        ImportProblem: the file is no Word document, is broken, or unpacks to more than 200 MB.
    """
    _check_archive(data, name)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        return list(_lines(document))
    except Exception as error:
        reason = f"is a broken Word document ({type(error).__name__}); open it, save it as .docx again and import that"
        raise ImportProblem(name, reason) from error


def _check_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except Exception as error:
        raise ImportProblem(name, "is a broken archive; save the document as .docx again and import that") from error
    if unpacked > LARGEST_UNPACKED:
        raise ImportProblem(name, f"unpacks to {unpacked // 2**20} MB, which no question list needs; give its text")
    if "word/document.xml" not in names:
        raise ImportProblem(name, "is an archive but no Word document; unpack it and import the files in it")


def _lines(document: Any) -> Iterator[Line]:
    from docx.table import Table

    counters: dict[tuple[int, int], int] = {}
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                number += 1
                yield Line(mend(" | ".join(cell.text.strip().replace("\n", " ") for cell in row.cells)), number)
            continue
        number += 1
        yield from _paragraph(block, number, counters)


def _paragraph(paragraph: Any, number: int, counters: dict[tuple[int, int], int]) -> Iterator[Line]:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if CODE_STYLE.search(style):
        yield from (Line(text, number, code="") for text in paragraph.text.split("\n"))
        return
    marker, depth = _marker(paragraph, style, counters)
    level = _level(paragraph, style)
    for text in mend(marker + paragraph.text).split("\n"):
        yield Line(text.strip(), number, level, depth)
    if not depth:
        yield Line("", number)


def _level(paragraph: Any, style: str) -> int:
    heading = re.match(r"Heading ([1-9])", style)
    if heading:
        return min(int(heading[1]), 6)
    if style == "Title":
        return 1
    runs = [run for run in paragraph.runs if run.text.strip()]
    return BOLD if runs and all(run.bold for run in runs) else 0


def _marker(paragraph: Any, style: str, counters: dict[tuple[int, int], int]) -> tuple[str, int]:
    """Return the number or bullet that Word draws before a list paragraph, and how deep the list is."""
    found = _numbering(paragraph)
    if found is None:
        return "", 0
    which, depth = found
    if "Bullet" in style or _is_bullet(paragraph, which, depth):
        return "- ", depth + 1
    for key in [key for key in counters if key[0] == which and key[1] > depth]:
        del counters[key]
    counters[which, depth] = counters.get((which, depth), 0) + 1
    return f"{counters[which, depth]}. ", depth + 1


def _numbering(paragraph: Any) -> tuple[int, int] | None:
    """Return the numbering and the level in it that the paragraph or its style uses."""
    styled = paragraph.style.element.pPr if paragraph.style is not None else None
    owners = [paragraph._p.pPr, styled]  # noqa: SLF001 - python-docx shows numbering nowhere else
    for owner in owners:
        numbered = owner.numPr if owner is not None else None
        if numbered is not None and numbered.numId is not None:
            return numbered.numId.val, numbered.ilvl.val if numbered.ilvl is not None else 0
    return None


def _is_bullet(paragraph: Any, which: int, depth: int) -> bool:
    try:
        numbering = paragraph.part.numbering_part.element
    except (NotImplementedError, KeyError):
        return False
    abstract = numbering.xpath(f"./w:num[@w:numId='{which}']/w:abstractNumId/@w:val")
    path = (
        f"./w:abstractNum[@w:abstractNumId='{abstract[0]}']/w:lvl[@w:ilvl='{depth}']/w:numFmt/@w:val"
        if abstract
        else ""
    )
    return bool(path) and numbering.xpath(path) == ["bullet"]
