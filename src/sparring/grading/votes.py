"""This file reads a model's replies as votes: it believes only what they quote, and counts them by criterion."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from sparring.grading import abuse
from sparring.grading.grade import Criterion, Finding
from sparring.grading.rubric import Rubric
from sparring.grading.score import VERDICTS
from sparring.grading.units import Unit, readable, units
from sparring.grading.words import STOP, words

MAJORITY = 2
"""Votes for one verdict, of three, that make it count."""


TALK = re.compile(
    r"```\s*json|<\|[^|>]{1,40}\|>|</?(?:system|assistant|user|answer|rubric|instructions?)\b|\[/?inst\]"
    r"|^\W*(?:begin|end|new)?\W*(?:system|assistant|developer) (?:prompt|message|instructions?)\b"
    r"|\bnew instructions?\b"
    r"|\b(?:note|message|reminder) (?:to|for) (?:the )?(?:grader|judge|examiner|evaluator|model|ai)\b"
    r"|[:=]\s*[\"']?(?:met|100)[\"']?\s*(?:[,;.}\])]|$)"
    r"|\b(?:treat|mark|count|consider|accept|judge|report)\b"
    r".{0,40}\b(?:criteri(?:on|a)|points?|rubric|everything|answer)\b"
    r".{0,30}\b(?:met|satisfied|correct|complete|passed|covered|perfect)\b",
    re.IGNORECASE,
)
"""Words addressed to a model, which the rules need not know of: they do not listen."""


class BadReply(ValueError):
    """The model's message is not the JSON that was asked for."""


class _Said(Struct, frozen=True):
    """One finding as the model gives it."""

    criterion: str
    verdict: Literal["met", "partly", "missed", "contradicted", "present"]
    quote: str = ""


class _Reply(Struct, frozen=True):
    findings: tuple[_Said, ...]


class Vote(Struct, frozen=True):
    """What one reply says that can be believed, by criterion, and the criteria of which it says what cannot be."""

    findings: dict[str, Finding]
    dropped: frozenset[str]


class Count(Struct, frozen=True):
    """What the votes came to: a finding where most agree, and the criteria about which they are split."""

    findings: dict[str, Finding]
    split: tuple[str, ...]


class Ground:
    """What a model may speak of: the criteria it was asked about, and the text of the answer that counts as said.

    Text that is set aside, for instance since it talks to the grader, proves nothing; nor does text past the end of
    what is read.
    """

    def __init__(self, rubric: Rubric, answer: str) -> None:
        self.kinds: dict[str, Criterion] = {point.id: "key-point" for point in rubric.points}
        self.kinds |= {flag.id: "red-flag" for flag in rubric.flags}
        self._answer = answer
        self._end = readable(answer)
        found = units(answer)
        ends = [0, *(unit.end for unit in found)]
        spans = [Unit(start, unit.end) for start, unit in zip(ends, found, strict=False)]
        talk = [span for span in spans if _talks(answer[span.start : span.end])]
        asides = abuse.set_aside(answer, found, rubric.prompt, rubric.reference)
        self._asides = [*talk, *(aside.unit for aside in asides)]
        self.is_addressed = bool(talk)
        """Whether a part of the answer talks to the grader."""

    def place(self, quote: str) -> Unit | None:
        """Return where the answer has `quote`, word for word, as something that was said; None where it has not."""
        if not any(word.text not in STOP for word in words(quote)):
            return None
        for found in re.finditer(re.escape(quote), self._answer[: self._end]):
            start, end = found.span()
            aside = any(start < each.end and each.start < end for each in self._asides)
            if not aside and not self._cuts_word(start) and not self._cuts_word(end):
                return Unit(start, end)
        return None

    def _cuts_word(self, at: int) -> bool:
        around = self._answer[max(at - 1, 0) : at + 1]
        return 0 < at < len(self._answer) and around.isascii() and around.isalnum()


def _talks(text: str) -> bool:
    return bool(abuse.ORDER.search(text) or TALK.search(text))


def vote_of(content: str, ground: Ground) -> Vote:
    """Return the vote that a model's message is.

    A reply has one vote a criterion: where it gives two verdicts on the same one, neither is believed.

    Raises:
        BadReply: the message holds no findings.
    """
    try:
        said = msgspec.json.decode(content[content.find("{") : content.rfind("}") + 1], type=_Reply).findings
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadReply("the model's message was not the JSON that was asked for") from None
    findings: dict[str, Finding] = {}
    dropped: set[str] = set()
    for each in said:
        finding = _checked(each, ground)
        before = findings.get(each.criterion)
        if finding is None or (before and before.verdict != finding.verdict):
            dropped.add(each.criterion)
        elif before is None:
            findings[each.criterion] = finding
    believed = {name: finding for name, finding in findings.items() if name not in dropped}
    return Vote(believed, frozenset(dropped))


def _checked(said: _Said, ground: Ground) -> Finding | None:
    """Return the finding where it can be believed: a criterion that was asked about, and a quote from the answer."""
    kind = ground.kinds.get(said.criterion)
    if kind is None or said.verdict not in VERDICTS[kind]:
        return None
    if said.verdict == "missed":
        return Finding(criterion=said.criterion, kind=kind, verdict="missed", basis="model")
    place = ground.place(said.quote)
    if place is None:
        return None
    return Finding(
        criterion=said.criterion,
        kind=kind,
        verdict=said.verdict,
        quote=said.quote,
        start=place.start,
        end=place.end,
        basis="model",
    )


def count(votes: Sequence[Vote], kinds: Mapping[str, Criterion], *, needed: int = MAJORITY) -> Count:
    """Return what the votes came to, where `needed` must agree.

    The finding of a majority is the earliest vote for it, with the quote that this one gave.
    """
    found, split = {}, []
    for name in kinds:
        cast = [vote.findings[name] for vote in votes if name in vote.findings]
        tally = Counter(finding.verdict for finding in cast)
        if won := next((finding for finding in cast if tally[finding.verdict] >= needed), None):
            found[name] = won
        elif cast:
            split.append(name)
    return Count(found, tuple(split))
