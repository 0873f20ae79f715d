"""This file measures how fast documents are read: questions a second and megabytes a second.

Run with `uv run python benchmarks/import_rate.py [QUESTIONS]`; nothing is asserted.
"""

import sys
import time
from pathlib import Path

from sparring.bank.importers import read_document

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
ANSWER = "It keeps one copy of each record in every zone and asks a majority before it answers. " * 6


def generated(count: int, shape: str) -> str:
    """Return a document of `count` questions as plain text, Markdown or HTML."""
    questions = [(n, f"How does part {n} of the store survive the loss of a zone?") for n in range(1, count + 1)]
    if shape == "html":
        body = "".join(
            f"<h3>{n}. {text}</h3>\n<p>{ANSWER}</p>\n<ol><li>ask</li><li>wait</li></ol>\n" for n, text in questions
        )
        return f"<!doctype html>\n<html><body>{body}</body></html>"
    if shape == "md":
        return "".join(f"### {n}. {text}\n\n{ANSWER}\n\n1. ask\n2. wait\n\n" for n, text in questions)
    return "".join(f"{n}. {text}\nAnswer: {ANSWER}\nThen:\n1. ask\n2. wait\n" for n, text in questions)


def measure(name: str, data: bytes) -> None:
    """Print how long reading one document takes, the best of three."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        found = read_document(data, name)
        seconds.append(time.perf_counter() - start)
    best = min(seconds)
    size = len(data) / 1e6
    rates = f"{len(found) / best:>9.0f}/s {size / best:>6.2f} MB/s"
    print(f"{name:<28}{len(found):>8} questions {size:>7.2f} MB {best:>7.3f} s {rates}")


def main() -> None:
    """Measure generated documents and, where they are beside the repository, the five real ones."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for shape in ("txt", "md", "html"):
        measure(f"generated.{shape}", generated(count, shape).encode())
    for path in sorted(SEEDS.glob("*.txt")) if SEEDS.is_dir() else []:
        measure(path.name, path.read_bytes())


if __name__ == "__main__":
    main()
