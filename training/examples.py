"""This file draws labelled examples for the cross-encoder from `pairs/*.jsonl`: what a stretch does to a statement."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PAIRS = Path(__file__).parent / "pairs"
SAYS, TOUCHES, DENIES, ELSEWHERE = range(4)
STATES = {"said": SAYS, "vague": TOUCHES, "contrary": DENIES}
FILLERS = ("um", "uh", "you know", "like", "I mean", "so", "basically", "kind of", "I think", "well")
HELD_OUT = 12
"""Every twelfth question of the first five files is never trained on."""


class Example(NamedTuple):
    """What a stretch of an answer does to a statement."""

    statement: str
    stretch: str
    label: int


def questions(*, held_out: bool) -> list[dict[str, Any]]:
    """Return the questions to train on, or those that are held out."""
    first = [json.loads(line) for line in _lines("[!s]*.jsonl")]
    kept = [each for number, each in enumerate(first) if (number % HELD_OUT == 0) == held_out]
    return kept if held_out else [*kept, *(json.loads(line) for line in _lines("second-*.jsonl"))]


def _lines(pattern: str) -> Iterator[str]:
    for path in sorted(PAIRS.glob(pattern)):
        yield from path.read_text("utf-8").splitlines()


def sloppy(text: str, seed: random.Random) -> str:
    """Return a text as it is spoken or recognised: with fillers, or without capitals and marks."""
    said = text.split()
    if seed.random() < 0.7:
        said = [part for word in said for part in ((seed.choice(FILLERS), word) if seed.random() < 0.07 else (word,))]
    text = " ".join(said)
    return re.sub(r"[^\w\s'%./+-]", "", text.lower()).rstrip(".") if seed.random() < 0.6 else text


def draw(found: list[dict[str, Any]], seed: random.Random) -> list[Example]:
    """Return the examples of one epoch, in random order; context, fillers and windows are drawn anew each time."""
    examples = [example for question in found for example in _of_facts(question["facts"], seed)]
    examples += [
        example for question in found for answer in question["answers"] for example in windows(question, answer, seed)
    ]
    seed.shuffle(examples)
    return examples


def _of_facts(facts: list[dict[str, Any]], seed: random.Random) -> Iterator[Example]:
    for fact in facts:
        others = [other for other in facts if other is not fact]
        one, two = seed.sample(fact["yes"], 2)
        told = [(fact["fact"], text, SAYS) for text in fact["yes"]]
        told += [(fact["fact"], text, DENIES) for text in fact["no"]]
        told += [
            (fact["fact"], fact["half"], TOUCHES),
            (one, two, SAYS),
            (seed.choice(fact["yes"]), seed.choice(fact["no"]), DENIES),
            (seed.choice(fact["no"]), seed.choice([*fact["yes"], fact["fact"]]), DENIES),
        ]
        for statement, text, label in told:
            yield Example(statement, _in_speech(text, others, seed), label)
        for _ in range(2):
            other = seed.choice(others)
            text = seed.choice([*other["yes"], *other["no"], other["half"], other["fact"]])
            yield Example(fact["fact"], sloppy(text, seed) if seed.random() < 0.3 else text, ELSEWHERE)


def _in_speech(text: str, others: list[dict[str, Any]], seed: random.Random) -> str:
    """Return a text, four times in ten with a sentence about another fact before or after it."""
    if seed.random() < 0.4:
        other = seed.choice(others)
        aside = seed.choice([*other["yes"], *other["no"], other["half"]])
        text = f"{text} {aside}" if seed.random() < 0.5 else f"{aside} {text}"
    return sloppy(text, seed) if seed.random() < 0.3 else text


def windows(question: dict[str, Any], answer: dict[str, Any], seed: random.Random) -> Iterator[Example]:
    """Yield stretches of a whole answer: around the parts about each fact, and some that are not about it."""
    parts: list[tuple[str, int | None]] = answer["parts"]
    for index, state in enumerate(answer["states"]):
        statement = question["facts"][index]["fact"]
        own = [place for place, (_, about) in enumerate(parts) if about == index]
        if state in STATES and own:
            low, high = own[0], own[-1]
            if high - low > 2:  # too far apart for one stretch
                low = low if state == "said" else seed.choice(own)
                high = min(low + 1, len(parts) - 1) if state == "said" else low
            low = max(0, low - (seed.random() < 0.5))
            high = min(len(parts) - 1, high + (seed.random() < 0.5))
            yield Example(statement, " ".join(text for text, _ in parts[low : high + 1]), STATES[state])
        free = [place for place, (_, about) in enumerate(parts) if about != index]
        if free and (state == "absent" or seed.random() < 0.3):
            place = seed.choice(free)
            said = [parts[place][0]]
            if place + 1 < len(parts) and parts[place + 1][1] != index and seed.random() < 0.4:
                said.append(parts[place + 1][0])
            yield Example(statement, " ".join(said), ELSEWHERE)
