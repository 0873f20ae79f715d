"""This file finds where two statements about the same thing disagree: negation, opposites, quantities, direction.

No similarity of meaning vectors sees that "is safe" and "is not safe" differ, so the words are compared.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache

from msgspec import Struct

from sparring.grading.words import STOP, Word, stem, words

NEGATORS = frozenset(
    ["not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "cannot", "hardly", "isnt", "dont"]
)
"""Words that turn what follows; contractions in n't are found by their ending."""

DOUBTS = frozenset(
    [
        "wrong",
        "mistake",
        "myth",
        "instead",
        "rather",
        "without",
        "avoid",
        "misleading",
        "useless",
        "unlike",
        "only",
        "less",
    ]
)
"""Words that, beside the negators, show that a claim is mentioned and not made."""

RUN = 5
LONGEST_CHANGE = 4
"""Words that must be copied around a change, and the words that a change may have."""

SCOPE = 3
"""Content words after a negator that it turns, within its clause."""

SAME = 0.6
"""Share of the shorter statement's content words that the other must have before they can disagree."""

COPIED = 0.8
"""Share from which one statement is a near copy of the other, so that any change of polarity or number counts."""

_OPPOSITES = """
more/less/fewer many/few most/least increase/decrease/reduce raise/lower grow/shrink rise/fall faster/slower fast/slow
quick/slow high/low higher/lower large/small larger/smaller big/small bigger/smaller long/short longer/shorter
before/after earlier/later early/late first/last always/never/sometimes all/none every/no everything/nothing
safe/unsafe safe/dangerous secure/insecure stateless/stateful synchronous/asynchronous sync/async strong/weak
stronger/weaker possible/impossible same/different equal/different add/remove allow/forbid allow/prevent accept/reject
accept/refuse enable/disable open/close open/closed start/stop succeed/fail success/failure better/worse best/worst
good/bad cheap/expensive easy/hard simple/complex client/server read/write reader/writer sender/receiver push/pull
input/output internal/external public/private local/remote local/global static/dynamic fixed/random
mutable/immutable ordered/unordered reliable/unreliable consistent/inconsistent bounded/unbounded limited/unlimited
optimistic/pessimistic horizontal/vertical valid/invalid sufficient/insufficient necessary/unnecessary
commit/rollback encrypt/decrypt encode/decode lock/unlock inside/outside above/below over/under up/down
idempotent/non-idempotent blocking/non-blocking shared/separate together/separately minimum/maximum
duplicate/unique temporary/permanent optional/required trust/distrust with/without guarantee/risk
help/hurt gain/lose keep/drop keep/discard
"""

_CLAUSE = re.compile(r"[,;:.!?()]|\b(?:but|because|so|although|while|whereas|unless|if|when|and|or|which)\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TURNING = frozenset(("before", "after", "than", "into", "to", "from", "over", "instead"))


class Statement(Struct, frozen=True):
    """The words of a statement that polarity rests on."""

    stems: frozenset[str]
    turned: frozenset[str]
    negators: int
    numbers: frozenset[str]
    text: str


def disagreement(said: str, meant: str) -> str:
    """Return in words how `said` disagrees with `meant`, or nothing where no disagreement can be seen."""
    left, right = _read(said), _read(meant)
    swapped = _opposites_between(left, right)
    overlap = _overlap(left, right, swapped)
    if overlap < SAME:
        return ""
    copied = overlap >= COPIED and len(left.stems & right.stems) >= SAME * max(len(left.stems), len(right.stems))
    negated = _negation_differs(left, right, copied=copied)
    if bool(swapped) != negated:
        return (
            f"says {' and '.join(f'{a} for {b}' for a, b in sorted(swapped))}" if swapped else "one of them is negated"
        )
    if copied and left.numbers and right.numbers and not left.numbers & right.numbers:
        return f"says {', '.join(sorted(left.numbers))} for {', '.join(sorted(right.numbers))}"
    return "the direction is the other way round" if copied and _reversed(left.text, right.text) else ""


def refutes(said: str, claim: str) -> bool:
    """Tell whether a sentence that is about a claim denies it, or holds a negation or doubt that the claim has not."""
    if disagreement(said, claim):
        return True
    return _doubts(said) and not _read(said).turned & _read(claim).turned


def turned_places(said: str, meant: str, least: float = 0.0) -> list[int]:
    """Return where `said` copies `meant` word for word but for a small change that turns its meaning round.

    A change counts between runs of copied words, `RUN` in all, and when it adds or drops one negation or puts a word
    for its opposite. Works without punctuation, as speech comes. `least` is the share of `meant` that must be copied
    in all.
    """
    left, right = words(said), words(meant)
    common = {word.text for word in left} & {word.text for word in right}
    if sum(word.text in common for word in right) < max(least * len(right), RUN):
        return []
    matcher = SequenceMatcher(None, [word.text for word in left], [word.text for word in right], autojunk=False)
    codes = matcher.get_opcodes()
    if sum(high - low for tag, low, high, _, _ in codes if tag == "equal") < least * len(right):
        return []
    places = []
    for index, (tag, low, high, first, last) in enumerate(codes):
        if tag == "equal" or max(high - low, last - first) > LONGEST_CHANGE:
            continue
        around = [codes[near] for near in (index - 1, index + 1) if 0 <= near < len(codes)]
        copied = sum(stop - start for kind, start, stop, _, _ in around if kind == "equal")
        if copied >= RUN and _turns([word.text for word in left[low:high]], [word.text for word in right[first:last]]):
            places.append(left[min(low, len(left) - 1)].start)
    return places


def _doubts(text: str) -> bool:
    return any(_negates(word.text) or word.text in DOUBTS for word in words(text))


def _turns(put: Sequence[str], dropped: Sequence[str]) -> bool:
    """Tell whether words put in the place of others turn the meaning round."""
    negations = sum(map(_negates, put)) - sum(map(_negates, dropped))
    others = {word for word in dropped if not _negates(word)}
    swaps = sum(bool(opposites().get(word, frozenset()) & others) for word in put if not _negates(word))
    return (negations + swaps) % 2 == 1


@lru_cache(maxsize=4096)
def _read(text: str) -> Statement:
    found = words(text)
    content = [word for word in found if _carries(word.text)]
    return Statement(
        stems=frozenset(stem(word.text) for word in content),
        turned=frozenset(_turned(text, found)),
        negators=sum(_negates(word.text) for word in found),
        numbers=frozenset(_NUMBER.findall(text)),
        text=text,
    )


def _carries(word: str) -> bool:
    return (word not in STOP or word in opposites()) and not _negates(word)


def _negates(word: str) -> bool:
    return word in NEGATORS or word.endswith("n't")


def _turned(text: str, found: Sequence[Word]) -> list[str]:
    """Return the stems of the content words that a negator in their clause turns."""
    turned, left, last = [], 0, 0
    for word in found:
        if _CLAUSE.search(text, last, word.start) or _CLAUSE.fullmatch(word.text):
            left = 0
        if _negates(word.text):
            left = SCOPE
        elif left and _carries(word.text):
            turned.append(stem(word.text))
            left -= 1
        last = word.end
    return turned


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Return the opposites of each word that has some."""
    table: dict[str, set[str]] = {}
    for group in _OPPOSITES.split():
        first, *others = group.split("/")
        for other in others:
            table.setdefault(first, set()).add(other)
            table.setdefault(other, set()).add(first)
    return {word: frozenset(others) for word, others in table.items()}


@cache
def _opposite_stems() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for word, others in opposites().items():
        table.setdefault(stem(word), set()).update(stem(other) for other in others)
    return {word: frozenset(others) for word, others in table.items()}


def _opposites_between(left: Statement, right: Statement) -> set[tuple[str, str]]:
    """Return the pairs of opposites where each statement has its own side and not the other's."""
    table = _opposite_stems()
    return {
        (mine, other)
        for mine in left.stems - right.stems
        for other in table.get(mine, frozenset()) & (right.stems - left.stems)
    }


def _overlap(left: Statement, right: Statement, swapped: set[tuple[str, str]]) -> float:
    smaller = min(len(left.stems), len(right.stems))
    if smaller < 2:  # noqa: PLR2004 - one shared word is no shared subject
        return 0.0
    return (len(left.stems & right.stems) + len({mine for mine, _ in swapped})) / smaller


def _negation_differs(left: Statement, right: Statement, *, copied: bool) -> bool:
    shared = left.stems & right.stems
    differing = shared & (left.turned ^ right.turned)
    if copied:
        return left.negators % 2 != right.negators % 2 or len(differing) * 2 > len(shared)
    return bool(differing) and len(differing) * 3 >= len(shared)


def _reversed(left: str, right: str) -> bool:
    """Tell whether the sides of a word such as "before" or "than" are exchanged."""
    for word in _TURNING:
        if f" {word} " in left and f" {word} " in right:
            (before, after), (earlier, later) = _sides(left, word), _sides(right, word)
            straight = len(before & earlier) + len(after & later)
            crossed = len(before & later) + len(after & earlier)
            if crossed > straight and before & later and after & earlier:
                return True
    return False


def _sides(text: str, word: str) -> tuple[set[str], set[str]]:
    before, after = text.split(f" {word} ", 1)
    return _content(before), _content(after)


def _content(text: str) -> set[str]:
    return {stem(word.text) for word in words(text) if _carries(word.text)}
