"""This file tells what a stretch of an answer does to a statement: says, touches or denies it, or is about others.

The model is a small cross-encoder: it reads both texts together, word by word, so that it sees what similarity cannot,
such as who does what to whom. `training/` has its data and how it was made; `docs/reliability.md` how far it goes.
"""

from importlib import resources

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sparring.grading.session import Session
from sparring.grading.wordpiece import END, START, Piece, pieces

LONGEST_STATEMENT, LONGEST_STRETCH = 48, 64
"""Word pieces that are read of each; the model was trained on 128 in all."""


class Relation(Struct, frozen=True):
    """How likely a stretch does what to a statement; the four add up to 1."""

    says: float
    touches: float
    denies: float
    elsewhere: float


class Inference:
    """Lives as long as the application; reads the model on first use. Threads may share it; a call uses one core.

    Args:
        model: path of an ONNX file; by default the one that ships with this package.
    """

    def __init__(self, model: str | None = None) -> None:
        path = _shipped if model is None else lambda: model
        self._session = Session(path, len(Relation.__struct_fields__), "install Sparring again")

    def warm(self) -> None:
        """Read the model now, so that the first answer need not wait for it.

        Raises:
            ModelError: when the model is missing or broken.
        """
        self._session.warm()

    def relate(self, statement: str, stretch: str) -> Relation:
        """Return what a stretch of an answer does to a statement.

        Each pair is run by itself: the int8 model scales activations by the largest in the batch, so a neighbour would
        change the result.

        Raises:
            ModelError: when the model is missing or broken.
        """
        ids, kinds = _paired(pieces(statement)[:LONGEST_STATEMENT], pieces(stretch)[:LONGEST_STRETCH])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        return Relation(*(float(each) for each in self._session.run(inputs)[0]))


def _shipped() -> str:
    return str(resources.files(__package__).joinpath("inference.onnx"))


def _paired(statement: list[Piece], stretch: list[Piece]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ids and kinds of "[CLS] statement [SEP] stretch [SEP]", as BERT reads two texts."""
    first = [START, *(piece.id for piece in statement), END]
    second = [*(piece.id for piece in stretch), END]
    ids = np.array([first + second], dtype=np.int64)
    kinds = np.array([[0] * len(first) + [1] * len(second)], dtype=np.int64)
    return ids, kinds
