"""This file turns rows into database columns and back: times and nested values become text that both databases keep."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from sparring.store.errors import Unstorable

Row = TypeVar("Row", bound=Struct)

JSON_COLUMNS = frozenset({"grade", "before", "after"})


def to_columns(row: Struct) -> dict[str, Any]:
    """Return the columns of `row`, checked so that what goes in can be read back.

    Raises:
        Unstorable: naming the field that cannot be kept.
    """
    return {name: _column(name, value) for name, value in _plain(row).items()}


def to_json(value: Struct) -> str:
    """Return `value` as JSON text, checked as in `to_columns`."""
    _plain(value)
    return msgspec.json.encode(value).decode()


def from_columns(kind: type[Row], columns: Sequence[Any]) -> Row:
    """Return the row of `kind` that `columns`, in the order of its fields, hold."""
    names = kind.__struct_fields__
    values = {
        name: msgspec.json.decode(value) if name in JSON_COLUMNS else value
        for name, value in zip(names, columns, strict=True)
    }
    return msgspec.convert(values, kind)


def to_text(moment: datetime) -> str:
    """Return `moment` as UTC text of fixed width, so that texts sort as the moments do."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _plain(row: Struct) -> dict[str, Any]:
    """Return `row` as checked JSON values; times keep their type."""
    try:
        plain: dict[str, Any] = msgspec.to_builtins(row, builtin_types=(datetime,))
        msgspec.convert(plain, type(row))
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise Unstorable(f"this {type(row).__name__} cannot be kept: {error}") from error
    for name, value in plain.items():
        _refuse(f"`{name}` of this {type(row).__name__}", value)
    return plain


def _column(name: str, value: Any) -> Any:
    if name in JSON_COLUMNS:
        return msgspec.json.encode(value).decode()
    return to_text(value) if isinstance(value, datetime) else value


def _refuse(where: str, value: Any) -> None:
    """Raise where a value would be lost or changed by one of the databases."""
    if isinstance(value, str):
        _refuse_text(where, value)
    elif isinstance(value, datetime) and value.utcoffset() is None:
        raise Unstorable(f"{where} is a time without a zone; pass an aware datetime")
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unstorable(f"{where} is {value}; pass a finite number or None")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse(f"{where}.{name}", inner)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            _refuse(f"{where}[{index}]", inner)


def _refuse_text(where: str, value: str) -> None:
    if "\0" in value:
        raise Unstorable(
            f"{where} has a NUL character at {value.index(chr(0))}, which PostgreSQL cannot keep; remove it"
        )
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Unstorable(f"{where} has half a surrogate pair at {error.start}; remove it") from error
