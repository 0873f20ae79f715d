"""This file serves what the candidate has chosen."""

from litestar import Response, Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from sparring.practice import Practice
from sparring.server.api.etags import HEADER, NOT_MODIFIED, IfMatch, IfNoneMatch, check_match, tagged
from sparring.server.problems import declared
from sparring.settings import Preferences


@get(
    "/",
    operation_id="getPreferences",
    summary="What the candidate has chosen",
    response_headers=[HEADER],
    responses=NOT_MODIFIED,
    sync_to_thread=True,
)
def show(practice: NamedDependency[Practice], if_none_match: IfNoneMatch = "") -> Response[Preferences]:
    """Return what the candidate has chosen."""
    return tagged(practice.preferences(), if_none_match)


@put(
    "/",
    operation_id="putPreferences",
    summary="Choose",
    response_headers=[HEADER],
    responses=declared(s400="the body is bad", s412="they were changed since they were read, as If-Match tells"),
    sync_to_thread=True,
)
def choose(
    practice: NamedDependency[Practice], data: JSONBody[Preferences], if_match: IfMatch = ""
) -> Response[Preferences]:
    """Keep what the candidate chooses; what is left out becomes the default. If-Match protects what was not seen."""
    with practice.store.transaction():
        check_match(practice.preferences(), if_match)
        return tagged(practice.set_preferences(data))


router = Router("/preferences", route_handlers=[show, choose], tags=["preferences"])
