"""This file says what the operator and the candidate may choose."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import platformdirs
from msgspec import Meta, Struct


class Settings(Struct, frozen=True, kw_only=True):
    """What the operator chooses when Sparring starts; read once, from the command line and the environment."""

    home: Path
    database_url: str
    model_key: str = ""

    @property
    def packs(self) -> Path:
        """The folder of the packs that imports write."""
        return self.home / "packs"


Line = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x1f]*$")]


Price = Annotated[float, Meta(ge=0, le=100_000)]
"""For a million tokens, in any currency; 0 where none is set."""


class Preferences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the candidate chooses on the settings page; kept in the store."""

    interview_on: dt.date | None = None
    minutes_a_day: Annotated[int, Meta(ge=5, le=480)] = 40
    years: Annotated[int, Meta(ge=0, le=40)] = 3
    desired_retention: Annotated[float, Meta(ge=0.8, le=0.95)] = 0.9
    show_intervals: bool = True
    use_corrections: bool = True
    packs: tuple[Line, ...] = ()
    model_url: Annotated[str, Meta(max_length=500, pattern=r"^$|^https?://[^\s\x00-\x1f]+$")] = ""
    model_name: Line = ""
    model_price_in: Price = 0.0
    model_price_out: Price = 0.0


def read_settings(environment: Mapping[str, str], home: str | None = None) -> Settings:
    """Read the operator's settings.

    `home` wins over SPARRING_HOME, which wins over the platform's data folder. SPARRING_DATABASE_URL is
    `sqlite:///path` or `postgresql://...`; the default is an SQLite file in the data folder. SPARRING_MODEL_KEY is
    the secret sent to the model endpoint, and is kept nowhere else.
    """
    folder = Path(home or environment.get("SPARRING_HOME") or platformdirs.user_data_dir("sparring")).expanduser()
    folder = folder.resolve()
    return Settings(
        home=folder,
        database_url=environment.get("SPARRING_DATABASE_URL") or f"sqlite:///{folder / 'sparring.db'}",
        model_key=environment.get("SPARRING_MODEL_KEY", ""),
    )
