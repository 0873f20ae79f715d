"""This file knows by which words and numbers a line shows what it is: a question, an answer, a section, an advert."""

import re

from msgspec import Struct

from sparring.bank.importers.found import CATEGORIES, category_of
from sparring.bank.importers.outline import Line, plain


class Mark(Struct, frozen=True):
    """A line that may start a question.

    `style` says how: label ("Q12.", "Technical Question 4"), asked ("Q: ..."), numbered ("12. ..."), alone (the number
    has the line to itself), bare ("12 What ..."), heading (no number at all). `text` is what follows on the line.
    """

    style: str
    number: str
    text: str
    kind: str = ""


LABEL = re.compile(
    r"^[\[(]?(?:(?P<what>[A-Za-z][\w/&-]*(?: [A-Za-z][\w/&-]*){0,3}) )?(?:questions?|que|ques|qn|qu"
    r"|q)\s*(?:no\.?|number|num\.?)?\s*[.#:-]?\s*"
    r"(?P<n>\d{1,5})[\])]?(?:\s*[.:)\]|\u2013\u2014-]+\s*|\s*$)(?P<text>.*)$",
    re.IGNORECASE,
)
SHORT_LABEL = re.compile(r"^Q\s?(?P<n>\d{1,5})\s+(?P<text>[A-Z\"'\u201c\u2018].*)$")
NO_LABEL = re.compile(r"^(?:answer|answers|see|in|for|to|as|from|refer|like|and|the|this|that|of)\b", re.IGNORECASE)
ASKED = re.compile(r"^(?:Q|Question|Interviewer)\s*(?::|\.\s|\)|-\s)\s*(?P<text>\S.*)$", re.IGNORECASE)
NUMBERED = re.compile(
    r"^[(\[]?(?P<n>\d{1,4})(?:[.):\]]+(?:\s+[-\u2013\u2014])?\s+|\s+[-\u2013\u2014]\s+"
    r"|[.)](?=[A-Z\"'\u201c\u2018\u00bf]))(?P<text>\S.*)$"
)
ALONE = re.compile(r"^[(\[]?(?P<n>\d{1,4})[.):\]]*$")
BARE = re.compile(r"^(?P<n>\d{1,4})\s+(?P<text>[A-Z\"'\u201c\u2018].*)$")

ASKS = re.compile(r"\?[\"'\u201d\u2019)*\]]*(?:\s|$)")
INTERVIEW_VERBS = re.compile(
    r"^(?:please |can you |now,? )?(?:explain|describe|tell|discuss|define|compare|contrast|differentiate"
    r"|distinguish|walk|talk|outline|defend"
    r"|elaborate|let's|let\u2019s|imagine|suppose|give (?:me|us|an?)\b|share (?:an?|your)\b|name (?:a|an"
    r"|some|the|\w+)\b|list (?:a|some|the|\w+)\b)\b",
    re.IGNORECASE,
)
ASKING_WORDS = re.compile(
    r"^(?:what|how|why|which|who|when|where|design|implement|write|create|build|refactor|find|optimi[sz]e"
    r"|draw|solve|architect|examine|consider"
    r"|look at|in which|in what|you are|you're|you have|you need)\b",
    re.IGNORECASE,
)

ANSWER = re.compile(
    r"^(?:(?:(?:the|a|your) )?(?:reference|model|suggested|correct|ideal|best|sample|example|expected"
    r"|possible|good|strong|short|detailed)"
    r" (?:answer|response|solution)s?|answers?|ans|a(?=\s*:))(?P<end>\s*:\s*|\s*[.\u2013\u2014-]+\s+"
    r"|\s*$)(?P<text>.*)$",
    re.IGNORECASE,
)
GUIDANCE = re.compile(
    r"^(?P<label>how to (?:answer|structure your answer|approach(?: (?:it|this))?)(?: (?:it"
    r"|this)(?: question)?)?|guidance"
    r"|what (?:the |your )?(?:interviewers?|they|hiring managers?|recruiters?|we)(?:'re|\u2019re| is| are)? "
    r"(?:wants?|looks? for|looking for|listens? for|should (?:pay attention to|look for"
    r"|listen for))(?: to (?:hear|see|know))?"
    r"|what to (?:expect|look for|listen for)|looks? for|listen for|red flags?|green flags?"
    r"|why (?:they|interviewers|we|recruiters) ask(?: (?:it|this))?(?: question)?)(?:\s*:\s*"
    r"|\s*[\u2013\u2014]\s*|\s*$)(?P<text>.*)$",
    re.IGNORECASE,
)

SECTION = re.compile(
    r"^(?:(?:[ivxlc]+|[A-Z]|\d+)[.)]\s+)?(?P<title>[A-Z].*\b(?:Questions|QUESTIONS"
    r"|[Ii]nterview questions)(?: (?:and|&|with) (?:[Ss]ample )?[Aa]nswers)?"
    r"(?:(?: [Ff]or| [Oo]n| [Aa]bout|:| -| \u2013| \u2014) .*|\s*\(.*\))?)$"
)
PART = re.compile(
    r"^(?:section|part|chapter|module|round|topic|category)\s+(?:\d+|[ivx]+"
    r"|[a-d])\b(?:\s*[:.\u2013\u2014-].*)?$",
    re.IGNORECASE,
)
ENUMERATION = re.compile(r"^(?:(?:[ivxlc]+|[A-Za-z]|\d+)[.)]|\d+\s*[-:])\s+", re.IGNORECASE)
CLOSING = re.compile(
    r"^(?:(?:\w+ ){0,4}tips?(?: (?:for|to|on|and|from)\b.*)?|in conclusion|conclusions?|summary"
    r"|final (?:thoughts|words)|wrapping up|wrap[- ]up"
    r"|key takeaways?|takeaways|about the authors?|faqs?|frequently asked.*|related (?:articles?|posts?"
    r"|reading|resources|topics)"
    r"|you (?:can|may|might) also .*|next steps|table of contents|contents|on this page|in this article"
    r"|share this.*|leave a (?:reply|comment)"
    r"|comments|join our .*|subscribe.*|stay (?:updated|in touch).*|career acceleration|(?:don't"
    r"|don\u2019t) want to miss.*|bonus:? .*tips.*)\s*:?$",
    re.IGNORECASE,
)
CALL = re.compile(r"^(?:view|see|read|browse|explore|check|download|get|click|show|load|back to)\b", re.IGNORECASE)

ASIDE = re.compile(
    r"^(?:(?:pro|quick|expert|hot|success|interview|salary)[ -]?tips?|tip of the day|also (?:check|read"
    r"|see)(?: out)?|read also|read (?:more|next)|must[ -]read"
    r"|you (?:can|may|might) also (?:check|read|like)(?: out)?|related(?: articles?| posts?| reads?"
    r"| reading)?|recommended(?: reading)?"
    r"|sponsored|advertisement|source of the image)\s*(?P<end>:|\u2013|\u2014|$)(?P<text>.*)$",
    re.IGNORECASE,
)
ADVERT = re.compile(
    r"\b(?:send me the newsletter|(?:subscribe|sign up|join|register) (?:to|for|now|today"
    r"|with)\b.{0,40}\b(?:newsletter|today|now|free|updates|course|list|account|webinar)"
    r"|(?:our|the|weekly|monthly) newsletter\b.{0,30}\b(?:inbox|subscribe|sign)|newsletter sign"
    r"|want to miss a thing|exam news|discount (?:info|code)|promo code"
    r"|enrol+ (?:now|today|in our)|(?:make|let) your r[e\u00e9]sum[e\u00e9] stand out|earn a certification"
    r"|\d+% pass rate|pass the certification exam"
    r"|certification exam passing|dump practice|placement guarantee|certification holders earn"
    r"|click (?:here|learn more)|limited[- ]time offer|free trial"
    r"|book a (?:demo|call)|get started (?:today|now|free)|download (?:our|the) (?:free|app|guide|e-?book)"
    r"|follow us on|share (?:this|on) (?:article|post|facebook|twitter|linkedin)"
    r"|all rights reserved|\u00a9 ?\d{4}|buy now|upgrade to (?:pro|premium)|accelerate your career)\b",
    re.IGNORECASE,
)


LONGEST_HEADING = 120
"""Characters up to which a line of plain text may be a heading."""

FEW_WORDS, MANY_WORDS = 5, 15
"""Words from which a line is no bare category any more, and no heading that closes a list."""


def mark_of(line: Line) -> Mark | None:
    """Return how this line may start a question, or None."""
    if line.code is not None or line.blank:
        return None
    text = plain(line.text)
    label = LABEL.match(text) or SHORT_LABEL.match(text)
    if label:
        what = label.groupdict().get("what") or ""
        if not NO_LABEL.match(what):
            return Mark("label", label["n"], label["text"].strip(), category_of(f"{what} question") if what else "")
    for style, pattern in (("asked", ASKED), ("numbered", NUMBERED), ("alone", ALONE), ("bare", BARE)):
        if found := pattern.match(text):
            fields = found.groupdict()
            return Mark(style, fields.get("n") or "", (fields.get("text") or "").strip())
    if line.level and not labelled(text) and not ASIDE.match(text):
        return Mark("heading", "", text)
    return None


def labelled(text: str) -> bool:
    """Say whether a line begins an answer or guidance."""
    return bool(ANSWER.match(text) or GUIDANCE.match(text))


def asking(text: str) -> float:
    """Return how much a text looks like a question: 2 with a question mark, less by its first words, 0 not at all."""
    if ASKS.search(text):
        return 2.0
    if INTERVIEW_VERBS.match(text):
        return 1.2
    return 0.6 if ASKING_WORDS.match(text) else 0.0


def section_title(line: Line) -> str:
    """Return the title of a section of questions that a line of plain text is, or ""."""
    text = plain(line.text)
    if (
        line.code is not None
        or len(text) > LONGEST_HEADING
        or text.endswith((".", ",", ";", "?", "!"))
        or line.text.startswith(("- ", "* "))
    ):
        return ""
    if PART.match(text) or _is_category(text):
        return text
    found = SECTION.match(text)
    return found["title"] if found and not CALL.match(found["title"]) else ""


def _is_category(text: str) -> bool:
    words = text.split()
    return (
        len(words) < FEW_WORDS
        and any(p.match(text) for p in CATEGORIES.values())
        and bool(re.search(r"\b(?:round|section|interview)$", text, re.IGNORECASE))
    )


def title_of(heading: str) -> str:
    """Return a heading without the number, emoji and marks in front."""
    return ENUMERATION.sub("", plain(heading)).strip()


def closes(line: Line) -> bool:
    """Say whether a short line of plain text ends the questions before it: tips, a conclusion, a newsletter."""
    text = plain(line.text)
    return (
        line.code is None
        and len(text) <= LONGEST_HEADING
        and len(text.split()) < MANY_WORDS
        and bool(CLOSING.match(text))
    )
