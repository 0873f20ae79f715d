"""This file asks a chat model behind an OpenAI-compatible endpoint, and counts the tokens that this took."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import msgspec
from msgspec import Struct

TIMEOUT_S = 60.0
LARGEST_REPLY = 1_000_000
"""Bytes of a reply that are read."""

MOST_TOKENS = 1_000_000_000
"""Tokens of one call above which a count is not believed."""

Messages = Sequence[dict[str, str]]


class NoReply(Exception):
    """Why there is no reply that can be read, in words that hold nothing of the key; `came` says whether one came."""

    def __init__(self, why: str, *, came: bool = False) -> None:
        super().__init__(why)
        self.came = came


class Reply(Struct, frozen=True):
    """What the model said, and the tokens it took, where the endpoint counts them."""

    content: str
    tokens: tuple[int, int] | None


class _Message(Struct, frozen=True):
    content: str


class _Choice(Struct, frozen=True):
    message: _Message


class _Completion(Struct, frozen=True):
    choices: tuple[_Choice, ...]
    usage: Any = None


class Endpoint:
    """An OpenAI-compatible endpoint and a model there.

    Args:
        url: base of the endpoint, such as `http://localhost:11434/v1`.
        name: the model's name there.
        key: sent as a bearer token where it is not empty, and kept out of prompts and errors.
        client: an `httpx.Client`, for its transport; by default a new one for each call.
        timeout_s: seconds that connecting, waiting and reading may take in all.
        clock: counts seconds.
    """

    def __init__(
        self,
        url: str,
        name: str,
        key: str,
        *,
        client: httpx.Client | None = None,
        timeout_s: float = TIMEOUT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._name, self._key = name, key
        self._client, self._timeout_s, self.clock = client, timeout_s, clock

    def __repr__(self) -> str:
        return f"Endpoint(name={self._name!r})"

    def ask(self, messages: Messages) -> Reply:
        """Return what the model says to `messages`, at temperature 0.

        Raises:
            NoReply: the endpoint cannot be reached, is too slow, refuses, or sends what is no chat completion.
        """
        try:
            if self._client is not None:
                return _read(self._post(self._client, messages))
            with httpx.Client() as client:
                return _read(self._post(client, messages))
        except httpx.TimeoutException:
            raise NoReply(f"the endpoint did not reply within {self._timeout_s:g} s") from None
        except httpx.ConnectError:
            raise NoReply("the endpoint refused the connection or was not found") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise NoReply("the endpoint's address is no http or https URL; mend it in the settings") from None
        except (httpx.HTTPError, httpx.StreamError):
            raise NoReply("the connection to the endpoint broke") from None
        except ValueError:
            raise NoReply("the key has characters that a header cannot hold; set it again") from None

    def _post(self, client: httpx.Client, messages: Messages) -> bytes:
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        request = {
            "model": self._name,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": messages,
        }
        content = json.dumps(request).encode()
        until = self.clock() + self._timeout_s
        with client.stream("POST", self._url, content=content, headers=headers, timeout=self._timeout_s) as reply:
            if reply.status_code != httpx.codes.OK:
                raise NoReply(f"the endpoint answered {reply.status_code}")
            body = b""
            for chunk in reply.iter_bytes():
                body += chunk
                if len(body) > LARGEST_REPLY:
                    raise NoReply("the reply was larger than a megabyte", came=True)
                if self.clock() > until:
                    raise NoReply(f"the endpoint did not finish within {self._timeout_s:g} s")
        return body


def _read(body: bytes) -> Reply:
    try:
        completion = msgspec.json.decode(body, type=_Completion)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoReply("the reply was not a chat completion", came=True) from None
    if not completion.choices:
        raise NoReply("the reply held no message", came=True)
    return Reply(completion.choices[0].message.content, _tokens(completion.usage))


def _tokens(usage: Any) -> tuple[int, int] | None:
    """Return the tokens in and out that `usage` counts, or None where it counts nothing that can be believed."""
    counts = usage if isinstance(usage, dict) else {}
    found = tuple(counts.get(name) for name in ("prompt_tokens", "completion_tokens"))
    match found:
        case (int(tokens_in), int(tokens_out)) if all(0 <= each <= MOST_TOKENS for each in (tokens_in, tokens_out)):
            return tokens_in, tokens_out
        case _:
            return None
