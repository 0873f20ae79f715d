"""The wheel holds everything: installed into an empty environment, `spar` runs."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _uv() -> str:
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        pytest.skip("uv is not here; `make test` brings it")
    return found


def _run(*command: str | Path, **options: str) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, env=options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_runs_in_an_empty_environment(tmp_path: Path) -> None:
    uv, wheels, place = _uv(), tmp_path / "wheels", tmp_path / "place"
    outer = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "PYTHON", "PYTEST"))}
    _run(uv, "build", "--quiet", "--wheel", "--out-dir", wheels, ROOT, **outer)
    _run(uv, "venv", "--quiet", place, **outer)
    _run(uv, "pip", "install", "--quiet", "--python", place, *wheels.glob("*.whl"), **outer)

    inner = {"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    checks = json.loads(_run(place / "bin" / "spar", "doctor", "--json", "--data", tmp_path / "data", **inner))

    assert [check["name"] for check in checks if not check["works"]] == []
    pages = place.glob("lib/*/site-packages/sparring/server/**/*")
    assert {"app.css", "keys.js", "base.html", "answer.html"} <= {page.name for page in pages}
