"""This file picks the concrete parts: store, graders, clock, ids and folders. Nothing else reads the clock."""

import datetime as dt
import os
import secrets
import threading
import time
import uuid
from pathlib import Path

from sparring.bank.catalog import Catalog, Pack, bundled, load_catalog
from sparring.grading.by_rule import RuleGrader
from sparring.grading.embedding import Encoder
from sparring.grading.grader import Grader
from sparring.practice import Practice
from sparring.settings import Preferences, Settings, read_settings
from sparring.store import open_store


def settings(home: str | None = None) -> Settings:
    """Return the operator's settings from the command line and the environment."""
    return read_settings(os.environ, home)


def now() -> dt.datetime:
    """Return the time in this machine's time zone, since a candidate's day ends at local midnight."""
    return dt.datetime.now().astimezone()


def new_id() -> str:
    """Return a new id: a UUID of version 7 (RFC 9562, section 5.7), so that ids are in order of time."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | secrets.randbits(80)
    return str(uuid.UUID(int=value & ~(0xF << 76 | 0b11 << 62) | 0x7 << 76 | 0b10 << 62))


def packs(chosen: Settings, preferences: Preferences) -> list[Pack]:
    """Return the packs in the order in which they win: bundled, the candidate's own, what imports wrote."""
    own = [Pack(Path(folder).name, Path(os.path.expanduser(folder))) for folder in preferences.packs]  # noqa: PTH111 - never raises
    imported = [Pack(each.name, each) for each in sorted(chosen.packs.glob("*")) if each.is_dir()]
    return [Pack("sparring", bundled()), *own, *imported]


def practice(chosen: Settings, encoder: Encoder) -> Practice:
    """Return the practice over the operator's store and packs; opening the store brings its schema up to date."""
    rules = RuleGrader(encoder)

    def load(preferences: Preferences) -> Catalog:
        return load_catalog(packs(chosen, preferences), shelf=chosen.home / "catalog.cache")

    def grader(preferences: Preferences) -> Grader:
        if not preferences.model_url:
            return rules
        from sparring.grading.by_model import ModelGrader, Prices

        return ModelGrader(
            preferences.model_url,
            preferences.model_name,
            chosen.model_key,
            rules=rules,
            prices=Prices(preferences.model_price_in, preferences.model_price_out),
        )

    chosen.home.mkdir(parents=True, exist_ok=True)
    return Practice(
        settings=chosen,
        store=open_store(chosen.database_url),
        load=load,
        grader=grader,
        encoder=encoder,
        now=now,
        new_id=new_id,
    )


def warm(encoder: Encoder) -> None:
    """Load the embedding model in the background, so that the first answer need not wait for it.

    The thread is no daemon: a process that ends while the model is loading must wait, or the runtime aborts it.
    """
    threading.Thread(target=encoder.warm, name="load-model").start()
