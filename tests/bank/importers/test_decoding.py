"""This file tests that text is read in its encoding and mended without damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparring.bank.importers.decoding import decode, mend

TEXT = "1. What does \u201cat least once\u201d cost?\nA caf\u00e9\u2019s worth of duplicates \u2014 so be idempotent.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_read_in_whatever_encoding_it_is(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "list.txt") == TEXT


def test_a_page_is_read_in_the_encoding_it_declares() -> None:
    page = '<meta charset="koi8-r"><p>1. \u0427\u0442\u043e \u044d\u0442\u043e?</p>'
    assert decode(page.encode("koi8-r"), "page.html") == page


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("it\u00e2\u20ac\u2122s", "it\u2019s"),
        ("caf\u00c3\u00a9", "caf\u00e9"),
        ("that it\u00e2s so common", "that it\u2019s so common"),
        ("pure logic \u00e2 rules and more", "pure logic \u2014 rules and more"),
        ("I can\u00e2t see. \u00e2Five years\u00e2", "I can\u2019t see. \u201cFive years\u00e2"),
        ("you\u00e2re almost including\u00e2except", "you\u2019re almost including\u2014except"),
    ],
)
def test_mojibake_is_mended(broken: str, whole: str) -> None:
    assert mend(broken) == whole


@pytest.mark.parametrize(
    "text",
    [
        "le ch\u00e2teau, un d\u00e9g\u00e2t et l'\u00e2ge",
        "c\u00e2t e ceasul? R\u00e2s \u0219i at\u00e2t.",
        'print("\u201ccurled\u201d &amp; \ufb01ne")',
        "if a < b && c:\n\treturn '\\u00e2'",
        "\u6f22\u5b57 \u0434\u0430 \U0001f600",
    ],
)
def test_correct_text_stays_as_it_is(text: str) -> None:
    assert mend(text) == text


@given(st.text(alphabet=st.characters(max_codepoint=127, exclude_categories=["Cc"])))
def test_plain_ascii_is_never_changed(text: str) -> None:
    assert mend(text) == text
