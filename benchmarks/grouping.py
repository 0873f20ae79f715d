"""This file measures how fast and how well near-duplicates are grouped, beside TF-IDF cosine on the same questions.

Run with `uv run python benchmarks/grouping.py [COUNT]`. The questions are made from topics, intents and paraphrases, so
that it is known which ask the same; many share all their words but one with a question that asks something else.
"""

import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from random import Random

import numpy as np

from sparring.bank.similarity import Embed, compare
from sparring.grading.embedding import Encoder


def _listed(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split(",")]


QUALIFIERS = _listed("""
    adaptive, asynchronous, atomic, bounded, clustered, columnar, composite, compressed, concurrent, consistent,
    covering, cursor-based, declarative, deferred, dynamic, elastic, encrypted, ephemeral, event-driven,
    federated, hierarchical, hybrid, idempotent, immutable, incremental, in-memory, isolated, lazy, leaderless,
    lock-free, logical, materialized, optimistic, ordered, partial, persistent, pessimistic, physical,
    polymorphic, priority, probabilistic, reactive, recursive, remote, replicated, reverse, scheduled, shadow,
    sharded, sparse, stateful, sticky, streaming, synchronous, temporal, transactional, two-phase, versioned,
    virtual, weighted
""")
SUBJECTS = _listed("""
    backup, broker, buffer, cache, checkpoint, connection pool, consensus, cursor, deployment, dispatcher,
    encryption, event log, failover, feature flag, file system, garbage collector, gateway, hash table, health
    check, index, inbox, iterator, job queue, join, journal, key rotation, leader election, ledger, load
    balancer, lock, membership protocol, message queue, metric, migration, mutex, notification, outbox,
    pagination, partition, pipeline, proxy, publisher, query planner, rate limiter, replica, restore, rollback,
    router, saga, scheduler, schema, search index, secret store, semaphore, serializer, session, snapshot,
    subscription, table scan, tenant, thread pool, timer, token bucket, trace, transaction, trigger, view,
    webhook, worker, write-ahead log
""")
FRAMES = {
    "define": (
        "What is a {}?", "Explain what a {} is.", "Can you explain the concept of a {}?", "Define {}",
        "What do you understand by {}s?", "What is a {}, and how does it work?", "describe {}s",
        "What is a {} in distributed systems?", "What are {}s and when would you use them?",
    ),
    "how": (
        "How do you implement a {}?", "How would you implement a {}?", "What is your approach to implementing a {}?",
        "Explain how you would build a {}.", "How do you go about building a {}?",
        "How can we implement a {} to improve performance?", "What are the best practices for implementing a {}?",
    ),
    "test": (
        "How do you test a {}?", "How would you test a {}?", "What strategies do you use for testing a {}?",
        "Describe how you test a {}.", "What steps would you take to test a {}?",
    ),
    "why": ("Why is a {} important?", "Why do we need {}s?", "Why would you use a {}?", "why are {}s so useful"),
    "story": (
        "Tell me about a time you used a {}.", "Describe a situation where you used {}s.",
        "Describe a time when you had to use a {}.",
    ),
    "weigh": ("What are the pros and cons of a {}?", "Describe the advantages and disadvantages of {}s."),
}  # fmt: skip
PLACES = ("", " in Java", " in Node.js")
PEER_COUNT = 5_000
PEER_THRESHOLDS = (0.6, 0.7, 0.8, 0.9)


def questions(count: int, random: Random) -> tuple[list[str], list[int]]:
    """Return `count` questions in random order, and for each the number of its group."""
    groups = [
        (f"{qualifier} {subject}", frame, place)
        for qualifier, subject, frame in product(QUALIFIERS, SUBJECTS, FRAMES)
        for place in (PLACES if frame in ("how", "test") else ("",))
    ]
    random.shuffle(groups)
    made: list[tuple[str, int]] = []
    for label, (thing, frame, place) in enumerate(groups):
        for wording in random.sample(FRAMES[frame], k=min(len(FRAMES[frame]), random.choice((1, 1, 2, 3, 5)))):
            text = wording.format(f"{thing}{place}")
            made.append((random.choice((text, text, text, text.lower(), f"{text} ", text.rstrip("?."))), label))
    made = made[:count]
    random.shuffle(made)
    return [text for text, _ in made], [label for _, label in made]


def score(groups: Sequence[Sequence[int]], labels: Sequence[int]) -> tuple[float, float]:
    """Return the pairwise precision and recall of `groups`."""
    together = sum(_pairs(len(group)) for group in groups)
    right = sum(sum(map(_pairs, Counter(labels[index] for index in group).values())) for group in groups)
    wanted = sum(map(_pairs, Counter(labels).values()))
    return right / max(1, together), right / max(1, wanted)


def by_tf_idf(texts: Sequence[str], threshold: float) -> list[list[int]]:
    """Group texts whose TF-IDF vectors have a cosine of `threshold` or more with the first of a group."""
    words = [re.findall(r"\w+", text.lower()) for text in texts]
    number = {word: index for index, word in enumerate(sorted(set().union(*words)))}
    vectors = np.zeros((len(texts), len(number)), dtype=np.float32)
    for row, line in enumerate(words):
        np.add.at(vectors[row], [number[word] for word in line], 1)
    vectors *= np.log((1 + len(texts)) / (1 + (vectors > 0).sum(axis=0))) + 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = vectors @ vectors.T >= threshold
    group_of: dict[int, list[int]] = defaultdict(list)
    leader = np.full(len(texts), -1)
    for row in range(len(texts)):
        if leader[row] < 0:
            leader[(leader < 0) & alike[row]] = row
        group_of[int(leader[row])].append(row)
    return list(group_of.values())


def measure(name: str, run: Callable[[], list[list[int]]], labels: Sequence[int]) -> None:
    begin = time.perf_counter()
    groups = run()
    seconds = time.perf_counter() - begin
    precision, recall = score(groups, labels)
    print(f"{name:34} {seconds:7.2f} s  {len(groups):6} groups  precision {precision:.3f}  recall {recall:.3f}")


def ours(texts: Sequence[str], embed: Embed | None) -> list[list[int]]:
    found = compare(texts, embed)
    if found.undecided:
        print(f"{'':34} {found.undecided} pairs left apart without the embedding")
    return found.groups


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    embed = Encoder().embed
    texts, labels = questions(count, Random(7))
    print(f"{count} questions, {len(set(texts))} of them distinct")
    measure("sparring, all", partial(ours, texts, embed), labels)
    print(f"{'peak memory':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MiB")
    texts, labels = questions(min(count, PEER_COUNT), Random(8))
    print(f"\n{len(texts)} questions")
    measure("sparring", partial(ours, texts, embed), labels)
    for threshold in PEER_THRESHOLDS:
        measure(f"TF-IDF cosine >= {threshold}", partial(by_tf_idf, texts, threshold), labels)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


if __name__ == "__main__":
    main()
