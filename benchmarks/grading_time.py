"""This file measures how long grading takes: `uv run python benchmarks/grading_time.py`.

It prints the load time of the model, the time to encode a rubric, and p50 and p99 of grading answers of 40, 120 and 300
words, with and without full stops, beside the cosine of two sentence embeddings, what most interview tools compute.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sparring.content import Question, read_question
from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder, Vectors
from sparring.grading.rubric import rubric_of

RUNS = 50
LENGTHS = (40, 120, 300)


def timed(work: Callable[[], object], runs: int = 1) -> list[float]:
    """Return the milliseconds of one core that each run took, in ascending order.

    The encoder uses the calling thread only, so its processor time is what the run would take on an idle core.
    """
    times = []
    for _ in range(runs):
        start = time.thread_time()
        work()
        times.append((time.thread_time() - start) * 1000)
    return sorted(times)


def answer_of(question: Question, length: int, *, spoken: bool) -> str:
    """Return an answer of `length` words, taken from the question's own strong answers."""
    text = " ".join(each.text for each in question.calibration if each.band == "strong") + " " + question.answer
    cut = " ".join((text.split() * 3)[:length])
    return cut.lower().replace(".", "").replace(",", "").replace(";", "") if spoken else cut


def cosine(encoder: Encoder, answer: str, reference: Vectors) -> float:
    """Return the peer's score: the cosine of the whole answer and the whole reference."""
    return float(encoder.embed([answer])[0] @ reference)


def line(name: str, times: list[float]) -> str:
    p99 = times[min(len(times) - 1, round(0.99 * len(times)))]
    return f"{name:<34} p50 {statistics.median(times):7.1f} ms   p99 {p99:7.1f} ms   ({len(times)} runs)"


def main() -> None:
    folder = Path(__file__).parents[1] / "content" / "questions"
    question = read_question(folder / "distributed-systems" / "circuit-breaker.md")
    rubric = rubric_of(question)
    encoder = Encoder()
    print(f"model load            {timed(encoder.warm)[0]:7.1f} ms")
    grader = RuleGrader(encoder)
    print(
        f"rubric, {len(rubric.points)} points      {timed(lambda: grader.prepare(rubric))[0]:7.1f} ms, once a question"
    )
    reference = encoder.embed([rubric.reference])[0]
    for length in LENGTHS:
        for spoken in (False, True):
            answer = answer_of(question, length, spoken=spoken)
            times = timed(partial(grader.grade, rubric, answer), RUNS)
            print(line(f"rule grader, {length} words{', no stops' if spoken else ''}", times))
        answer = answer_of(question, length, spoken=False)
        times = timed(partial(cosine, encoder, answer, reference), RUNS)
        print(line(f"sentence cosine, {length} words", times))


if __name__ == "__main__":
    main()
