"""This file keeps questions that have been read once, so that the next start need not parse their files again."""

import hashlib
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from sparring.content import Question, schema


class Entry(Struct, frozen=True, array_like=True):
    """A question with the state of its file when it was read."""

    pack: str
    modified_ns: int
    size: int
    question: Question


class Shelf:
    """Lives for one load of the catalogue: opened, asked and added to for each file, saved if anything changed.

    It is only a shortcut: a shelf that is missing, damaged, from another version or not writable is as good as empty.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._old = _read(path) if path else {}
        self._new: dict[str, Entry] = {}
        self._states: dict[Path, tuple[int, int]] = {}

    def take(self, path: Path, pack: str) -> Question | None:
        """Return the question at `path`, if its file has not changed since it was put here."""
        if self._path is None:
            return None
        self._states[path] = _state(path)  # before it is read: a change while reading is then seen next time
        entry = self._old.get(str(path))
        if entry is None or (entry.pack, entry.modified_ns, entry.size) != (pack, *self._states[path]):
            return None
        return entry.question

    def put(self, path: Path, pack: str, question: Question) -> None:
        """Keep `question`, which was asked for and is at `path`."""
        if self._path:
            self._new[str(path)] = Entry(pack, *self._states[path], question)

    def save(self) -> None:
        """Write what was taken and put; files that are gone are forgotten."""
        if self._path is None or self._new == self._old:
            return
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            draft.write_bytes(_stamp() + msgspec.msgpack.encode(self._new))
            draft.replace(self._path)
        except OSError:
            draft.unlink(missing_ok=True)


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, -1
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> dict[str, Entry]:
    try:
        text = path.read_bytes()
        stamp = _stamp()
        return msgspec.msgpack.decode(text[len(stamp) :], type=dict[str, Entry]) if text.startswith(stamp) else {}
    except (OSError, msgspec.DecodeError):
        return {}


def _stamp() -> bytes:
    """Return what changes with the question format."""
    return hashlib.sha256(msgspec.json.encode(schema(), order="sorted")).digest()
