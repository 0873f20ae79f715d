"""This file lists the words by which a question's wording is read: frames, names, and spellings of one thing."""

from typing import Literal

Intent = Literal["define", "compare", "weigh", "how", "when", "why", "whether", "story"]

SYNONYMS: tuple[tuple[str, str], ...] = (
    (r"vs\.", "vs"),
    (r"node\.?js\b|node js\b", "nodejs"),
    (r"java ?script\b|js\b", "javascript"),
    (r"(?<=in )go\b", "golang"),
    (r"back[ -]end\b", "backend"),
    (r"front[ -]end\b", "frontend"),
    (r"web[ -]sockets?\b", "websocket"),
    (r"micro[ -]services?\b", "microservice"),
    (r"tim(?:e|es|ing)[ -]?outs?\b", "timeout"),
    (r"non-?relational databases?\b|nosql databases?\b|non-sql\b", "nosql"),
    (r"relational databases?\b|sql databases?\b|sql(?= (?:vs|versus|or|and) nosql)", "sqldb"),
    (r"(?:sql|database|db) (?=quer(?:y|ies)\b)", ""),
    (r"object[- ]relational mapp(?:ing|er)s?\b", "orm"),
    (r"json web tokens?\b", "jwt"),
    (r"k8s\b", "kubernetes"),
    (r"dbs?\b", "database"),
    (r"postgresql\b", "postgres"),
    (r"authn\b", "authentication"),
    (r"authz\b", "authorization"),
    (r"async\b", "asynchronous"),
    (r"sync\b", "synchronous"),
    (r"oauth ?2(?:\.0)?\b", "oauth"),
    (r"(?:co-?worker|team-?mate)s?\b", "colleague"),
    (r"(?:engineer|programmer)s?\b", "developer"),
    (r"(?:keep up|stay(?:ing)? (?:current|updated|up[- ]to[- ]date))\b", "keepup"),
    (r"(?:latest|new|the latest) (?=(?:\w+ )?(?:technolog|trend))", ""),
    (r"restful\b", "rest"),
    (r"(?:disadvantage|drawback|downside)s?\b", "cons"),
    (r"(?:advantage|benefit|upside)s?\b", "pros"),
    (r"greatest\b", "biggest"),
    (r"disagree(?:d|ments?)\b", "disagree"),
    (r"fail(?:ures?|ing|ed|s)\b", "fail"),
    (r"n \+ 1\b", "n+1"),
    (r"(?:large|high)[ -](?:scale|traffic)\b|for (?:better|improved) performance\b", ""),
    (r"(?:find(?:ing)?|fix(?:ing)?|troubleshoot(?:ing)?|diagnos(?:e|ing)|investigat(?:e|ing))\b", "debug"),
    (r"(?:speed(?:ing)? up|tun(?:e|ing))\b", "optimize"),
    (r"your process(?:es)?\b|process(?:es)? (?:of|for)\b", "approach for"),
    (r"key (?=(?:difference|point|idea|feature|concept|component)s?\b)", ""),
)
"""Spellings, short forms and expansions of one thing, the first that fits counts.

Only what holds in every backend question belongs here.
"""

INTENTS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    ("compare", (r"\b(?:vs|versus|differences?|differs?|compared?|distinguish\w*)\b", r"\bdifferent from\b")),
    ("weigh", (r"^(?:what are |explain |describe |discuss |the |some |main )*(?:pros|cons)\b",)),
    (
        "story",
        (
            r"\b(?:a|the last) (?:time|situation|moment)\b",
            r"\byour (?:level of \w+ and )?(?:experience|background)\b",
            r"\bhave you (?:ever|had|worked|used|received|encountered)\b",
            r"\bhow you have\b",
            r"\bexperience do you\b",
            r"\bhow (?:did )?you (?:\w+ed|overcame|dealt)\b",
            r"\b(?:challenging|difficult|proud)\b.*\byou\b",
            r"\byou (?:led|solved|faced|built|made)\b",
        ),
    ),
    (
        "how",
        (
            r"^(?:(?:describe|explain|discuss|outline|tell (?:us|me)) )?how (?:do|would|can|could|should|to|you)\b",
            r"^(?:design|implement|build|write|create|architect|develop|optimi[sz]e|secure)\b",
            r"\b(?:strateg|technique|method|approach|practice|step|way)\w* (?:do|would|to|for|of|are|is)\b",
            r"\bwhat (?:do|would|should) (?:you|we|i) do\b",
            r"\byour (?:strateg|approach)\w*\b",
        ),
    ),
    ("when", (r"^when\b", r"^in which case")),
    ("why", (r"^why\b", r"^what makes\b", r"^what is the (?:importance|reason)\b")),
    ("whether", (r"^(?:can|could|should|is|are|does|do|will|would) (?!you\b)",)),
)
"""How each intent is worded, tried in this order; every other question wants a definition."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FRAME = _words("""
    a an the and or but if then than so as at be been being is are was were am do does did doing done have has had
    having i me my we us our you your yours he she it its they them their this that these those there here what
    which who whom whose how why when where can could would should will shall may might must of to in on for with by
    from into about between within across over under during after before through using via per like such also just
    only some any each other another one ones two explain describe define discuss tell outline give name list walk
    talk let share elaborate look compare compared comparing differ differs difference differences different versus
    vs distinguish choose choosing prefer favor rather concept concepts term meaning mean means notion idea purpose
    role understanding understand knowledge main basic basics common commonly important importance major biggest big
    good best better well right proper properly practice practices way ways method methods technique techniques
    strategy strategies approach approaches step steps work works working use used uses useful usage get goes take
    takes happen happens implement implements implemented implementing implementation handle handles handling manage
    managing ensure ensuring deal dealing build building create creating design designing architect make makes
    making perform apply achieve set setup provide support add adding mechanism pattern ever time situation
    experience experiences please briefly detail details example examples possible need needs needed want wants
    advanced effective effectively efficiently efficient gracefully typical various pros cons tradeoff tradeoffs
    trade trade-off offs challenges issue issues problem problems now currently s d re ve ll t stand stands
    principle principles property properties type types kind kinds sort thing things lot many much more most
""")
"""Words that frame a question and say nothing about its subject."""

GENERIC = _words("""
    backend application app system environment software development project program programming production web
    service server site website architecture platform component modern real world code solution tool data database
    theorem request company team developer user cloud general
""")
"""Words that nearly every backend question has; they count only where nothing else is left."""

NAMES = _words("""
    nodejs javascript typescript java kotlin scala python golang rust ruby php perl elixir erlang haskell c c++ c#
    .net cobol django flask fastapi spring rails laravel express nestjs hibernate mysql postgres oracle sqlite
    mongodb cassandra dynamodb redis memcached valkey elasticsearch kafka rabbitmq nats graphql grpc soap docker
    kubernetes aws azure gcp aurora terraform jenkins git nginx apache linux windows nosql not without
""")
"""Names, and denials, that make another question of the same words."""

QUALITIES = _words("distributed asynchronous synchronous tenant read write concurrent parallel")
"""Qualities that weigh as much as the subject wherever they stand, where it is asked how to do a thing."""
