"""This package is the HTTP API, one module per noun; it has no rules of its own."""

from litestar import Router

from sparring.server.api import answers, archive, health, imports, plan, preferences, questions, undo
from sparring.server.api.bodies import StrictRequest, check_body
from sparring.server.api.document import PREFIX, serving

_NOUNS = (
    questions.router,
    answers.router,
    undo.undo,
    plan.router,
    preferences.router,
    imports.router,
    archive.router,
    health.show,
)

router = Router(PREFIX, route_handlers=[*_NOUNS, serving(_NOUNS)], guards=[check_body], request_class=StrictRequest)
