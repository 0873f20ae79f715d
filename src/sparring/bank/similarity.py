"""This file groups questions that ask the same thing, and keeps apart those that only share a topic.

Two wordings ask the same if they have the same intent, set the question apart by the same names, and are about the same
words, where one may add a tail that only says where or what for. A word of substance that one has and the other lacks
makes another question: a clustered index is not an index. How a thing is done may be qualified (a legacy monolith);
there the sentence embedding, where it is given, says whether the qualification changes the question. Embeddings alone
cannot: they put "inner join" as near to "outer join" as two wordings of one question are to each other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sparring.bank.vocabulary import Intent
from sparring.bank.wording import CONTEXT, Wording, normal, read_wording
from sparring.content import Question

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns texts into unit vectors, one row a text."""

SAME, CLOSE = 0.8, 0.7
"""Overlap of the focus (Dice, weighted) from which two wordings ask the same, and from which meaning may decide."""
NEAR_QUALIFIED, NEAR_TAIL = 0.84, 0.7
"""Cosine from which a close pair is the same: where one adds a word of substance, and where it only adds a tail."""
BUDGET = 2_000
"""Most texts that are embedded for one grouping: about 15 s on one core."""

Pair = tuple[int, int]


class Grouping(Struct, frozen=True):
    """Groups of indexes that ask the same thing.

    `undecided` counts the pairs that only the embedding could have joined and that were left apart, because none was
    given or more texts than the budget would have had to be embedded.
    """

    groups: list[list[int]]
    undecided: int


class _Form(Struct, frozen=True):
    """One distinct way to ask: the wording, a text that has it, and the total weight of its focus."""

    wording: Wording
    text: str
    weight: float


def group(texts: Sequence[str], embed: Embed | None = None) -> list[list[int]]:
    """Return the indexes of `texts` in groups that ask the same thing, each index once.

    Groups are ordered by their first index and members ascend; the partition does not depend on the order of `texts`.
    """
    return compare(texts, embed).groups


def compare(texts: Sequence[str], embed: Embed | None = None, budget: int = BUDGET) -> Grouping:
    """Group `texts` as `group` does, and say how many pairs were left undecided.

    If more than `budget` texts would have to be embedded, none is: a grouping never rests half on one measure.
    """
    forms, members = _forms(texts)
    same, close = _pairs(forms)
    asked = sorted({number for pair in close for number in pair})
    if embed and asked and len(asked) <= budget:
        same |= _near(forms, close, asked, embed)
        close = {}
    joined = _link(len(forms), same)
    groups = sorted(sorted(index for form in cluster for index in members[form]) for cluster in joined)
    return Grouping(groups, len(close))


def wordings(question: Question) -> tuple[str, ...]:
    """Return all the ways in which `question` is known to be asked: its prompt, and its short wordings."""
    return (question.prompt, *question.asked_as)


def overlap(one: Wording, other: Wording) -> float:
    """Return how much of their focus two wordings share, 0 to 1 (the Dice coefficient, weighted)."""
    common = different = 0.0
    for word in one.focus.keys() | other.focus.keys():
        low, high = sorted((one.focus.get(word, 0.0), other.focus.get(word, 0.0)))
        if low > CONTEXT:
            common += high
        else:
            common += low
            different += high - low
    return 2 * common / (2 * common + different)


def _forms(texts: Sequence[str]) -> tuple[list[_Form], list[list[int]]]:
    """Return the distinct forms in an order that does not depend on that of `texts`, and the indexes of each."""
    by_text: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        by_text[normal(text)].append(index)
    by_form: dict[str, tuple[_Form, list[int]]] = {}
    for text in sorted(by_text):
        wording = read_wording(text)
        key = repr((wording.intents, sorted(wording.focus.items()), sorted(wording.names)))
        form = _Form(wording, text, sum(wording.focus.values()))
        by_form.setdefault(key, (form, []))[1].extend(by_text[text])
    ordered = [by_form[key] for key in sorted(by_form)]
    return [form for form, _ in ordered], [indexes for _, indexes in ordered]


def _pairs(forms: Sequence[_Form]) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """Return the pairs of forms that are the same with their overlap, and the close ones with the cosine they need."""
    same: dict[Pair, float] = {}
    close: dict[Pair, float] = {}
    for one, other in _candidates(forms):
        shared = overlap(forms[one].wording, forms[other].wording)
        needed = _needed(forms[one].wording, forms[other].wording, shared)
        if needed == 0:
            same[one, other] = shared
        elif needed < 1:
            close[one, other] = needed
    return same, close


def _needed(one: Wording, other: Wording, shared: float) -> float:
    """Return how near two wordings must be in meaning to be the same: 0 if they are anyway, 1 if they cannot be."""
    defined = {one.intents[0], other.intents[0]} & {"define", "compare"}
    added = one.subject - other.focus.keys() or other.subject - one.focus.keys()
    if shared < CLOSE or (added and defined):
        return 1
    if not defined and _own(one, other) and _own(other, one):
        return 1
    if added:
        return NEAR_QUALIFIED
    return 0 if shared >= SAME else NEAR_TAIL


def _own(one: Wording, other: Wording) -> bool:
    """Whether `one` says something that `other` does not, be it in a tail."""
    return any(weight > CONTEXT and word not in other.focus for word, weight in one.focus.items())


def _candidates(forms: Sequence[_Form]) -> Iterator[Pair]:
    """Yield the pairs with an intent in common and the same names of which one has the whole subject of the other."""
    holders: dict[tuple[Intent, frozenset[str], str], set[int]] = defaultdict(set)
    for number, form in enumerate(forms):
        for intent, word in product(form.wording.intents, form.wording.focus):
            holders[intent, form.wording.names, word].add(number)
    for number, form in enumerate(forms):
        limit = form.weight * (2 / CLOSE - 1)  # a heavier one cannot be close
        for other in sorted(_holding(form.wording, holders)):
            mutual = form.wording.subject.issuperset(forms[other].wording.subject)
            if forms[other].weight <= limit and number != other and not (mutual and other < number):
                yield min(number, other), max(number, other)


def _holding(wording: Wording, holders: Mapping[tuple[Intent, frozenset[str], str], set[int]]) -> set[int]:
    """Return the forms that have all of the subject of `wording`."""
    found: set[int] = set()
    for intent in wording.intents:
        sets = sorted((holders[intent, wording.names, word] for word in wording.subject), key=len)
        found |= sets[0].intersection(*sets[1:])
    return found


def _near(forms: Sequence[_Form], close: dict[Pair, float], asked: Sequence[int], embed: Embed) -> dict[Pair, float]:
    """Return the close pairs that the embedding finds the same, with their overlap."""
    # One text a call: an int8 model scales a batch by its largest activation, so neighbours would change the result.
    vectors = {number: embed([forms[number].text])[0] for number in asked}
    return {
        (one, other): overlap(forms[one].wording, forms[other].wording)
        for (one, other), needed in close.items()
        if float(vectors[one] @ vectors[other]) >= needed
    }


def _link(count: int, same: dict[Pair, float]) -> Iterable[list[int]]:
    """Join forms, the most alike first; two clusters are joined only if all their members are pairs (complete linkage).

    Without that, a chain of small steps would join questions that have nothing to do with each other.
    """
    cluster = {number: [number] for number in range(count)}
    of = list(range(count))
    for one, other in sorted(same, key=lambda pair: (-same[pair], pair)):
        first, second = of[one], of[other]
        if first == second:
            continue
        if all((min(pair), max(pair)) in same for pair in product(cluster[first], cluster[second])):
            for number in cluster[second]:
                of[number] = first
            cluster[first] += cluster.pop(second)
    return cluster.values()
