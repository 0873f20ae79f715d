"""This file checks what the cross-encoder sees that similarity cannot."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparring.grading.inference import Inference
from sparring.grading.session import ModelError

STATEMENT = "The server claims the key under a unique constraint before it acts, so that two copies cannot both run."


@pytest.fixture(scope="session")
def inference() -> Inference:
    return Inference()


def test_it_tells_most_contradictions_from_paraphrases(inference: Inference) -> None:
    lines = (Path(__file__).parents[2] / "benchmarks" / "data" / "triples.jsonl").read_text("utf-8").splitlines()
    triples = [json.loads(line) for line in lines]
    doubts = {
        side: [
            relation.denies - relation.says
            for each in triples
            for relation in [inference.relate(each["fact"], each[side])]
        ]
        for side in ("paraphrase", "contradiction")
    }
    above = [wrong > right for wrong in doubts["contradiction"] for right in doubts["paraphrase"]]
    assert sum(above) / len(above) > 0.85


def test_a_stretch_about_something_else_is_elsewhere(inference: Inference) -> None:
    found = inference.relate(STATEMENT, "For the search page we keep a list of popular products in memory.")
    assert found.elsewhere > max(found.says, found.denies, found.touches)


@settings(max_examples=30, deadline=None)
@given(statement=st.text(), stretch=st.text())
def test_any_two_texts_get_four_probabilities_and_the_same_ones_again(
    inference: Inference, statement: str, stretch: str
) -> None:
    found = inference.relate(statement, stretch)
    assert found.says + found.touches + found.denies + found.elsewhere == pytest.approx(1)
    assert found == inference.relate(statement, stretch)


def test_very_long_texts_are_cut(inference: Inference) -> None:
    assert inference.relate("key " * 5000, "lock " * 5000) == inference.relate("key " * 100, "lock " * 100)


def test_a_broken_model_says_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "inference.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(ModelError, match="install Sparring again"):
        Inference(str(path)).relate("a", "b")
