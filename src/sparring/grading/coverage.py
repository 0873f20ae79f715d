"""This file turns alignments into how likely a stretch of an answer makes a point, with few numbers."""

import numpy as np

from sparring.grading.alignment import Alignment, Floats

PRECISION, RECALL, OFFSET = 5.85, 4.21, -5.0
"""Logistic weights, fitted on the bank's own wordings: each held out and recognised among its question's points."""
OWN, MARGIN, BASE = 0.3, 1.1, -0.44
"""Logistic weights of the evidence for a point and of its lead over the strongest rival among the rubric's points."""

CLOSE, CLOSE_FROM = 1.35, 0.48
SUBJECT, SUBJECT_FROM = 8.0, 0.42
"""What a stretch less similar to the point, and an answer less about the subject, than these costs in log-odds."""

NOTHING = -3.0
"""The evidence that any text has for any point; a lone point competes with it."""


def evidence(alignment: Alignment) -> Floats:
    """Return the evidence, a log-odds, that a segment says a statement: shape (statements, segments)."""
    both: Floats = PRECISION * alignment.precision + RECALL * alignment.recall + OFFSET
    return both


def likelihood(own: Floats, rivals: Floats, close: Floats, subject: float) -> Floats:
    """Return the probability that segments make a point.

    Args:
        own: evidence for the point.
        rivals: evidence for its strongest rival.
        close: similarity of the segment with the point.
        subject: similarity of the whole answer with what the rubric is about.
    """
    away = CLOSE * np.minimum(close - CLOSE_FROM, 0.0) + SUBJECT * min(subject - SUBJECT_FROM, 0.0)
    logits = OWN * own + MARGIN * (own - np.maximum(rivals, NOTHING)) + away + BASE
    likely: Floats = 1 / (1 + np.exp(-logits))
    return likely
