"""This file reads the wording of a question: what sort of thing it asks, and about what."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from sparring.bank.vocabulary import FRAME, GENERIC, INTENTS, NAMES, QUALITIES, SYNONYMS, Intent

CONTENT = 1.0
"""Weight of a word that names what is asked about."""
WEAK, CONTEXT = 0.5, 0.05
"""Weight of a word that many, and that nearly all backend questions have."""
TAIL, LIMIT = 0.3, 0.5
"""Weight of a tail such as "in distributed databases": of all its words together where it only says where a thing is
found, and of each word where it limits how a thing is to be done."""

LONGEST = 4_000
"""Characters of a question that are read; what is longer is no question, and must not cost more."""

_SYNONYMS = tuple((re.compile(pattern), plain) for pattern, plain in SYNONYMS)
_SYNONYM = re.compile(rf"\b(?:{'|'.join(pattern for pattern, _ in SYNONYMS)})")
_INTENTS = tuple((intent, re.compile("|".join(patterns))) for intent, patterns in INTENTS)
_WORD = re.compile(r"\w+(?:[+.#]\w+)*[+#]*|[=<>!]=+|\.net\b")
_PART = re.compile(
    r"(?<=[?!.;])\s+|,?\s+(?:and|but|or)\s+(?=(?:why|how|when|what|which|where|its|their|the (?:pros|cons))\b)"
    r"|,\s+(?=(?:why|how|when|what|which)\b)|:\s+"
)
_TAIL = re.compile(r"\b(?:in|for|across|within|using|through|to (?=[a-z])|over|under|like|such as|with|at|on)\b")
_ACRONYM = re.compile(r"((?:\w+[ -]){2,6})\((\w{2,6})\)")
_PURPOSE = re.compile(r"\bto (?:prevent|avoid|improve|reduce|increase|ensure|handle|support|achieve|protect)\b")
_GOES_ON = re.compile(r"^how (?:do|can|would|could|should|to)\b.*\b(?:it|them|one)\b")
_MOVE = re.compile(r"\bfrom (?:an? |the )?([\w+#]+) to\b")
_ASKS = re.compile(
    r"^(?:what|how|why|when|which|where|who|can|could|do|does|did|are|is|have|would|will|explain|describe|define|discuss"
    r"|tell|outline|design|implement|write|compare|name|list|give|walk|talk|defend|if|please|let)\b|\?$"
)
_AGENT = re.compile(r"(?<=\w{4})(?:er|or)$")
_ENDINGS = (
    "isation", "ization", "ability", "ibility", "ation", "ator", "able", "ible", "ment", "ency", "ancy", "ence", "ance",
    "ing", "ate", "ise", "ize", "ion", "ent", "ant", "ity", "ed", "ly", "iz",
)  # fmt: skip


class Wording(Struct, frozen=True):
    """What a question asks.

    `focus` has the stems it is about with their weights, `subject` those that cannot be left out without asking
    something else, `names` the names that set it apart. `intents` has one intent, or two where the question goes on as
    in "What is a deadlock, and how can you prevent it?".
    """

    intents: tuple[Intent, ...]
    focus: Mapping[str, float]
    subject: frozenset[str]
    names: frozenset[str]


def read_wording(plain: str) -> Wording:
    """Return what a question asks, given in its `normal` spelling."""
    parts = [part for part in _PART.split(plain) if _WORD.search(part)] or [plain]
    asked = len(parts) == 1 or bool(_ASKS.search(parts[0]))
    main = parts[0] if asked else " ".join(parts)
    intents = _intents(main, parts[1:] if asked else (), plain)
    limit = CONTENT if intents[0] == "compare" or not asked else LIMIT if intents[0] in ("how", "story") else TAIL
    focus = _focus(main, limit) or {stem(word): CONTENT for word in _WORD.findall(plain)} or {plain: CONTENT}
    qualities = _QUALITIES if "how" in intents else frozenset()
    return Wording(
        intents=intents,
        focus=focus,
        subject=frozenset(word for word, weight in focus.items() if weight >= CONTENT or word in qualities),
        names=frozenset(word for word in _WORD.findall(main) if word in NAMES),
    )


def normal(text: str) -> str:
    """Return the first `LONGEST` characters of `text` in one spelling: case, accents, quotes, spaces and synonyms."""
    plain = text[:LONGEST].casefold()
    if not plain.isascii():
        plain = re.sub(r"[\u2010-\u2015]", "-", unicodedata.normalize("NFKD", plain.replace("\u2019", "'")))
        plain = "".join(each for each in plain if not unicodedata.combining(each))
    plain = " ".join(plain.replace("n't", " not").split())
    if "(" in plain:
        plain = _ACRONYM.sub(_shorten, plain)
    return " ".join(_SYNONYM.sub(_replace, plain).split())


def _replace(found: re.Match[str]) -> str:
    return next(plain for pattern, plain in _SYNONYMS if pattern.match(found.string, found.start()))


def _shorten(found: re.Match[str]) -> str:
    """Replace "content delivery network (cdn)" by "cdn"; leave other brackets alone."""
    words, short = re.split(r"[ -]", found[1].strip()), found[2].removesuffix("s")
    initials = "".join(word[:1] for word in words[-len(short) :])
    return " ".join([*words[: -len(short)], short]) if initials == short else found[0]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return `word` without the endings that only change its form: scaling, scalable and scalability are one."""
    word = re.sub(r"(?<=\w{4})is(?=(?:e|es|ed|ing|ation|ations)$)", "iz", word)
    word = re.sub(r"(?<=\w{3})(?<![su])s$", "", word) if word != "https" else word
    word = _AGENT.sub("", word)
    for _ in range(3):
        found = next((ending for ending in _ENDINGS if word.endswith(ending) and len(word) >= len(ending) + 4), "")
        word = re.sub(r"([b-df-hj-np-rtv-z])\1$", r"\1", word.removesuffix(found)) if found else word
    return re.sub(r"(?<=\w{3})(?:ie|[ye])$", "", _AGENT.sub("", word))


_GENERIC = frozenset(stem(word) for word in GENERIC)
_QUALITIES = frozenset(stem(word) for word in QUALITIES)
_WEAK = frozenset(("api", "rest"))


def _intents(main: str, more: Iterable[str], plain: str) -> tuple[Intent, ...]:
    """Return the intent of the part that asks, and a second one where a later part asks how to do the same thing."""
    texts = ((intent, pattern, plain if intent == "story" else main) for intent, pattern in _INTENTS)
    first: Intent = next((intent for intent, pattern, text in texts if pattern.search(text)), "define")
    return ("define", "how") if first == "define" and any(_GOES_ON.search(part) for part in more) else (first,)


def _focus(main: str, limit: float) -> dict[str, float]:
    """Return the stems of what `main` is about, each with its weight; those of a tail weigh `limit` or less."""
    body, tail = _split_tail(re.sub(r"\([^)]*\)", " ", main))
    place, *purpose = _PURPOSE.split(tail, maxsplit=1)
    rest = _shared(_weigh(" ".join(purpose), TAIL)) | _shared(_weigh(place, limit))
    head = _weigh(body, CONTENT) or rest
    if head and max(head.values()) < CONTENT:  # nothing but weak words: then they are the subject
        least = WEAK if max(head.values()) == WEAK else 0
        head = {each: CONTENT if weight >= least else weight for each, weight in head.items()}
    moved = {stem(word): f"from {stem(word)}" for word in _MOVE.findall(main)}
    return {moved.get(each, each): weight for each, weight in (rest | head).items()}


def _shared(weights: dict[str, float]) -> dict[str, float]:
    """Let the words of a tail share its weight; a long tail says more, so no word gets less than a third."""
    share = min(3, sum(weight == TAIL for weight in weights.values())) or 1
    return {each: weight / share if weight == TAIL else weight for each, weight in weights.items()}


def _split_tail(main: str) -> tuple[str, str]:
    """Split off what only says where or what for, once something has been said before it."""
    for found in _TAIL.finditer(main):
        if any(weight >= WEAK for weight in _weigh(main[: found.start()], CONTENT).values()):
            return main[: found.start()], main[found.start() :]
    return main, ""


def _weigh(part: str, weight: float) -> dict[str, float]:
    """Return the stems of the words of `part` that are no frame; what many questions have weighs less than `weight`."""
    stems = (stem(word) for word in _WORD.findall(part) if word not in FRAME)
    return {each: CONTEXT if each in _GENERIC else min(weight, WEAK) if each in _WEAK else weight for each in stems}
