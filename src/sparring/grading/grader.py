"""This file defines what every grader does."""

from typing import Protocol

from sparring.grading.grade import Grade
from sparring.grading.rubric import Rubric


class Grader(Protocol):
    """Judges an answer against a rubric; the rule grader and the model grader are two."""

    def prepare(self, rubric: Rubric) -> None:
        """Do ahead what does not depend on the answer, for instance while the candidate reads the question."""
        ...

    def grade(self, rubric: Rubric, answer: str) -> Grade:
        """Return the grade of an answer; whatever the text, it is data and never raises."""
        ...
