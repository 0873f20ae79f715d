"""This file grades an answer offline: each point by the stretches of the answer that say it best or deny it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sparring.content import Point, RedFlag
from sparring.grading import abuse
from sparring.grading.alignment import Alignment, Floats, Statements, about, align, statements
from sparring.grading.by_reference import ReferenceGrader
from sparring.grading.coverage import NOTHING, evidence, likelihood
from sparring.grading.embedding import Encoder, TokenVectors
from sparring.grading.grade import Criterion, Finding, Grade, Verdict, rating_of
from sparring.grading.inference import Inference
from sparring.grading.judgement import TURNED_ROUND, Likely, Signs, judge, share_of, verdict_of
from sparring.grading.polarity import disagreement, refutes, turned_places
from sparring.grading.rubric import Rubric
from sparring.grading.score import choice_finding, confidence_of, share, total
from sparring.grading.structure import structure_findings
from sparring.grading.units import Unit, clauses, units
from sparring.grading.wordpiece import pieces

FLAGGED = 0.78
"""Probability from which a red flag counts as present."""

KEPT_RUBRICS = 32
"""Rubrics whose vectors are kept, about a megabyte each."""

LITERAL = 2.5
NEARER, NEARER_LITERAL = 2.0, 1.0
"""How much more evidence a contradicting wording or a red flag needs than the points: they are worded alike, and of the
bank's own wordings that make a point one in twenty is nearer to a contradiction by so much. A contradicting wording
that is said almost literally needs less."""

COPIED = 0.7
"""Share of a point that an answer must copy before a changed word in it turns it round."""

WIDTH = 0.04
"""What the interval is wider by, to either side, than the doubt about single points makes it; so it holds the readers'
score of four in five of the benchmark's 120 spoken answers."""

SHORTEST = 3
"""Word pieces below which a stretch makes no point, unless it is the whole answer: "Data" alone says nothing."""

BEGINNING = 64
"""Word pieces of the answer that are read to see what it is about."""

NOTABLE = -1.0
"""Evidence from which a statement and a segment are compared word by word."""

CAUGHT = 0.5
"""Probability from which a wording that contradicts a point, or a copy of it turned round, is what is quoted."""

NONE = -9.0
"""Evidence of a statement that cannot be said here."""


Flags = NDArray[np.bool_]


class Wordings(Struct, frozen=True):
    """The rows, first to last, that a criterion has among a rubric's wordings."""

    first: int
    last: int


class Prepared(Struct, frozen=True):
    """A rubric with everything encoded that does not depend on the answer."""

    texts: tuple[str, ...]
    known: Statements
    says: dict[str, Wordings]
    denies: dict[str, Wordings]
    flagged: frozenset[int]
    points: tuple[str, ...]
    reference: str


class Segment(Struct, frozen=True):
    """A stretch of the answer that is judged by itself; `unit` is the sentence or sentences that are quoted for it."""

    start: int
    end: int
    unit: Unit
    tokens: tuple[int, int]
    two: bool = False
    """Whether it spans two units; what turns one of them round says nothing of the other."""


class Reading(Struct, frozen=True):
    """How likely each criterion is said and denied, segment by segment, and what else tells about the points."""

    segments: tuple[Segment, ...]
    pro: dict[str, Floats]
    con: dict[str, Floats]
    signs: dict[str, Signs]
    windows: dict[str, Segment]
    """The two sentences that say most of each point."""
    turned: frozenset[str]
    """Points that the answer copies almost word for word and turns round."""


class RuleGrader:
    """Judges by rules and the embedding model; the same answer always gets the same grade. Threads may share it."""

    def __init__(self, encoder: Encoder, inference: Inference | None = None) -> None:
        self._encoder = encoder
        self._inference = inference or Inference()
        self._prepared = lru_cache(maxsize=KEPT_RUBRICS)(self._prepare)
        self._by_reference = ReferenceGrader(encoder)

    def prepare(self, rubric: Rubric) -> None:
        """Encode a rubric and read the models ahead, for instance while the candidate reads the question.

        Raises:
            ModelError: when a model is missing or broken.
        """
        if rubric.proposed:
            self._by_reference.prepare(rubric)
        else:
            self._prepared(rubric)
            self._inference.warm()

    def grade(self, rubric: Rubric, answer: str) -> Grade:
        """Return the grade of an answer.

        Raises:
            ModelError: when the embedding model is missing or broken.
        """
        if rubric.proposed:
            return self._by_reference.grade(rubric, answer)
        found = units(answer)
        asides = abuse.set_aside(answer, found, rubric.prompt, rubric.reference)
        out = {aside.unit for aside in asides}
        kept = [unit for unit in found if unit not in out]
        reading = self._read(self._prepared(rubric), answer, kept)
        likely = self._judge(rubric, reading, answer)
        findings = _findings(rubric, reading, likely, answer, kept)
        notes = [*abuse.limits(answer, found), *abuse.notes(asides, len(found))]
        return _graded(rubric, findings, likely, notes)

    def _judge(self, rubric: Rubric, reading: Reading, answer: str) -> dict[str, Likely]:
        """Return how likely each verdict is, for each point; none where nothing was said."""
        points = rubric.points if reading.segments else ()
        windows = [reading.windows[point.id] for point in points]
        relations = [
            self._inference.relate(point.says, answer[window.start : window.end])
            for point, window in zip(points, windows, strict=True)
        ]
        found = judge([reading.signs[point.id] for point in points], relations)
        likely = {point.id: each for point, each in zip(points, found, strict=True)}
        return likely | dict.fromkeys(reading.turned, TURNED_ROUND)

    def _prepare(self, rubric: Rubric) -> Prepared:
        texts: list[str] = []

        def rows(wordings: Sequence[str]) -> Wordings:
            texts.extend(wordings)
            return Wordings(len(texts) - len(wordings), len(texts))

        says = {point.id: rows((point.says, *point.counts)) for point in rubric.points}
        flags = {flag.id: rows((flag.says, *flag.counts)) for flag in rubric.flags}
        flagged = frozenset(row for each in flags.values() for row in range(each.first, each.last))
        denies = {point.id: rows(point.against) for point in rubric.points}
        asked = frozenset(piece.id for piece in pieces(rubric.prompt))
        known = statements(self._encoder.tokens(texts), asked)
        return Prepared(
            texts=tuple(texts),
            known=known,
            says=says | flags,
            denies=denies,
            flagged=flagged,
            points=tuple(point.says for point in rubric.points),
            reference=rubric.reference,
        )

    def _read(self, prepared: Prepared, answer: str, found: Sequence[Unit]) -> Reading:
        tokens = self._encoder.in_context(answer, [(unit.start, unit.end) for unit in found])
        segments = _segments(answer, found, tokens)
        if not segments:
            return Reading(segments=(), pro={}, con={}, signs={}, windows={}, turned=frozenset())
        aligned = align(prepared.known, tokens, [segment.tokens for segment in segments])
        turned = _turned(prepared, answer, segments, evidence(aligned))
        return _reading(prepared, segments, aligned, turned, about(prepared.known, tokens, BEGINNING))


def _segments(answer: str, found: Sequence[Unit], tokens: Sequence[TokenVectors]) -> list[Segment]:
    """Return every unit, its clauses, and each two units that follow one another."""
    segments: list[Segment] = []
    first, spans, fewest = 0, [], SHORTEST if len(found) > 1 else 1
    for unit, text in zip(found, tokens, strict=True):
        for part in (unit, *clauses(answer, unit)):
            inside = [
                first + index
                for index, piece in enumerate(text.pieces)
                if part.start <= unit.start + piece.start < part.end
            ]
            if len(inside) >= fewest:
                segments.append(Segment(part.start, part.end, unit, (inside[0], inside[-1] + 1)))
        spans.append((first, first + len(text.pieces)))
        first += len(text.pieces)
    for one, two, (low, _), (_, high) in zip(found, found[1:], spans, spans[1:], strict=False):
        if high > low:
            segments.append(Segment(one.start, two.end, Unit(one.start, two.end), (low, high), two=True))
    return segments


def _turned(prepared: Prepared, answer: str, segments: Sequence[Segment], said: Floats) -> tuple[Flags, Flags]:
    """Tell what denies: segments that copy a point or the reference and turn it round, and pairs that disagree.

    The first are an array over segments, the second one over statements and segments.
    """
    places = turned_places(answer, prepared.reference)
    for statement in prepared.points:
        places += turned_places(answer, statement, least=COPIED)
    copied = np.array([any(segment.start <= place < segment.end for place in places) for segment in segments])
    differs = np.zeros(said.shape, dtype=bool)
    for row, column in zip(*np.nonzero(said > NOTABLE), strict=True):
        segment = segments[column]
        text = answer[segment.start : segment.end]
        if row in prepared.flagged:
            differs[row, column] = refutes(answer[segment.unit.start : segment.unit.end], prepared.texts[row])
        else:
            differs[row, column] = bool(disagreement(text, prepared.texts[row]))
    return copied, differs


def _reading(
    prepared: Prepared, segments: Sequence[Segment], aligned: Alignment, turned: tuple[Flags, Flags], subject: float
) -> Reading:
    """Return how likely each criterion is said and denied; what is nearer to another point is not evidence."""
    said, (copied, differs) = evidence(aligned), turned
    alone = np.array([not segment.two for segment in segments])
    agreed, reverse = np.where(copied | differs, NONE, said), np.where(copied & alone, said, NONE)
    own = np.stack([_best(prepared.says[name], agreed) for name in prepared.denies])
    top = own.max(axis=0)
    denied = np.where(differs, NONE, said)
    contrary = np.stack([_best(rows, denied) for rows in prepared.denies.values()])

    def likely(rows: Wordings, values: Floats, rivals: Floats) -> Floats:
        return likelihood(_best(rows, values), rivals, _best(rows, aligned.cosine), subject)

    pro, con, reversed_ = {}, {}, []
    for index, name in enumerate(prepared.denies):
        says, denies = prepared.says[name], prepared.denies[name]
        rivals = np.delete(own, index, axis=0).max(axis=0, initial=NONE)
        lead = np.where(contrary[index] >= LITERAL, NEARER_LITERAL, NEARER)
        nearer = contrary[index] - own[index] >= lead
        others = np.maximum(top + lead, np.delete(contrary, index, axis=0).max(axis=0, initial=NONE))
        pro[name] = np.where(nearer, 0.0, likely(says, agreed, rivals))
        copy = likely(says, reverse, rivals)
        con[name] = np.maximum(likely(denies, denied, others), copy)
        if copy.max() >= max(CAUGHT, pro[name].max()):
            reversed_.append(name)
    for name in prepared.says.keys() - prepared.denies.keys():
        pro[name] = likely(prepared.says[name], agreed, top + NEARER)
    signs, windows = _signs(prepared, segments, aligned, subject, (pro, con))
    return Reading(
        segments=tuple(segments), pro=pro, con=con, signs=signs, windows=windows, turned=frozenset(reversed_)
    )


def _signs(
    prepared: Prepared,
    segments: Sequence[Segment],
    aligned: Alignment,
    subject: float,
    likely: tuple[Mapping[str, Floats], Mapping[str, Floats]],
) -> tuple[dict[str, Signs], dict[str, Segment]]:
    """Return what the words tell about each point, and the two sentences that say most of it."""
    said, (pro, con) = evidence(aligned), likely
    evident = np.stack([_best(prepared.says[name], said) for name in prepared.denies])
    wide = [segment.two for segment in segments] if any(segment.two for segment in segments) else [True] * len(segments)
    signs, windows = {}, {}
    for index, (name, denies) in enumerate(prepared.denies.items()):
        best = int(evident[index].argmax())
        windows[name] = segments[int(np.where(wide, evident[index], NONE - 1).argmax())]
        signs[name] = Signs(
            own=float(evident[index, best]),
            rival=float(np.delete(evident, index, axis=0).max(axis=0, initial=NOTHING)[best]),
            contrary=float(_best(denies, said).max()),
            close=float(_best(prepared.says[name], aligned.cosine)[best]),
            subject=subject,
            said=float(pro[name].max()),
            denied=float(con[name].max()),
        )
    return signs, windows


def _best(rows: Wordings, values: Floats) -> Floats:
    best: Floats = values[rows.first : rows.last].max(axis=0, initial=NONE)
    return best


def _findings(
    rubric: Rubric, reading: Reading, likely: Mapping[str, Likely], answer: str, found: Sequence[Unit]
) -> list[Finding]:
    points = [_point(point, reading, likely.get(point.id), answer) for point in rubric.points]
    by_id = {finding.criterion: finding for finding in points}
    choices = [choice_finding(choice, [by_id[name] for name in choice.of]) for choice in rubric.choices]
    flags = [_flag(flag, reading, answer) for flag in rubric.flags]
    structure = structure_findings(answer, found) if rubric.kind == "story" else []
    return [*points, *choices, *flags, *structure]


def _point(point: Point, reading: Reading, likely: Likely | None, answer: str) -> Finding:
    """Return the verdict about a point; what denies it is quoted as it was read, what says it by its best sentence."""
    verdict = verdict_of(likely) if likely else "missed"
    if verdict == "missed":
        return Finding(criterion=point.id, kind="key-point", verdict=verdict)
    if verdict == "contradicted" and reading.con[point.id].max() < CAUGHT:
        return _quoted(point.id, "key-point", verdict, reading.windows[point.id], answer)
    decided = reading.con[point.id] if verdict == "contradicted" else reading.pro[point.id]
    return _quoted(point.id, "key-point", verdict, reading.segments[int(decided.argmax())], answer)


def _flag(flag: RedFlag, reading: Reading, answer: str) -> Finding:
    if not reading.segments:
        return Finding(criterion=flag.id, kind="red-flag", verdict="missed")
    pro = reading.pro[flag.id]
    best = int(pro.argmax())
    return _quoted(flag.id, "red-flag", "present" if pro[best] >= FLAGGED else "missed", reading.segments[best], answer)


def _quoted(criterion: str, kind: Criterion, verdict: Verdict, segment: Segment, answer: str) -> Finding:
    if verdict == "missed":
        return Finding(criterion=criterion, kind=kind, verdict=verdict)
    start, end = segment.unit.start, segment.unit.end
    return Finding(criterion=criterion, kind=kind, verdict=verdict, quote=answer[start:end], start=start, end=end)


def _graded(rubric: Rubric, findings: Sequence[Finding], likely: Mapping[str, Likely], notes: list[str]) -> Grade:
    worth = share(rubric, findings, {name: each.worth for name, each in likely.items()})
    value = total(share_of(worth), findings)
    weights = np.array([point.weight for point in rubric.points], dtype=float)
    variances = np.array([likely[point.id].variance if likely else 0.0 for point in rubric.points])
    spread = float(np.sqrt((np.square(weights / weights.sum()) * variances).sum()))
    width = 1.28 * spread + WIDTH
    interval = (round(max(0.0, value - width), 4), round(min(1.0, value + width), 4))
    if any(finding.verdict == "present" for finding in findings):
        notes.append("A red flag limits the score.")
    return Grade(
        score=value,
        rating=rating_of(value),
        basis="rule",
        confidence=confidence_of(interval, proposed=False),
        interval=interval,
        findings=tuple(findings),
        notes=tuple(notes),
    )
