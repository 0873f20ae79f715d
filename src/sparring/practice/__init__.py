"""This package has everything a candidate can do; it is the only place where the parts meet."""

from sparring.practice.practice import ANSWER_LENGTH_MAX, Practice
from sparring.practice.results import Conflict, Fit, Listed, Progress, Refused, Result, Today, Unknown

__all__ = [
    "ANSWER_LENGTH_MAX",
    "Conflict",
    "Fit",
    "Listed",
    "Practice",
    "Progress",
    "Refused",
    "Result",
    "Today",
    "Unknown",
]
