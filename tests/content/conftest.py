"""This file lends the content tests one rule grader."""

import pytest

from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder


@pytest.fixture(scope="session")
def bank_grader() -> RuleGrader:
    return RuleGrader(Encoder())
