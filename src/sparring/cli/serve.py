"""This file serves the app and opens the browser."""

import socket
import threading
import webbrowser
from contextlib import suppress
from typing import Any

import click

from sparring.cli.opening import data_option, opened

PORT = 8420


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free port.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--allow-host", multiple=True, help="A further host name that browsers may use for this server.")
@data_option
def serve(
    host: str = "127.0.0.1",
    port: int = PORT,
    no_browser: bool = False,  # noqa: FBT001, FBT002 - click passes flags so
    allow_host: tuple[str, ...] = (),
    data: str | None = None,
) -> None:
    """Serve the app; stop it with Ctrl+C."""
    listener = _listen(host, port)
    with opened(data) as practice:
        _serve(practice, listener, allow_host, no_browser=no_browser)


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything is loaded, so that a taken port is said at once."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # two processes may bind the same port under SO_REUSEADDR, only one may listen
    except OSError as error:
        advice = "is Sparring running already? Stop it, or choose another with --port"
        raise click.ClickException(f"cannot listen on {host} port {port} ({error.strerror}); {advice}") from error
    return listener


def _serve(practice: Any, listener: socket.socket, hosts: tuple[str, ...], *, no_browser: bool) -> None:
    import uvicorn

    from sparring.server.app import create_app
    from sparring.wiring import warm

    host, port = listener.getsockname()[:2]
    address = f"http://{'localhost' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - only compared

    class Server(uvicorn.Server):
        """Says that it is ready once it is."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            click.echo(f"Sparring is ready on {address} (data in {practice.settings.home}). Ctrl+C stops it.")
            warm(practice.encoder)
            if not no_browser:
                threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()

    app = create_app(practice, port=port, hosts=hosts)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    with suppress(KeyboardInterrupt):  # Ctrl+C is how one stops it, no failure
        Server(config).run(sockets=[listener])
