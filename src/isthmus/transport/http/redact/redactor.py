"""Masks what must not be read in a debug log: by the name it stands under, and by its value.

Linear in what is kept, whatever is in it. Source: hostile-cases.md group C.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from isthmus.model.json import Json
from isthmus.model.secret import MASK
from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.message import Headers, Request, Response
from isthmus.transport.http.redact.bodies import mask_body
from isthmus.transport.http.redact.names import is_secret_name
from isthmus.transport.http.redact.texts import mask_parameters
from isthmus.transport.http.redact.values import ValueMask

EXCERPT: Final = 64 * 1024
"""How many characters of a body are kept."""

_SCHEME: Final = re.compile(
    r"(?:basic|bearer|digest|oauth|mac|hmac|token|apikey|key|jwt|negotiate|ntlm|aws4-hmac-sha256) ", re.IGNORECASE
)

Part = TypeVar("Part", Exchange, Request, Response)


class Redactor:
    """Masks secrets and cuts bodies to an excerpt; making one costs far more than using it.

    `secrets` are the values in clear; those shorter than 6 characters are masked by name alone. A body of text stays
    text in UTF-8; one that is not is replaced by a line that says how long it was. Never raises for what is in them.
    """

    def __init__(self, secrets: Collection[str], excerpt: int = EXCERPT) -> None:
        self._values = ValueMask(secrets)
        self._excerpt = excerpt

    def __call__(self, part: Part) -> Part:
        """Redact an exchange, a request or a response."""
        if isinstance(part, Exchange):
            return replace(
                part,
                request=self(part.request),
                response=None if part.response is None else self(part.response),
                error=None if part.error is None else self.text(part.error),
            )
        body = part.body and self.body(part.body, part.headers.get("Content-Type") or "")
        return replace(part, url=self.text(part.url), headers=self.headers(part.headers), body=body)

    def text(self, text: str) -> str:
        """Mask a URL or a sentence."""
        return mask_parameters(self._values.mask(text))

    def headers(self, headers: Headers) -> Headers:
        """Mask header fields; of an authorization the scheme stays."""
        return Headers((self._values.mask(name), self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if not is_secret_name(name):
            return self.text(value)
        scheme = _SCHEME.match(value) if "authorization" in name.lower() else None
        return f"{scheme[0] if scheme else ''}{MASK}"

    def body(self, body: bytes, media_type: str) -> bytes:
        """Mask a body and cut it."""
        return mask_body(body, media_type, self._values, self._excerpt)


def secret_strings(value: Json) -> Iterator[str]:
    """Give every string and number inside a secret of any shape, as text, for the `secrets` of `Redactor`."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node
        elif isinstance(node, bytes):
            yield node.decode("utf-8", "replace")
        elif isinstance(node, str | int | float) and not isinstance(node, bool):
            yield str(node)
