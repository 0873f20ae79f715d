"""This file searches the catalogue as the user types."""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from sparring.bank.catalog import Catalog
from sparring.bank.vocabulary import FRAME
from sparring.content import Question

WORD = re.compile(r"[^\W_]+[+#]*")
TITLE, TOPIC, PROMPT, POINTS = 8.0, 5.0, 3.0, 1.5
"""Weight of a match by where it is."""
EXACT, PREFIX, TYPO = 1.0, 0.6, 0.25
"""Weight of a match by how good it is."""
TYPO_LENGTH, TYPO_OVERLAP = 5, 0.4
"""Words are searched with typing errors from this length on, if they share this much of their trigrams (Dice)."""

Scores = NDArray[np.float64]
Posting = tuple[NDArray[np.int64], Scores]


class Index:
    """The words of a catalogue and where they are; built once, then read only."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self.postings = _postings(self.questions)
        self.words = sorted(self.postings)
        self.trigrams = _trigram_index(self.words)

    def rank(self, query: str) -> list[Question]:
        """Return the questions in which every word of `query` is found, best first, else in catalogue order.

        Words that only frame a question, such as "how do you", are left aside where there are others.
        """
        given = split(query)
        words = [word for word in given if word not in FRAME] or given
        if not words:
            return [each for each in self.questions if query.strip() in f"{each.title}\n{each.prompt}"]
        total = np.zeros(len(self.questions))
        found = np.ones(len(self.questions), dtype=bool)
        for word in words:
            scores = self._score(word)
            found &= scores > 0
            total += scores
        order = np.argsort(-total, kind="stable")
        return [self.questions[number] for number in order if found[number]]

    def _score(self, word: str) -> Scores:
        """Return, for each question, the weight of its best match with `word`."""
        scores = np.zeros(len(self.questions))
        matches = dict(self._complete(word)) or dict(self._mend(word))
        for known, quality in matches.items():
            documents, weights = self.postings[known]
            scores[documents] = np.maximum(scores[documents], weights * quality)
        return scores

    def _complete(self, start: str) -> Iterator[tuple[str, float]]:
        """Yield the known words that begin with `start`."""
        for position in range(bisect_left(self.words, start), len(self.words)):
            word = self.words[position]
            if not word.startswith(start):
                return
            yield word, EXACT if word == start else PREFIX

    def _mend(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield the known words that `word` may be a misspelling of."""
        if len(word) < TYPO_LENGTH:
            return
        wanted = _trigrams(word)
        shared: dict[str, int] = defaultdict(int)
        for trigram in wanted:
            for known in self.trigrams.get(trigram, ()):
                shared[known] += 1
        for known, count in shared.items():
            overlap = 2 * count / (len(wanted) + len(_trigrams(known)))
            if overlap >= TYPO_OVERLAP:
                yield known, TYPO * overlap


def search(
    catalog: Catalog,
    query: str,
    *,
    kinds: Collection[str] = (),
    topics: Collection[str] = (),
    years: int | None = None,
    packs: Collection[str] = (),
    drafts: bool | None = None,
) -> list[Question]:
    """Return the questions that match `query` and all filters, best first.

    An empty query and an empty filter let everything through. `years` keeps what is asked from that many years of
    experience or fewer; `drafts` keeps only drafts or only finished questions.
    """
    return [
        question
        for question in index_of(catalog).rank(query)
        if (not kinds or question.kind in kinds)
        and (not topics or question.topic in topics)
        and (years is None or question.years.from_ <= years)
        and (not packs or question.pack in packs)
        and (drafts is None or question.draft == drafts)
    ]


def index_of(catalog: Catalog) -> Index:
    """Return the index of `catalog`, built at its first use and kept as long as the catalogue."""
    if catalog not in _INDEXES:
        _INDEXES[catalog] = Index(tuple(catalog.questions.values()))
    return _INDEXES[catalog]


_INDEXES: WeakKeyDictionary[Catalog, Index] = WeakKeyDictionary()


def split(text: str) -> list[str]:
    """Return the words of `text` in lower case and without accents; `C++` and `C#` keep their signs."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return WORD.findall(plain)


def _fields(question: Question) -> Iterator[tuple[float, str]]:
    yield TITLE, question.title
    yield TOPIC, " ".join((question.id, question.topic, question.kind, *question.stacks))
    yield PROMPT, " ".join((question.prompt, *question.asked_as))
    yield POINTS, " ".join(point.says for point in question.points)


def _postings(questions: Iterable[Question]) -> dict[str, Posting]:
    best: dict[str, dict[int, float]] = defaultdict(dict)
    for number, question in enumerate(questions):
        for weight, text in _fields(question):
            for word in split(text):
                best[word].setdefault(number, weight)  # the fields come best first
    return {
        word: (np.fromiter(found, dtype=np.int64), np.fromiter(found.values(), dtype=np.float64))
        for word, found in best.items()
    }


def _trigram_index(words: Iterable[str]) -> Mapping[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= TYPO_LENGTH - 1:
            for trigram in _trigrams(word):
                index[trigram].append(word)
    return index


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
