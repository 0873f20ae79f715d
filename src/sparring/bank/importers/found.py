"""This file defines what an importer finds: one question as a document states it."""

import re

from msgspec import Struct

from sparring.content import Kind


class ImportProblem(ValueError):
    """A document could not be imported: `name` says which, `message` what is wrong and how to mend it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


class Found(Struct, frozen=True, kw_only=True):
    """One question of a document, in the document's own words.

    `kind` is technical, behavioural, situational, salary, ask-interviewer, hr or "" as the document states it; `years`
    what it states for the section; `line` the 1-based line on which the question starts: of the file for text,
    Markdown and HTML, of the extracted text for PDF, of the paragraph for DOCX.
    """

    number: str
    text: str
    answer: str
    guidance: str = ""
    kind: str = ""
    section: str = ""
    years: int | None = None
    source: str
    line: int


CATEGORIES: dict[str, re.Pattern[str]] = {
    "ask-interviewer": re.compile(
        r"\bask (?:the |your |an )?(?:interviewer|employer|recruiter)|\bquestions to ask\b", re.IGNORECASE
    ),
    "technical": re.compile(r"\b(?:technical|coding|programming)\b", re.IGNORECASE),
    "behavioural": re.compile(r"\bbehaviou?ral\b", re.IGNORECASE),
    "situational": re.compile(r"\b(?:situational|scenario)\b", re.IGNORECASE),
    "salary": re.compile(r"\b(?:salary|compensation|ctc)\b", re.IGNORECASE),
    "hr": re.compile(r"\b(?:HR|H\.R\.|[Hh]uman [Rr]esources?)\b"),
}
"""How a heading or a question's label names each category."""

YEARS = re.compile(
    r"\b(\d{1,2})\s*(?:\+|plus)?\s*(?:(?:-|to|\N{EN DASH})\s*\d{1,2}\s*)?\+?\s*(?:years?|yrs?)\b", re.IGNORECASE
)


def category_of(heading: str) -> str:
    """Return the category that a heading or label states, or "" where it states none or several."""
    stated = [name for name, pattern in CATEGORIES.items() if pattern.search(heading)]
    if "ask-interviewer" in stated:
        return "ask-interviewer"
    return stated[0] if len(stated) == 1 else ""


def years_of(heading: str) -> int | None:
    """Return the years of experience that a heading states (the lower end of a range), or None."""
    stated = YEARS.search(heading)
    return int(stated[1]) if stated else None


WORDINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "negotiation",
        re.compile(
            r"\b(?:expected|current|desired) (?:ctc|salary|pay|compensation)|\bsalary expectation|\bmodest hike\b",
            re.IGNORECASE,
        ),
    ),
    (
        "story",
        re.compile(
            r"\b(?:a|an|one|any) (?:specific )?(?:time|situation|instance|occasion)\b.{0,25}\b(?:you|your|when"
            r"|where)\b"
            r"|^(?:please )?(?:tell|describe|share|discuss|talk)\b.{0,60}\byou(?:'ve| have)? (?:\w+ed|led|built"
            r"|made|wrote|had|took|solved)\b"
            r"|^have you ever\b|^tell (?:me|us) about yourself|^walk (?:me|us) through (?:a"
            r"|your) (?:recent )?(?:project|career|resume)",
            re.IGNORECASE,
        ),
    ),
    (
        "design",
        re.compile(
            r"^(?:please )?(?:design|architect|sketch) (?:a|an|the|your)\b|\bhow (?:would|do|can"
            r"|could) you (?:design|architect)\b"
            r"|\bhow (?:would|could) you build (?:a|an)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "code",
        re.compile(
            r"^(?:please )?(?:write|code|complete) (?:a|an|the|some)\b|\brefactor (?:this|the following)\b"
            r"|\bimplement (?:a|the) function\b"
            r"|\bfollowing (?:[\w.]+ )?(?:code|endpoint|snippet|function)\b|\bthis (?:code|sql query|function)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "situation",
        re.compile(
            r"^(?:imagine|suppose|assume|you(?:'re| are| have| need| must| want| notice| join| inherit)"
            r"|your (?:team|service|manager|api))\b"
            r"|\bwhat would you do\b|\bhow (?:would|do) you (?:proceed|respond)\b|\bhow would you handle being\b",
            re.IGNORECASE,
        ),
    ),
)
"""How the wording of a question shows its kind; the first that fits decides."""

BY_CATEGORY: dict[str, Kind] = {
    "technical": "concept",
    "behavioural": "story",
    "situational": "situation",
    "salary": "negotiation",
    "ask-interviewer": "reverse",
    "hr": "story",
}


def content_kind(category: str, text: str) -> Kind:
    """Return the content kind of a question from the category its document states and from its wording.

    Salary questions and questions for the interviewer are what their category says; elsewhere wording wins, since a
    list called technical may well ask for a story.
    """
    if category in {"salary", "ask-interviewer"}:
        return BY_CATEGORY[category]
    worded = next((kind for kind, pattern in WORDINGS if pattern.search(text)), None)
    return worded or BY_CATEGORY.get(category, "concept")
