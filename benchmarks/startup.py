"""This file measures how long the app takes from the command to the first page, and how long each page takes.

The peer in the same run is the bare interpreter: what `python -c pass` costs on this machine.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
REQUESTS = 200
PAGES = (
    "/",
    "/bank",
    "/bank?query=retry",
    "/questions/cap-theorem",
    "/progress",
    "/settings",
    "/api/v1/questions",
    "/api/v1/plan",
)


def bare_start() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - begun


def start(folder: Path) -> tuple[subprocess.Popen[str], int, float]:
    """Start the app; return the process, its port and the seconds until its first page was read."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "sparring", "serve", "--port", "0", "--no-browser", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port = int(process.stdout.readline().split("127.0.0.1:")[1].split()[0])
    fetch(port, "/")
    return process, port, time.perf_counter() - begun


def fetch(port: int, path: str) -> float:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    connection.close()
    return time.perf_counter() - begun


def main() -> None:
    os.environ["PYTHONUNBUFFERED"] = "1"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starts = []
        for _ in range(RUNS):
            process, port, seconds = start(folder)
            starts.append(seconds)
            process.terminate()
            process.wait()
        bare = statistics.median(bare_start() for _ in range(RUNS))
        print(f"from command to first page: median {statistics.median(starts):.2f} s, worst {max(starts):.2f} s")
        print(f"bare interpreter: median {bare:.3f} s (limit for the second start: 2 s)")
        process, port, _ = start(folder)
        time.sleep(2)
        for path in PAGES:
            times = sorted(fetch(port, path) for _ in range(REQUESTS))
            p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            print(f"{path:28} p50 {1000 * p50:6.1f} ms   p99 {1000 * p99:6.1f} ms")
        process.terminate()


if __name__ == "__main__":
    main()
