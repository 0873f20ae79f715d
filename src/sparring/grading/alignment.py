"""This file measures how much of a statement a stretch of an answer says, and how much of the stretch it is.

Each word piece of one looks for its most similar piece in the other (as BERTScore does: Zhang et al., 2020). A rare
piece weighs more than a common one, and a piece of the question's own words weighs nothing, since repeating the
question shows no knowledge. What all statements of a rubric have in common is its subject; it is taken out of every
vector first, or an answer about the subject would seem to say everything.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sparring.grading.embedding import TokenVectors, Vectors
from sparring.grading.words import information, stop_pieces

STOP_WEIGHT = 0.3
EXACT_BOOST = 0.5
"""A piece that the other side holds word for word moves this far from its similarity towards 1."""

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


class Statements(Struct, frozen=True):
    """All wordings of a rubric, their pieces in one array; statement i has the rows `starts[i]` to `starts[i + 1]`."""

    vectors: Vectors
    ids: Ids
    weights: Floats
    starts: Ids
    subject: Vectors
    wholes: Vectors
    asked: frozenset[int]


class Alignment(Struct, frozen=True):
    """Arrays of shape (statements, segments), each value 0 to 1."""

    recall: Floats
    precision: Floats
    cosine: Floats
    """Similarity of the whole texts, their common subject left in: it tells what is off the subject."""


def statements(texts: Sequence[TokenVectors], asked: frozenset[int]) -> Statements:
    """Put the wordings of a rubric together; `asked` are the ids of the question's own word pieces."""
    vectors: Vectors = np.concatenate([text.vectors for text in texts])
    subject: Vectors = vectors.mean(axis=0)
    weights = [weights_of([piece.id for piece in text.pieces], asked) for text in texts]
    return Statements(
        vectors=_without(vectors, subject),
        ids=np.array([piece.id for text in texts for piece in text.pieces]),
        weights=np.concatenate([each / max(each.sum(), 1e-9) for each in weights]),
        starts=np.cumsum([0, *(len(text.pieces) for text in texts)]),
        subject=subject,
        wholes=np.stack([text.whole for text in texts]),
        asked=asked,
    )


def weights_of(ids: Sequence[int], asked: frozenset[int]) -> Floats:
    """Return what each word piece of a text weighs; a text with no words but the question's weighs them all."""
    plain = [information(piece) * (STOP_WEIGHT if piece in stop_pieces() else 1.0) for piece in ids]
    telling = [piece not in asked or piece in stop_pieces() for piece in ids]
    if not any(tells and piece not in stop_pieces() for tells, piece in zip(telling, ids, strict=True)):
        return np.array(plain)
    return np.array(plain) * telling


def align(known: Statements, texts: Sequence[TokenVectors], segments: Sequence[tuple[int, int]]) -> Alignment:
    """Measure every statement against every segment.

    Args:
        known: the wordings.
        texts: the token vectors of the answer's units, in order.
        segments: slices `(first, last)` of the units' word pieces, counted through all units.
    """
    ids = np.array([piece.id for text in texts for piece in text.pieces])
    vectors: Vectors = np.concatenate([text.vectors for text in texts])
    similar = known.vectors @ _without(vectors, known.subject).T
    similar = np.maximum(similar, 0.0) + (known.ids[:, None] == ids) * EXACT_BOOST * (1 - np.maximum(similar, 0.0))
    recall = np.stack([similar[:, first:last].max(axis=1) for first, last in segments], axis=1)
    weights = weights_of(ids.tolist(), known.asked)
    explained = np.maximum.reduceat(similar, known.starts[:-1], axis=0) * weights
    sums = np.cumsum(np.concatenate([np.zeros((len(explained), 1)), explained], axis=1), axis=1)
    totals = np.cumsum([0.0, *weights])
    precision = [(sums[:, last] - sums[:, first]) / max(totals[last] - totals[first], 1e-9) for first, last in segments]
    means = _unit(np.stack([vectors[low:high].mean(axis=0) for low, high in segments]))
    cosine = (known.wholes @ means.T).astype(np.float64)
    return Alignment(
        recall=np.add.reduceat(recall * known.weights[:, None], known.starts[:-1], axis=0),
        precision=np.stack(precision, axis=1),
        cosine=cosine,
    )


def about(known: Statements, texts: Sequence[TokenVectors], most: int) -> float:
    """Return how much the first `most` word pieces of texts are about the subject of the wordings: a cosine."""
    centre: Vectors = known.wholes.mean(axis=0)
    said: Vectors = np.concatenate([text.vectors for text in texts])[:most].mean(axis=0)
    return float(said @ centre / max(float(np.linalg.norm(centre) * np.linalg.norm(said)), 1e-9))


def _without(vectors: Vectors, subject: Vectors) -> Vectors:
    """Return the vectors less what they have in common, as unit vectors."""
    return _unit(vectors - subject)


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
