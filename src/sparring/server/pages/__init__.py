"""This package serves the pages that people see; each form post does one thing and leads to the next page."""

from litestar import Router

from sparring.server.pages import answering, bank, importing, progress, settings, today

handlers = [
    Router(
        "/",
        route_handlers=[
            *today.handlers,
            *answering.handlers,
            *bank.handlers,
            *importing.handlers,
            *progress.handlers,
            *settings.handlers,
        ],
        include_in_schema=False,
    )
]
