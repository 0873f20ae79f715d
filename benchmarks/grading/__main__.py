"""This file prints how good the grader is: `make bench-grading DATA=folder` (`docs/reliability.md` explains the rows).

The folder holds public graded answers, which are not part of this project; without one only the bank's rows are
printed. Nothing is asserted.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.grading import bank_data, public_data

from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder


def show(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def main(arguments: list[str]) -> None:
    encoder = Encoder()
    grader = RuleGrader(encoder)
    questions = bank_data.bank()
    show(bank_data.calibration(questions, grader))
    show(bank_data.key_points(questions, grader))
    show(bank_data.contradictions(questions, grader))
    show(bank_data.abuse(questions, grader))
    show(bank_data.stories())
    if not arguments:
        print("no folder with public data was given, so its rows are left out")
        return
    for measure in (public_data.mohler, public_data.scientsbank, public_data.saf):
        show(measure(Path(arguments[0]), grader, encoder))


if __name__ == "__main__":
    main(sys.argv[1:])
