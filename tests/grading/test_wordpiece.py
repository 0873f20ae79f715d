"""This file checks our word pieces against those of the reference tokeniser."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from sparring.grading.wordpiece import pieces, vocabulary

OLD = unicodedata.ucd_3_2_0
"""Unicode as of 2002: on newer characters the tables of Python and of the reference differ."""


def known_to_both(char: str) -> bool:
    return OLD.category(char) not in ("Cn", "Cs") and OLD.category(char) == unicodedata.category(char)


@pytest.fixture(scope="session")
def reference() -> Tokenizer:
    tokenizer = Tokenizer(WordPiece(vocabulary(), unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


@given(text=st.text(st.characters(exclude_categories=["Cs"]).filter(known_to_both)))
def test_any_text_gives_the_ids_and_places_of_the_reference_tokeniser(reference: Tokenizer, text: str) -> None:
    expected = reference.encode(text)
    found = pieces(text)
    assert [piece.id for piece in found] == expected.ids
    places = zip(found, expected.offsets, strict=True)
    assert all(start <= piece.start and piece.end <= end for piece, (start, end) in places)


@pytest.mark.parametrize(
    "text",
    [
        "Retries multiply load: 3 \u00d7 3 = 9!",
        "don't `SELECT * FROM users WHERE id='1'` — naïve café 数据库 Ωμέγα",
        "x" * 101 + " " + "y" * 100,
        "\t\r\n\x00\x07 ﬁne Ⅷ İstanbul \U0001f600",
    ],
)
def test_hard_cases_give_the_ids_of_the_reference_tokeniser(reference: Tokenizer, text: str) -> None:
    assert [piece.id for piece in pieces(text)] == reference.encode(text).ids


@given(text=st.text())
def test_every_piece_is_a_slice_of_the_text_and_they_come_in_order(text: str) -> None:
    found = pieces(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in found)
    assert [piece.start for piece in found] == sorted(piece.start for piece in found)


def test_a_typed_special_token_is_ordinary_text() -> None:
    special = {101, 102}
    assert not special & {piece.id for piece in pieces("[CLS] answer [SEP]")}


def test_the_vocabulary_is_complete() -> None:
    assert len(vocabulary()) == 30522
    assert vocabulary()["[CLS]"] == 101
    assert vocabulary()["the"] == 1996
