import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sparring.bank.similarity import BUDGET, compare, group
from sparring.grading.embedding import Encoder

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"

# Eighty pairs written before anything was tuned, and sixty more that nothing was tuned on.
SAME = [
    ("What is the CAP theorem?", "Explain the CAP theorem in distributed databases."),
    ("What is a race condition?", "Can you explain what race conditions are?"),
    ("What's the difference between TCP and UDP?", "Compare UDP with TCP."),
    ("How do you invalidate a cache?", "How would you handle cache invalidation?"),
    ("What is eventual consistency?", "Explain the concept of eventual consistency."),
    ("How does garbage collection work in Java?", "Explain Java's garbage collector."),
    ("Tell me about a time you failed.", "Describe a situation where you failed."),
    ("What is dependency injection?", "Explain dependency injection and its benefits."),
    ("What are the differences between Kafka and RabbitMQ?", "Kafka vs RabbitMQ: when would you choose which?"),
    ("How do you store passwords securely?", "What is the right way to store user passwords?"),
    ("What is a foreign key?", "Define foreign key in a relational database."),
    (
        "Explain optimistic versus pessimistic locking.",
        "What is the difference between optimistic and pessimistic locking?",
    ),
    ("How would you design a URL shortener?", "Design a URL shortening service such as TinyURL."),
    ("How do you debug a memory leak?", "How would you find and fix a memory leak?"),
    ("What is a webhook?", "What are webhooks and how do they work?"),
    ("Why do you want to leave your current job?", "Why are you leaving your current company?"),
    ("What are your salary expectations?", "What salary do you expect?"),
    ("How do you ensure code quality in your team?", "What do you do to ensure the quality of code in a team?"),
    ("What is sharding?", "Explain database sharding."),
    ("What is the N+1 query problem?", "Explain the N+1 problem in ORMs and how to avoid it."),
    ("How do you monitor a microservice?", "How do you approach monitoring of microservices?"),
    ("What is the difference between a process and a thread?", "Process vs thread"),
    ("What happens when you type a URL into the browser?", "Describe what happens after you enter a URL in a browser."),
    (
        "Tell me about a time you disagreed with a colleague.",
        "Describe a disagreement with a coworker and how you resolved it.",
    ),
    ("How do you implement pagination in an API?", "How would you add pagination to a REST endpoint?"),
    ("What is a load balancer and why do we need one?", "What does a load balancer do?"),
    ("Explain the difference between PUT and PATCH.", "PUT vs. PATCH - what's the difference?"),
    ("What is k8s?", "What is Kubernetes?"),
    ("How do you manage DB migrations?", "How do you manage database migrations?"),
    ("How do you scale a database?", "What approaches are there to scaling databases?"),
    ("What is the saga pattern?", "Explain the saga pattern and when to use it."),
    ("How would you design a chat application like WhatsApp?", "Design WhatsApp."),
    ("What is connection pooling and why is it useful?", "Explain connection pooling."),
    ("How do you give feedback to a junior developer?", "How do you give feedback to junior engineers?"),
    ("What are the SOLID principles?", "Explain SOLID."),
    ("What is a JWT?", "What are JSON Web Tokens?"),
    ("What isolation levels do databases have?", "Explain transaction isolation levels."),
    ("What's your greatest weakness?", "What is your biggest weakness?"),
    ("How do you handle failures of an external API?", "How do you deal with a failing external API?"),
    ("What are the pros and cons of GraphQL?", "What are the advantages and disadvantages of GraphQL?"),
]
APART = [
    ("How would you design a rate-limiting mechanism?", "Why is rate limiting important?"),
    ("What is a clustered index?", "What is an index?"),
    (
        "What is the difference between authentication and authorization?",
        "How do you implement authentication in an API?",
    ),
    ("What is the difference between horizontal and vertical scaling?", "How do you handle scalability?"),
    ("How do you prevent SQL injection?", "What are the types of SQL joins?"),
    ("What is a materialized view?", "What is a database view?"),
    ("How do you handle errors in Node.js?", "How do you handle errors in Java?"),
    ("How do you implement two-factor authentication?", "How do you implement JWT authentication?"),
    ("What is a distributed cache?", "What is a browser cache?"),
    ("What is the difference between REST and GraphQL?", "What is the difference between REST and gRPC?"),
    ("What is a mutex?", "What is a semaphore?"),
    ("How do you write unit tests?", "How do you write integration tests?"),
    ("What is horizontal partitioning?", "What is a network partition?"),
    ("Tell me about a time you led a project.", "Tell me about a time a project failed."),
    ("What is an inner join?", "What is an outer join?"),
    ("How do you implement caching?", "Describe a time when caching caused a bug."),
    ("How would you design Twitter?", "How would you design Uber?"),
    ("What is Docker?", "What is Kubernetes?"),
    ("What is idempotency?", "How do you make a payment endpoint idempotent?"),
    ("What is database replication?", "What is database normalization?"),
    ("What is optimistic locking?", "What is pessimistic locking?"),
    ("What are your strengths?", "What are your weaknesses?"),
    ("What is the difference between a stack and a queue?", "What is a message queue?"),
    ("How do you optimize a slow query?", "How do you optimize a slow API endpoint?"),
    ("What is symmetric encryption?", "What is asymmetric encryption?"),
    ("How do you deploy a Django application?", "How do you test a Django application?"),
    ("What is a primary key?", "What is a foreign key?"),
    ("Why did you leave your last job?", "Why do you want to work here?"),
    ("What is a deadlock?", "What is a livelock?"),
    ("How does Kafka guarantee ordering?", "How does Kafka guarantee delivery?"),
    ("What is sticky session load balancing?", "What is a session cookie?"),
    ("Where do you see yourself in five years?", "What did you do in the last five years?"),
    ("What is the difference between Redis and Memcached?", "How do you use Redis as a cache?"),
    ("How do you secure a REST API?", "How do you version a REST API?"),
    ("What is strong consistency?", "What is eventual consistency?"),
    ("What is a reverse proxy?", "What is a forward proxy?"),
    ("How do you migrate from MySQL to Postgres?", "How do you migrate from Postgres to MySQL?"),
    ("How do you handle concurrency in Go?", "How do you handle concurrency in Python?"),
    ("What does ACID stand for?", "What does BASE stand for?"),
    ("When should you use a NoSQL database?", "When should you not use a NoSQL database?"),
]

HELD_SAME = [
    ("What is a CDN?", "Explain what a content delivery network (CDN) is and why it helps."),
    ("How do you roll back a failed deployment?", "How would you do a rollback of a failed deployment?"),
    ("What is the difference between a mutex and a semaphore?", "Mutex vs semaphore"),
    ("Explain event sourcing.", "What is event sourcing and when would you use it?"),
    ("What is a service mesh?", "Can you explain the concept of a service mesh?"),
    ("How do you test asynchronous code?", "How would you write tests for async code?"),
    ("What are ACID properties?", "Explain ACID in databases."),
    (
        "Tell me about a time you had to learn something quickly.",
        "Describe a situation in which you had to learn something quickly.",
    ),
    (
        "What is the difference between clustered and non-clustered indexes?",
        "Clustered vs non-clustered index: explain the differences.",
    ),
    ("How do you choose a primary key?", "What is your approach to choosing primary keys?"),
    ("What is CQRS?", "Explain the CQRS pattern and its trade-offs."),
    ("How do you keep secrets out of source code?", "How would you keep secrets out of your code base?"),
    ("What is long polling?", "What is long polling and how does it compare to WebSockets?"),
    ("How would you design a notification service?", "Design a notification system."),
    ("Why do you want to work for us?", "Why do you want to work at our company?"),
    ("What is consistent hashing?", "Explain consistent hashing and where it is used."),
    ("What is a thread pool?", "What are thread pools and why are they useful?"),
    ("How do you prevent cross-site scripting?", "What are ways to prevent cross-site scripting (XSS)?"),
    ("Describe the toughest bug you ever fixed.", "Tell me about the toughest bug you have fixed."),
    ("What is back-pressure?", "Explain backpressure in stream processing."),
    ("How do you do code reviews?", "What is your approach to code review?"),
    ("What's the difference between 401 and 403?", "Explain the difference between HTTP 401 and 403."),
    ("What is a stored procedure?", "What are stored procedures? When should they be used?"),
    ("How do you estimate a task?", "How do you estimate tasks?"),
    ("How do you reduce the latency of an endpoint?", "How would you improve the latency of an endpoint?"),
    ("Explain blue-green deployment.", "What is a blue/green deployment?"),
    (
        "How do you secure communication between microservices?",
        "How would you secure inter-service communication in a microservice architecture?",
    ),
    ("What are the advantages of serverless?", "What are the benefits of serverless architectures?"),
    ("What is a bloom filter?", "What is a Bloom filter and what is it used for?"),
    ("Do you have any questions for us?", "Do you have questions for us?"),
]
HELD_APART = [
    ("What is a thread pool?", "What is a connection pool?"),
    ("How do you roll back a deployment?", "How do you roll back a transaction?"),
    ("What is long polling?", "What is short polling?"),
    ("What is blue-green deployment?", "What is a canary deployment?"),
    ("What is the difference between 401 and 403?", "What is the difference between 301 and 302?"),
    ("How do you test asynchronous code?", "How do you test database code?"),
    ("Explain consistent hashing.", "Explain password hashing."),
    ("Design a notification system.", "Design a payment system."),
    ("What is a hash index?", "What is a B-tree index?"),
    ("How do you prevent cross-site scripting?", "How do you prevent cross-site request forgery?"),
    ("What is at-least-once delivery?", "What is exactly-once delivery?"),
    ("How do you back up a database?", "How do you restore a database?"),
    ("What is a stored procedure?", "What is a database trigger?"),
    ("How do you estimate a task?", "How do you prioritize tasks?"),
    ("Tell me about a time you missed a deadline.", "Tell me about a time you had to learn something quickly."),
    ("What is vertical scaling?", "What is horizontal scaling?"),
    ("How do you handle concurrency in Java?", "How do you handle memory in Java?"),
    ("How do you implement search in MySQL?", "How do you implement search in MongoDB?"),
    ("What is a left join?", "What is a self join?"),
    ("What is a message queue?", "What is a dead letter queue?"),
    ("What is load balancing?", "What is load testing?"),
    ("What is the purpose of an index?", "How do you choose which columns to index?"),
    ("Why is caching important?", "How do you implement caching?"),
    ("What is a worker thread?", "What is a thread?"),
    ("What is read committed?", "What is repeatable read?"),
    ("How do you increase throughput?", "How do you increase availability?"),
    ("What is a REST API?", "What is an API gateway?"),
    ("How do you scale reads?", "How do you scale writes?"),
    ("What is synchronous replication?", "What is asynchronous replication?"),
    ("How do you mentor junior developers?", "How do you work with senior developers?"),
]

# The wordings in the five documents that one question of the bank stands for, by hand; numbered through in order. The
# bank is looser than "asks the same": some ids hold what a thing is and how it is done.
ASKED_AGAIN = {
    "rest-principles": (1, 34, 268),
    "rest-vs-graphql": (196, 239),
    "get-vs-post": (30, 273),
    "what-is-an-api": (157, 260),
    "api-versioning": (32, 103, 210),
    "idempotency": (107, 123, 246),
    "node-error": (65, 73, 192),
    "websockets": (17, 282),
    "secure-rest": (185, 284),
    "rate-limiting": (10, 36, 211, 280, 167),
    "mvc": (48, 270),
    "auth-in-api": (4, 243),
    "oauth2": (120, 219),
    "sql-injection": (13, 171),
    "data-encryption": (179, 195, 209),
    "sql-vs-nosql": (39, 88, 132, 151, 177, 238, 269),
    "normalization": (22, 205),
    "slow-query": (55, 110, 191, 241, 283),
    "database-performance": (2, 121),
    "deadlocks": (54, 214),
    "orm": (63, 150, 271),
    "nosql-consistency": (75, 224),
    "caching-purpose": (29, 276),
    "distributed-cache": (46, 52),
    "perf-story": (148, 248),
    "load-testing": (160, 223),
    "cap-theorem": (28, 242, 285),
    "mq": (247, 286),
    "mq-impl": (204, 213),
    "circuit": (41, 124, 218),
    "third-party": (25, 251),
    "fault-tolerance": (14, 287, 233),
    "dist-tx": (19, 181, 208),
    "microservices": (3, 186, 272, 58),
    "ms-experience": (24, 37),
    "mono-to-ms": (226, 232),
    "logging": (114, 216),
    "observability": (225, 230),
    "scalability": (31, 98, 278, 44, 207),
    "hv": (134, 145),
    "zdd": (118, 228),
    "docker": (5, 274),
    "vcs": (133, 183),
    "async": (101, 265),
    "role": (66, 258),
    "about": (35, 288),
    "why": (144, 289),
    "five": (42, 56),
    "passion": (93, 292),
    "challenge": (91, 290),
    "tight-deadlines": (27, 129, 291),
    "staying-current": (9, 90, 155, 293),
    "frontend": (23, 294),
}

TEXTS = [text for pair in SAME + APART + HELD_SAME + HELD_APART for text in pair]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def pairs(groups: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    return {pair for members in groups for pair in combinations(sorted(members), 2)}


def seeds() -> list[str]:
    """Return the 298 questions of the five documents by the simplest reading that finds them."""
    marks = (r"\d+\. (.*)", r"\d+()", r"Que \d+\. (.*)", r".* Question \d+()", r"Q\s*\d+[.:] (.*)")
    found = []
    for path, mark in zip(sorted(SEEDS.glob("*.txt")), marks, strict=True):
        lines = path.read_text(encoding="utf-8").split("\n")
        for at, line in enumerate(lines):
            if match := re.fullmatch(mark, line.strip()):
                after = lines[at + 1 : at + 15]
                end = after.index("Reference answer") if "Reference answer" in after else 1
                found.append(match[1] or " ".join(after[:end]))
    return found


@pytest.mark.parametrize("pair", SAME + HELD_SAME + APART + HELD_APART, ids=lambda pair: pair[0][:40])
def test_the_order_of_a_pair_does_not_matter(pair: tuple[str, str]) -> None:
    assert len(group(pair)) == len(group(pair[::-1]))


@pytest.mark.parametrize("pair", APART + HELD_APART, ids=" / ".join)
def test_questions_that_only_share_a_topic_stay_apart(pair: tuple[str, str], encoder: Encoder) -> None:
    assert group(pair, encoder.embed) == [[0], [1]]


@pytest.mark.parametrize(("wordings", "least"), [(SAME, 34), (HELD_SAME, 22)], ids=["tuned", "held out"])
def test_most_wordings_of_one_question_come_together(
    wordings: list[tuple[str, str]], least: int, encoder: Encoder
) -> None:
    assert sum(group(pair, encoder.embed) == [[0, 1]] for pair in wordings) >= least


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five source documents are not on this machine")
def test_the_five_documents_are_grouped_as_by_hand(encoder: Encoder) -> None:
    texts = seeds()
    assert len(texts) == 298
    found, wanted = pairs(group(texts, encoder.embed)), pairs(ASKED_AGAIN.values())
    right = len(found & wanted)
    assert right / len(found) >= 0.95
    assert right / len(wanted) >= 0.7
    for together in ("sql-vs-nosql", "tight-deadlines", "cap-theorem", "staying-current"):
        assert pairs([ASKED_AGAIN[together]]) <= found


@given(st.lists(st.sampled_from(TEXTS), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_questions_does_not_change_the_groups(texts: list[str], random: Random) -> None:
    order = random.sample(range(len(texts)), k=len(texts))
    shuffled = group([texts[index] for index in order])
    assert {frozenset(order[index] for index in members) for members in shuffled} == set(map(frozenset, group(texts)))


def test_the_order_of_the_questions_does_not_change_the_groups_by_meaning(encoder: Encoder) -> None:
    texts = TEXTS[:120]
    order = Random(3).sample(range(len(texts)), k=len(texts))
    shuffled = group([texts[index] for index in order], encoder.embed)
    straight = group(texts, encoder.embed)
    assert {frozenset(order[index] for index in members) for members in shuffled} == set(map(frozenset, straight))


@given(st.lists(st.text() | st.sampled_from(TEXTS), max_size=30))
def test_every_question_is_in_exactly_one_group_and_groups_are_in_order(texts: list[str]) -> None:
    groups = group(texts)
    assert sorted(index for members in groups for index in members) == list(range(len(texts)))
    assert all(members == sorted(members) for members in groups)
    assert groups == sorted(groups)


@given(st.text(max_size=60) | st.sampled_from(TEXTS), st.lists(st.sampled_from(TEXTS), max_size=10))
def test_equal_questions_are_always_together(text: str, others: list[str]) -> None:
    groups = group([text, *others, text])
    assert any({0, len(others) + 1} <= set(members) for members in groups)


@given(st.sampled_from(TEXTS), st.sampled_from(["{}", "{}?", "  {} ", "{}!", "\n{}\t"]))
def test_case_spaces_and_end_marks_do_not_matter(text: str, frame: str) -> None:
    assert group([text, frame.format(text.rstrip("?.")).upper()]) == [[0, 1]]


@pytest.mark.parametrize(
    "pair",
    [
        ("What\u2019s the \u201cCAP theorem\u201d?", "What's the CAP theorem?"),
        ("Qu'est-ce qu'une clé étrangère ?", "Qu'est-ce qu'une cle etrangere ?"),
        ("How do you optimise a backend?", "How do you optimize a back-end?"),
        ("What is a content delivery network (CDN)?", "What is a CDN?"),
        ("Explain CI/CD.", "What is CI/CD?"),
    ],
)
def test_spellings_of_one_thing_do_not_matter(pair: tuple[str, str]) -> None:
    assert group(pair) == [[0, 1]]


def test_a_neighbour_of_a_neighbour_does_not_join() -> None:
    """The one in the middle asks both what it is and how it is done; the outer two ask different things."""
    what, both, how = (
        "What is a deadlock?",
        "What is a deadlock, and how can you prevent it?",
        "How do you handle deadlocks?",
    )
    assert len(group([what, both])) == len(group([both, how])) == 1
    assert len(group([what, how])) == 2
    assert len(group([what, both, how])) == 2


def test_pairs_that_only_the_meaning_could_join_are_counted_where_it_is_not_asked(encoder: Encoder) -> None:
    pair = ["How do you migrate a monolith?", "How do you migrate a legacy monolith?"]
    assert compare(pair).undecided == 1
    assert compare(pair, encoder.embed).groups == [[0, 1]]
    assert compare(pair, encoder.embed).undecided == 0


def test_over_its_budget_the_embedding_decides_nothing() -> None:
    def refuse(texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError(texts)

    pair = ["How do you migrate a monolith?", "How do you migrate a legacy monolith?"]
    found = compare(pair, refuse, budget=1)
    assert (found.groups, found.undecided) == ([[0], [1]], 1)
    assert BUDGET > 298


def test_two_tasks_with_different_limits_stay_apart(encoder: Encoder) -> None:
    pair = ["How do you test a checkout flow for latency?", "How do you test a checkout flow for fairness?"]
    assert group(pair, encoder.embed) == [[0], [1]]


def test_a_huge_text_costs_no_more_than_a_long_one() -> None:
    assert group(["a" * 5_000_000, "What is an index?", "(" * 1_000_000]) == [[0], [1], [2]]
