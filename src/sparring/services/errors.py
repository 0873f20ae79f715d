"""This file names the one way in which a real service can fail us."""


class ServiceError(RuntimeError):
    """A service could not be found, started or stopped; the message says why and what to do."""
