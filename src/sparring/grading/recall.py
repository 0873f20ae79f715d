"""This file measures how much of a reference answer an answer says, where nobody wrote key points with wordings.

Each word piece of the reference looks for its most similar piece in the answer (as BERTScore's recall does: Zhang et
al., 2020). The question's own words weigh nothing, and what the bare question would already reach is the zero point.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from sparring.grading.alignment import Floats, Ids
from sparring.grading.embedding import TokenVectors, Vectors
from sparring.grading.words import information, stop_pieces

STOP_WEIGHT = 0.3
EXACT_BOOST = 0.4
"""A piece that the answer holds word for word moves this far from its similarity towards 1."""

FLATTENED = 0.8
"""Exponent of a piece's information; rare pieces are mostly names, which paraphrases leave out."""

SOFTENED = 0.6
"""Exponent of a similarity: half a match is worth more than half, since paraphrases seldom match wholly."""

ZERO = 0.3
"""Share of the question's own recall that is the zero point. These five were chosen on Mohler (2011), SciEntsBank's
training part and SAF together; no value of them moves Mohler's r by more than 0.02."""

TABLE = ((-0.5, 0.0), (0.1, 0.04), (0.25, 0.2), (0.45, 0.55), (0.65, 0.85), (0.85, 0.96), (1.0, 1.0))
"""Recall and what it is worth. Strictly monotone, so no order among answers is lost."""


class Reference(Struct, frozen=True):
    """The word pieces of a reference answer, one row each, with weights that add up to 1."""

    vectors: Vectors
    ids: Ids
    weights: Floats
    zero: float


def reference_of(sentence: TokenVectors, question: TokenVectors) -> Reference:
    """Return a sentence of a reference answer as it is measured, seen from the question."""
    ids = np.array([piece.id for piece in sentence.pieces])
    plain = np.array([information(int(each)) ** FLATTENED for each in ids])
    small = np.isin(ids, list(stop_pieces()))
    plain[small] *= STOP_WEIGHT
    asked = np.isin(ids, [piece.id for piece in question.pieces])
    telling = small | ~asked
    weights = plain * telling if (telling & ~small).any() else plain
    bare = Reference(vectors=sentence.vectors, ids=ids, weights=weights / max(weights.sum(), 1e-9), zero=0.0)
    return replace(bare, zero=ZERO * recall(bare, [question]))


def recall(reference: Reference, texts: Sequence[TokenVectors]) -> float:
    """Return the share of a reference, at most 1, that texts say beyond what the question says; below 0 is less."""
    if not any(text.pieces for text in texts):
        return 0.0
    ids = np.array([piece.id for text in texts for piece in text.pieces])
    vectors: Vectors = np.concatenate([text.vectors for text in texts])
    similar = np.maximum(reference.vectors @ vectors.T, 0.0)
    similar += (reference.ids[:, None] == ids) * EXACT_BOOST * (1 - similar)
    found = float(similar.max(axis=1) ** SOFTENED @ reference.weights)
    return (found - reference.zero) / (1 - reference.zero)


def worth(found: float) -> float:
    """Return what a recall is worth, 0 to 1: a monotone table, since half the words are less than half the meaning."""
    recalls, worths = zip(*TABLE, strict=True)
    return float(np.interp(found, recalls, worths))
