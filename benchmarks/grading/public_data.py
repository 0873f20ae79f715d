"""This file measures the grader on public answers that people have graded; the data is read from a folder, never kept.

The product's own path is measured: a rubric proposed from the reference, and the score of its grade.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.grading.metrics import (
    Values,
    best_cut,
    correlation,
    correlation_inside,
    leave_one_out,
    macro_f1,
    rmse,
)
from msgspec import Struct

from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder
from sparring.grading.proposal import rubric_for

FILLERS = ("um", "uh", "like", "you know", "so", "basically", "well")
INTERVAL = 0.8
BINS = 5


class Answers(Struct, frozen=True):
    """Graded answers: the product's score, 0 to 1, what people gave, and the question each belongs to."""

    raw: Values
    true: Values
    questions: Any


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file with one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def spoken(text: str, seed: random.Random) -> str:
    """Return a text as a bad recogniser would: lower case, no marks, 10 % fillers, 6 % of the words broken."""
    said: list[str] = []
    for word in re.sub(r"[^\w\s']", " ", text.lower()).split():
        if seed.random() < 0.10:
            said.append(seed.choice(FILLERS))
        broken = len(word) > 2 and seed.random() < 0.06
        at = seed.randrange(1, len(word)) if broken else 0
        said.append(word[:at] + word[at + 1 :] if broken else word)
    return " ".join(said)


def answers_of(
    entries: Iterable[dict[str, Any]], grader: RuleGrader, true: str, alter: random.Random | None
) -> Answers:
    """Grade every answer; `true` names the field with the human judgement, `alter` makes speech of the answers."""
    rubric = lru_cache(maxsize=None)(rubric_for)
    raw, given, questions = [], [], []
    for entry in entries:
        reference = entry["reference"] if "reference" in entry else entry["references"][0]
        answer = spoken(entry["answer"], alter) if alter else entry["answer"]
        raw.append(grader.grade(rubric(entry["question"], reference), answer).score)
        given.append(float(entry[true] == "correct") if true == "two_way" else float(entry[true]))
        questions.append(entry["question_id"])
    return Answers(np.array(raw), np.array(given), np.array(questions))


def cosines_of(entries: Iterable[dict[str, Any]], encoder: Encoder, true: Answers) -> Answers:
    """Return the same answers with the peer's score: the cosine of answer and reference."""
    vector = lru_cache(maxsize=None)(lambda text: encoder.embed([text])[0])
    raw = [float(vector(e["answer"]) @ vector(e.get("reference") or e["references"][0])) for e in entries]
    return Answers(np.array(raw), true.true, true.questions)


def bootstrap(answers: Answers, predicted: Values, seed: random.Random, draws: int = 500) -> tuple[float, float]:
    """Return the 95 % interval of r, questions drawn with replacement."""
    names = sorted(set(answers.questions.tolist()))
    places = {name: np.flatnonzero(answers.questions == name) for name in names}
    found = []
    for _ in range(draws):
        drawn = np.concatenate([places[seed.choice(names)] for _ in names])
        found.append(correlation(predicted[drawn], answers.true[drawn]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def coverage(answers: Answers, predicted: Values) -> tuple[float, float]:
    """Return how often the 80 % interval of other questions' residuals holds the human score, and its mean width."""
    held, widths = [], []
    for name in np.unique(answers.questions):
        out = answers.questions == name
        rest = answers.true[~out] - predicted[~out]
        edges = np.quantile(predicted[~out], np.linspace(0, 1, BINS + 1)[1:-1])
        bins, own = np.digitize(predicted[~out], edges), np.digitize(predicted[out], edges)
        bounds = {each: np.quantile(rest[bins == each], [0.1, 0.9]) for each in np.unique(bins)}
        for each, guess, true in zip(own, predicted[out], answers.true[out], strict=True):
            low, high = bounds.get(each, np.quantile(rest, [0.1, 0.9]))
            held.append(guess + low - 1e-9 <= true <= guess + high + 1e-9)
            widths.append(high - low)
    return float(np.mean(held)), float(np.mean(widths))


def mohler(folder: Path, grader: RuleGrader, encoder: Encoder) -> Iterator[str]:
    """Yield the rows on Mohler (2011): score, honesty, speech."""
    entries = rows(folder / "mohler.jsonl")
    for entry in entries:
        entry["score"] *= 5
    clean = answers_of(entries, grader, "score", None)
    predicted = leave_one_out(clean.raw, clean.true, clean.questions)
    low, high = bootstrap(clean, predicted, random.Random(1))
    peer = cosines_of(entries, encoder, clean)
    by_peer = leave_one_out(peer.raw, peer.true, peer.questions)
    graders = [np.array([5 * float(entry[name]) for entry in entries]) for name in ("grader1", "grader2")]
    yield (
        f"score       Mohler, leave one question out: r {correlation(predicted, clean.true):.3f} "
        f"(95 % {low:.2f} to {high:.2f}), RMSE {rmse(predicted, clean.true):.3f} of 5; "
        f"no training at all: r {correlation(clean.raw, clean.true):.3f}"
    )
    yield (
        f"            peer, sentence cosine: r {correlation(by_peer, peer.true):.3f}, RMSE "
        f"{rmse(by_peer, peer.true):.3f}; the two human graders with each other: r {correlation(*graders):.3f}"
    )
    held, width = coverage(clean, predicted)
    yield (
        f"honesty     Mohler, 80 % interval from other questions holds {held:.3f} of the scores, "
        f"mean width {width:.2f} of 5"
    )
    speech = answers_of(entries, grader, "score", random.Random(2))
    heard = leave_one_out(speech.raw, speech.true, speech.questions)
    yield (
        f"speech      Mohler as broken speech: r {correlation(heard, speech.true):.3f} "
        f"(clean {correlation(predicted, clean.true):.3f}); no training {correlation(speech.raw, speech.true):.3f}"
    )


def scientsbank(folder: Path, grader: RuleGrader, encoder: Encoder) -> Iterator[str]:
    """Yield the row on SciEntsBank's unseen domains; the threshold comes from its training part."""
    entries = rows(folder / "scientsbank.jsonl")
    known = [entry for entry in entries if entry["split"] == "train"]
    unseen = [entry for entry in entries if entry["split"] == "ud"]
    train, test = (answers_of(part, grader, "two_way", None) for part in (known, unseen))
    peers = (cosines_of(known, encoder, train), cosines_of(unseen, encoder, test))
    for name, (left, right) in (("", (train, test)), ("peer, sentence cosine: ", peers)):
        passed, true = right.raw >= best_cut(left.raw, left.true > 0), right.true > 0
        start = "            " if name else "pass/fail   SciEntsBank, unseen domains: "
        yield f"{start}{name}accuracy {np.mean(passed == true):.3f}, macro-F1 {macro_f1(passed, true):.3f}"


def saf(folder: Path, grader: RuleGrader, encoder: Encoder) -> Iterator[str]:
    """Yield the row on SAF's communication networks; scores are shares of the most that a question gave."""
    entries = rows(folder / "saf-networks-train.jsonl")
    most: dict[str, float] = {}
    for entry in entries:
        most[entry["question_id"]] = max(most.get(entry["question_id"], 0.0), entry["score"])
    for entry in entries:
        entry["score"] /= most[entry["question_id"]]
    own = answers_of(entries, grader, "score", None)
    for name, found in (("", own), ("peer, sentence cosine: ", cosines_of(entries, encoder, own))):
        predicted = leave_one_out(found.raw, found.true, found.questions)
        inside = correlation_inside(found.raw, found.true, found.questions)
        start = "            " if name else "partial     SAF networks, leave one question out: "
        yield f"{start}{name}mean r inside a question {inside:.3f}, RMSE {rmse(predicted, found.true):.3f} of 1"
