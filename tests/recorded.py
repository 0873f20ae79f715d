"""This file is a chat completions endpoint on loopback that replays what is recorded in tests/fixtures/model."""

import http.server
import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("fixtures") / "model"
Reply = dict[str, Any]


def recording(name: str) -> Any:
    """Return what a file of the folder holds."""
    return json.loads((FOLDER / name).read_text("utf-8"))


def says(*findings: dict[str, str]) -> Reply:
    """Return a reply with these findings."""
    content = json.dumps({"findings": findings})
    return {"status": 200, "body": {"choices": [{"message": {"content": content}}]}}


class RecordedEndpoint:
    """A real HTTP server on a free port; `seen` is the path, the headers and the body of each call."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self._replies: list[Reply] = []
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.seen.append((self.path, dict(self.headers), json.loads(body)))
                _send(self, endpoint._next())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by http.server
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def plays(self, replies: Sequence[Reply] | str) -> None:
        """Send these replies, or those of a file, one a call."""
        self._replies = list(recording(replies) if isinstance(replies, str) else replies)

    def sent(self, call: int) -> dict[str, Any]:
        """Return the user message of a call, which is a JSON object."""
        user: dict[str, Any] = json.loads(self.seen[call][2]["messages"][1]["content"])
        return user

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _next(self) -> Reply:
        return self._replies.pop(0) if self._replies else {"status": 410, "text": "nothing more is recorded"}


def _send(handler: http.server.BaseHTTPRequestHandler, reply: Reply) -> None:
    body = json.dumps(reply["body"]) if "body" in reply else reply["text"] * reply.get("times", 1)
    content = body.encode()
    time.sleep(reply.get("after_s", 0))
    try:
        handler.send_response(reply["status"])
        handler.send_header("Content-Length", str(reply.get("promises", len(content))))
        handler.end_headers()
        step = 1 if "every_s" in reply else max(len(content), 1)
        for start in range(0, len(content), step):
            time.sleep(reply.get("every_s", 0))
            handler.wfile.write(content[start : start + step])
    except (BrokenPipeError, ConnectionResetError):
        pass  # the grader gave up, as it should
