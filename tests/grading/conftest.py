"""This file lends the grading tests one encoder, one rule grader and one rubric."""

import pytest

from sparring.content import Choice, Point, RedFlag
from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder
from sparring.grading.rubric import Rubric


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="session")
def grader(encoder: Encoder) -> RuleGrader:
    return RuleGrader(encoder)


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """What a good answer to a question about connection leaks says."""
    return Rubric(
        prompt="A service runs out of file descriptors after some days. How do you find out why, and what do you mend?",
        reference=(
            "I count the open descriptors of the process over time and list what they are, with lsof or in /proc. "
            "If most are sockets in CLOSE_WAIT, the other side has closed and our code never did. "
            "Then I look for the path that forgets to close, which is usually the error path. "
            "The response body must be closed in a finally block or a context manager, also after an exception. "
            "Raising the limit is not a fix, it only moves the crash to a later day. "
            "An alert at eighty per cent of the limit tells us before the users do."
        ),
        points=(
            Point(
                id="measure",
                says="Count the open descriptors of the process over time and list what they are, with lsof or /proc.",
                weight=2,
                counts=("I would run lsof on the process and see which kind of handle keeps growing",),
                against=("there is no way to see what a process has open",),
            ),
            Point(
                id="close-wait",
                says="Sockets in CLOSE_WAIT mean that the other side has closed and our code never closed its end.",
                weight=2,
                counts=("many connections in close wait show that we forgot to close them",),
                against=("CLOSE_WAIT means that the remote server is too slow to close",),
            ),
            Point(
                id="error-path",
                says="The leak is usually on the error path, so close in a finally block or a context manager.",
                weight=3,
                counts=("a with statement closes it even when an exception is thrown",),
                against=("the garbage collector closes everything in time, so nothing has to be closed by hand",),
            ),
            Point(
                id="limit",
                says="Raising the limit is not a fix, it only moves the crash to a later day.",
                weight=2,
                counts=("a higher ulimit just buys time",),
                against=("raise the ulimit and the problem is solved for good",),
            ),
            Point(
                id="alert",
                says="An alert at a share of the limit warns before the users notice.",
                level="bonus",
                counts=("we get a warning when it reaches eighty per cent",),
                against=("nobody needs to watch the number of descriptors",),
            ),
        ),
        choices=(Choice(id="diagnosis", need=1, of=("measure", "close-wait")),),
        flags=(
            RedFlag(
                id="restart",
                says="Restart the service every night so that it never runs out.",
                why="It hides the leak and drops requests every night.",
                counts=("a cron job restarts it each night and then it is fine",),
            ),
        ),
    )
