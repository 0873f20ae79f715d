"""This file reads the structure of a told story: situation, ownership, action, a result in numbers, and reflection.

The rules are patterns that anyone can read, and each verdict quotes the sentence that decided it. They see how a story
is told, not whether it is true.
"""

import re
from collections.abc import Callable, Sequence

from sparring.grading.grade import Finding, Verdict
from sparring.grading.units import Unit, units

Judged = tuple[Verdict, int]
"""A verdict and the index of the sentence that decided it."""

OWN_DEEDS = 3
"""Sentences in which the candidate did something, from which a story is the candidate's own."""

MISSING: Judged = ("missed", 0)

_I = re.compile(r"\bI\b|\bi(?:'d|'ve|'m)?\b|\bmy (?:call|decision|mistake|task|job|own|part|proposal)\b")
_WE = re.compile(r"\b(?:we|our team|the team)\b", re.IGNORECASE)
_IRREGULAR = (
    "built|wrote|told|made|took|moved|went|gave|ran|cut|put|set|did|found|split|sat|stood|phoned|led|kept|chose"
    "|said|saw|"
    "thought|brought|began|got|met|left|sent|spoke|spent|broke|drew|drove|held|knew|paid|read|rewrote|showed"
    "|shut|taught|"
    "threw|turned|fell|felt|learnt|understood|withdrew|was|were|had"
)
_PAST = re.compile(rf"\b(?:{_IRREGULAR}|[a-z]{{2,}}ed)\b", re.IGNORECASE)
_DEED = re.compile(
    rf"\b[Ii](?:'d)? (?:\w+ly |also |then |first |just |even |once |had |did )*(?!was\b|were\b"
    rf"|had\b)(?:{_IRREGULAR}|[a-z]{{2,}}ed)\b"
)
_HOLLOW = re.compile(
    r"\b[Ii](?:'d|'ve)? (?:just |then |simply )?"
    r"(?:took (?:care|charge|responsibility|ownership)|dealt with|handled|sorted|managed"
    r"|made (?:a|the|my) (?:decision|choice)|did (?:what|everything|my|it|all)|worked (?:it|things|hard)|figured"
    r"|(?:kept|stayed|remained) (?:calm|cool)|got (?:it|things|everything)"
    r"|put my hand up|stepped up"
    r"|learn(?:ed|t)|understood|reali[sz]ed|felt|thought|knew|found out|heard|needed|wanted|liked|joined"
    r"|mentored|helped)\b"
)
"""Deeds that tell nothing of what was done, and states of mind."""

_WHEN = re.compile(
    r"\b(?:last|that|one|this|early|late) (?:year|month|week|summer|autumn|fall|winter|spring|day|night|evening"
    r"|quarter|time)\b"
    r"|\b(?:years?|months?|weeks?|days?) (?:ago|into|before|after|left)\b|\b(?:in|by|since|until|on|mid)[- ](?:19"
    r"|20)\d\d\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december|easter|christmas)\b"
    r"|\b(?:in|at) (?:my|our|the|a|an) (?:\w+ )?(?:job|company|team|start-?up|project|bank|shop|firm|agency"
    r"|employer|role|internship)\b"
    r"|\b(?:when I (?:was|worked|joined|started)|I was (?:working|part|on)|at the time|once"
    r"|we were (?:\w+ )?(?:people|developers|engineers))\b"
    r"|\bfor (?:a|an|our|one|my) [\w-]+(?: [\w-]+)? (?:tracker|customer|client|service|system|shop|app|product"
    r"|platform|company)\b"
    r"|\b(?:had|promised|told|asked|gave) (?:us|me|them|a|an|the|our)\b"
    r"|\b(?:19|20)\d\d\b|\bin my (?:first|second|third|last) (?:year|month|week)\b"
    r"|\b(?:I'm|I was|we're|we were|at|for) (?:an?|the) [\w -]{3,40} in [A-Z]\w+",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|"
    r"ninety|hundred|thousand|million|half|third|quarter|percent|per cent|twice|zero|none|nobody|no one"
    r"|one (?:bug|day|week|month))\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:shipped|went live|go(?:ing)? live|finished|delivered|launched|released|ran on|worked|dropped|fell|rose"
    r"|grew|went (?:from|down|up)|"
    r"reduced|saved|cut|cost|lost|gained|in the end|as a result|the result|afterwards|since|after that|ended"
    r"|customer was|merged|"
    r"moved|migrated|recovered|solved|fixed|improved|increased|halved|doubled|down to|up to|on time|gave up"
    r"|caught|still there|refunded|renewed|passed|by (?:himself|herself|themselves)"
    r"|instead of|within (?:an?|\w+) (?:minutes?|hours?|days?|weeks?|months?|quarters?)|out of|after \w+ months?"
    r"|(?:next|that) (?:half )?(?:year|quarter|month|audit|release))\b",
    re.IGNORECASE,
)
_REFLECTION = re.compile(
    r"\b(?:since then|ever since|I(?:'ve)? (?:have )?learn(?:ed|t)|lesson|next time|looking back|in hindsight"
    r"|what stuck|these days|"
    r"nowadays|from then on|today I|now I|I now|would (?:do|have done|handle) (?:\w+ )*(?:differently|otherwise)"
    r"|I should have|"
    r"before that I would|taught me|changed how I|my mistake|I was wrong|I had been wrong|I'd been wrong|I'd been a"
    r"|since that (?:day|week|month|year|time)|my (?:habit|rule) (?:since|now)|I've found|changed for me"
    r"|I (?:stopped|never|don't|do not|won't|always) (?:[\w']+ ){0,8}(?:now|any ?more|without)"
    r"|now whenever I|I (?:[\w-]+ ){1,12}(?:in all my \w+ )?now(?=[.!]|$))\b",
    re.IGNORECASE,
)


def structure_findings(answer: str, found: Sequence[Unit] | None = None) -> list[Finding]:
    """Return one finding for each part a story must have, with the sentence that decided it.

    Args:
        answer: the whole answer.
        found: the units that count as said; by default all of the answer.
    """
    counted = units(answer) if found is None else list(found)
    texts = [answer[unit.start : unit.end].replace("\u2019", "'") for unit in counted]
    return [_finding(part, judge(texts), answer, counted) for part, judge in RULES.items()]


def _finding(part: str, judged: Judged, answer: str, found: Sequence[Unit]) -> Finding:
    verdict, index = judged
    if verdict == "missed":
        return Finding(criterion=part, kind="structure", verdict="missed")
    unit = found[index]
    return Finding(
        criterion=part,
        kind="structure",
        verdict=verdict,
        quote=answer[unit.start : unit.end],
        start=unit.start,
        end=unit.end,
    )


def _situation(texts: Sequence[str]) -> Judged:
    """A time or place together with the past; the past alone is half."""
    past = [index for index, text in enumerate(texts) if _PAST.search(text)]
    placed = [index for index in past if _WHEN.search(texts[index])]
    return ("met", placed[0]) if placed else ("partly", past[0]) if past else MISSING


def _ownership(texts: Sequence[str]) -> Judged:
    """The candidate did things, and not only "we"."""
    deeds = [
        index for index, text in enumerate(texts) if _DEED.search(text) or re.search(r"\bmy (?:call|mistake)\b", text)
    ]
    if not deeds:
        return MISSING
    mine, ours = (sum(len(pattern.findall(text)) for text in texts) for pattern in (_I, _WE))
    return ("met" if len(deeds) >= OWN_DEEDS - 1 and mine * 2 >= ours else "partly", deeds[0])


def _action(texts: Sequence[str]) -> Judged:
    """Several deeds, each with a verb in the past; "I dealt with it" is none, since nobody could do it after you."""
    deeds = [index for index, text in enumerate(texts) for _ in _DEED.findall(_HOLLOW.sub("", text))]
    return ("met" if len(deeds) >= OWN_DEEDS else "partly", deeds[-1]) if deeds else MISSING


def _result(texts: Sequence[str]) -> Judged:
    """An outcome with a number; the outcome alone is half."""
    outcomes = [index for index, text in enumerate(texts) if _RESULT.search(text) and _PAST.search(text)]
    counted = [index for index in outcomes if _NUMBER.search(texts[index])]
    return ("met", counted[-1]) if counted else ("partly", outcomes[-1]) if outcomes else MISSING


def _reflection(texts: Sequence[str]) -> Judged:
    """What the candidate does differently, or admits."""
    told = [index for index, text in enumerate(texts) if _REFLECTION.search(text)]
    return ("met", told[-1]) if told else MISSING


RULES: dict[str, Callable[[Sequence[str]], Judged]] = {
    "situation": _situation,
    "ownership": _ownership,
    "action": _action,
    "result": _result,
    "reflection": _reflection,
}
