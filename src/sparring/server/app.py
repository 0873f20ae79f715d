"""This file joins the API, the pages and the static files into one ASGI application."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.enums import HttpMethod

from sparring.practice import Practice
from sparring.server import api, assets, pages, problems
from sparring.server.api.bodies import BODY_MAX
from sparring.server.rendering import template_config
from sparring.server.security import secured


def create_app(practice: Practice, *, port: int, hosts: Sequence[str] = ()) -> Litestar:
    """Return the application that serves `practice`.

    Args:
        practice: what everything is asked of; it may be used from several threads at once.
        port: the port on which the server listens, which a Host header may name.
        hosts: further host names under which the server is reached, such as that of a proxy.
    """
    allowed: dict[str, str] = {}

    async def answer_options(request: Request[Any, Any, Any]) -> Response[None] | None:
        """Answer OPTIONS; Litestar's own answer names only the methods of the handler that was added first."""
        if request.method != HttpMethod.OPTIONS:
            return None
        return Response(None, status_code=204, headers={"Allow": allowed[request.scope["path_template"]]})

    app = Litestar(
        route_handlers=[api.router, assets.show, *pages.handlers],
        before_request=answer_options,
        dependencies={"practice": Provide(lambda: practice, sync_to_thread=False)},
        exception_handlers=problems.handlers(practice.new_id),
        template_config=template_config(),
        openapi_config=None,
        request_max_body_size=BODY_MAX,
        logging_config=None,
    )
    allowed |= {each.path_format: ", ".join(sorted(each.methods)) for each in app.routes}
    # Litestar's own middleware runs after routing; these checks and headers belong to every answer, 404 included.
    app.asgi_handler = secured(app.asgi_handler, port=port, hosts=hosts)
    return app
