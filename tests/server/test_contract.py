"""Schemathesis finds nothing that the API does and its OpenAPI document does not say."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sparring.practice import Practice

# A request can fit the document and still be refused for what is, or is not, in the store.
CONFIG = """
seed = 20261122
workers = 1

[generation]
max-examples = 8

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "403", "404", "409", "412", "422"]

[parameters]
"path.answer_id" = "{answer}"
"""


@pytest.mark.slow
def test_schemathesis_finds_no_fault_and_no_breach(
    tmp_path: Path, open_practice: Callable[[Path], Practice], serving: Callable[[Practice], int]
) -> None:
    practice = open_practice(tmp_path / "data")
    port = serving(practice)
    body = {"question": "expected-salary", "text": "I name a range."}
    base = f"http://127.0.0.1:{port}/api/v1"
    answer = httpx.post(f"{base}/answers", json=body).raise_for_status().json()["answer"]["id"]
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(answer=answer), "utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", f"{base}/openapi.json"]
    command += ["--phases", "examples,coverage,fuzzing,stateful", "--suppress-health-check", "all"]
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=300, env=environment, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Tested: 22" in run.stdout, run.stdout
