"""This file names the ways in which the store can fail."""


class StoreError(Exception):
    """The store could not do what was asked; the message says why and what to do. Nothing was changed."""


class CannotOpen(StoreError):
    """The database cannot be opened, or is not one that this program may write to."""


class Unreachable(StoreError):
    """The database does not answer now; the same call may succeed later."""


class Taken(StoreError):
    """There is already a row with that id or key."""


class Missing(StoreError):
    """A row that another one refers to is not there."""


class Stale(StoreError):
    """The card, review or draft was changed by someone else in between; read it again."""


class Unstorable(StoreError):
    """A value cannot be kept, such as text with a NUL character or a time without its zone."""


class BadExport(StoreError):
    """The document is not an export that can be read; the message names the place."""


def described(kind: type[StoreError], place: str, meaning: str, error: Exception) -> StoreError:
    """Return an error of `kind`: what it means, what the driver said, and of which database where that matters."""
    reason = str(error).partition("\n")[0]
    where = "" if kind in (Taken, Missing, Unstorable) else f"{place}: "
    return kind(f"{where}{meaning} ({reason})")
