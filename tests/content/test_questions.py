"""The bundled questions keep the promises of their format and are in our own words."""

import re
from pathlib import Path

import pytest

from sparring.bank.catalog import Pack, bundled, load_catalog
from sparring.bank.lint import lint
from sparring.content import KINDS, Question
from sparring.grading.embedding import Encoder

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
QUESTIONS = tuple(load_catalog([Pack("sparring", bundled())]).questions.values())
SENTENCE = re.compile(r"(?<=[.?!])\s+")


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_the_bank_has_no_mistakes_and_no_two_questions_that_ask_the_same() -> None:
    assert lint([bundled()], Encoder().embed) == []


def test_every_kind_of_question_is_there() -> None:
    assert {question.kind for question in QUESTIONS} == set(KINDS)
    assert len(QUESTIONS) >= 24


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_reference_answer_takes_as_long_to_say_as_the_question_allows(question: Question) -> None:
    spoken = re.sub(r"```.*?```", "", question.answer, flags=re.DOTALL)
    words = len(_words(spoken))
    assert 100 <= words <= 320
    assert words / 130 <= question.minutes.answer + 1, "at 130 words a minute"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_technical_claim_names_its_sources_and_the_levels_differ(question: Question) -> None:
    assert question.sources
    assert len(question.levels) >= 3
    assert len(set(question.levels.values())) == len(question.levels)
    assert 4 <= len(question.points) <= 9
    assert 2 <= len(question.follow_ups) <= 4
    assert all(len(point.counts) >= 2 and point.against for point in question.points)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the source documents are not beside this checkout")
def test_no_sentence_is_taken_over_from_the_source_documents() -> None:
    documents = " ".join(" ".join(_words(path.read_text("utf-8"))) for path in SEEDS.glob("*.txt"))
    copied = [
        (question.id, sentence)
        for question in QUESTIONS
        for text in (question.title, question.prompt, question.answer, *question.asked_as)
        for sentence in SENTENCE.split(text)
        if len(_words(sentence)) >= 5 and " ".join(_words(sentence)) in documents
    ]
    assert copied == []
