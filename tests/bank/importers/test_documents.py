"""This file tests that every format is read, and that bad input is a clear problem and nothing worse."""

import io
import zipfile
from collections.abc import Sequence

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from sparring.bank.importers import LARGEST_BYTES, ImportProblem, read_document

LIST = "1. What is a lease?\nA lock that ends by itself.\n2. What is a fencing token?\nA number that only grows.\n"
EXPECTED = [
    ("1", "What is a lease?", "A lock that ends by itself."),
    ("2", "What is a fencing token?", "A number that only grows."),
]


def pairs(data: bytes, name: str) -> list[tuple[str, str, str]]:
    return [(each.number, each.text, each.answer) for each in read_document(data, name)]


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Write a PDF by hand: one page per list of lines, in Helvetica (ISO 32000-1, 7.5 and 9.4)."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, lines in enumerate(pages):
        shown = " T* ".join("(" + line.replace("(", r"\(").replace(")", r"\)") + ") Tj" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 40 800 Td {shown} ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * at} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def word(*paragraphs: tuple[str, str | None]) -> bytes:
    document = docx.Document()
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["list.txt", "list", "list.pdf", "list.md", "list.html"])
def test_the_content_decides_and_not_the_name(name: str) -> None:
    assert pairs(LIST.encode(), name) == EXPECTED


def test_a_page_under_a_wrong_name_is_still_a_page() -> None:
    page = "<!-- saved --><!doctype html><h3>1. What is a lease?</h3><p>A lock.</p><h3>2. Why?</h3><p>So it ends.</p>"
    assert pairs(page.encode(), "page.txt") == [("1", "What is a lease?", "A lock."), ("2", "Why?", "So it ends.")]


def test_a_pdf_is_read_without_its_running_titles_and_page_numbers() -> None:
    pages = [
        ["Leases in depth", "1. What is a lease?", "A lock that ends", "by itself.", "1"],
        ["Leases in depth", "2. What is a fencing token?", "A number (it only grows).", "2"],
        ["Leases in depth", "3. Who hands it out?", "The lock service.", "3"],
    ]
    assert pairs(pdf(pages), "leases.pdf") == [
        ("1", "What is a lease?", "A lock that ends\nby itself."),
        ("2", "What is a fencing token?", "A number (it only grows)."),
        ("3", "Who hands it out?", "The lock service."),
    ]


def test_a_word_document_is_read_with_headings_bullets_and_sections() -> None:
    data = word(
        ("Lease questions", "Title"),
        ("Behavioural Questions for 7 years", "Heading 1"),
        ("1. Tell me about a lock you regret.", "Heading 2"),
        ("It was global:", None),
        ("everybody waited", "List Bullet"),
        ("nobody knew", "List Bullet"),
        ("2. What did you learn?", "Heading 2"),
        ("To end it.", None),
        ("Conclusion", "Heading 1"),
        ("Bye.", None),
    )
    first, second = read_document(data, "leases.docx")
    assert (first.text, first.answer) == (
        "Tell me about a lock you regret.",
        "It was global:\n\n- everybody waited\n- nobody knew",
    )
    assert (first.kind, first.years, first.line) == ("behavioural", 7, 3)
    assert (second.number, second.answer) == ("2", "To end it.")


def test_a_word_document_numbers_its_list_paragraphs_as_word_shows_them() -> None:
    data = word(
        ("What is a lease?", "List Number"), ("A lock.", None), ("What ends it?", "List Number"), ("Time.", None)
    )
    assert pairs(data, "leases.docx") == [("1", "What is a lease?", "A lock."), ("2", "What ends it?", "Time.")]


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["1. What is a lease?"]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b"\xef\xbb\xbf \r\n\t\n", "is empty"),
        ("huge.txt", b"1. What?\n" * (LARGEST_BYTES // 8), "20 MB"),
        ("logo.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a picture"),
        ("noise.txt", bytes(range(256)) * 8, "binary data"),
        ("cut.pdf", pdf([["1. What?"]])[:200], "broken PDF"),
        ("scan.pdf", pdf([[""]]), "without text"),
        ("locked.pdf", locked_pdf(), "locked with a password"),
        ("cut.docx", word(("1. What?", None))[:800], "broken archive"),
        ("photos.zip", archive(a_txt=b"x"), "no Word document"),
        ("hollow.docx", archive(word__document_xml=b"<x"), "broken Word document"),
        ("bomb.docx", archive(word__document_xml=bytes(210 * 1024 * 1024)), "unpacks to"),
        ("page.html", b"<html><body><p>Hello.</p></body></html>", "no question"),
        ("prose.txt", b"Nothing was asked here.", "no question"),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_names_the_file_and_the_reason(name: str, data: bytes, says: str) -> None:
    with pytest.raises(ImportProblem, match=says) as caught:
        read_document(data, name)
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")


def never_worse_than_a_problem(data: bytes, name: str) -> None:
    try:
        found = read_document(data, name)
    except ImportProblem:
        return
    assert found == read_document(data, name)
    assert all(each.text.strip() and each.line >= 1 for each in found)


NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a"])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), NAMES, st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"1. What?\n"]))
def test_no_bytes_do_worse_than_a_problem(data: bytes, name: str, start: bytes) -> None:
    never_worse_than_a_problem(start + data, name)


PIECES = st.sampled_from(
    (
        "1. ",
        "2) ",
        "Q3. ",
        "7\n",
        "# ",
        "### ",
        "**",
        "```\n",
        "<h2>",
        "</h2>",
        "<li>",
        "<pre>",
        "<ol start=9>",
        "- ",
        "What is it?",
        "\n",
        "\n\n",
        "Answer: ",
        "Look for: ",
        "Pro Tip: ",
        "â",
        "â€™",
        "===\n",
        "    ",
        "Technical Questions\n",
        "</details>",
        "<summary>",
        "\x0c",
        "\u2028",
    )
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join), NAMES)
@example("<ol><li><ol><li>", "a.html")
def test_no_text_does_worse_than_a_problem(text: str, name: str) -> None:
    never_worse_than_a_problem(text.encode("utf-8", errors="replace"), name)
