"""Cookies of one connection (RFC 6265, as little of it as a machine needs), capped in number and size."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from isthmus.transport.http.message import Response

MAX_COOKIES: Final = 50
MAX_COOKIE_BYTES: Final = 4_096

_GONE: Final = re.compile(r"-[0-9]+|0+")
"""A Max-Age that deletes the cookie (RFC 6265 section 5.2.2)."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; `host_only` ones go to exactly the host that set them."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool

    def goes_to(self, scheme: str, host: str, path: str) -> bool:
        """Tell whether the cookie belongs to an address."""
        if self.secure and scheme != "https":
            return False
        if host != self.domain and (self.host_only or not host.endswith(f".{self.domain}")):
            return False
        return path == self.path or path.startswith(self.path if self.path.endswith("/") else f"{self.path}/")


class Jar:
    """The cookies of one connection."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def keep(self, response: Response) -> None:
        """Take in what a response sets; cookies that are oversized, for other hosts or over the cap are dropped."""
        host, path = _place(response.url)
        for line in response.headers.all("set-cookie"):
            if len(line) > MAX_COOKIE_BYTES:
                continue
            found = _parse(line, host, path)
            if found is None:
                continue
            cookie, gone = found
            key = (cookie.domain, cookie.path, cookie.name)
            if gone:
                self._cookies.pop(key, None)
            elif key in self._cookies or len(self._cookies) < MAX_COOKIES:
                self._cookies[key] = cookie

    def header(self, url: str) -> str:
        """Write the Cookie header for an address; "" where no cookie belongs to it."""
        scheme = urlsplit(url).scheme.lower()
        host, path = urlsplit(url).hostname or "", urlsplit(url).path or "/"
        fitting = [cookie for cookie in self._cookies.values() if cookie.goes_to(scheme, host, path)]
        fitting.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)

    def values(self) -> tuple[str, ...]:
        """Give every value, for masking."""
        return tuple(cookie.value for cookie in self._cookies.values())

    def __len__(self) -> int:
        return len(self._cookies)


def _place(url: str) -> tuple[str, str]:
    """Give the host of an address and the default path of its cookies."""
    parts = urlsplit(url)
    folder = parts.path.rsplit("/", 1)[0]
    return parts.hostname or "", folder if folder.startswith("/") else "/"


def _parse(line: str, host: str, default_path: str) -> tuple[Cookie, bool] | None:
    """Read one Set-Cookie line: the cookie, and whether it is being deleted; None for one that is not for this host."""
    pair, *attributes = line.split(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(), value.strip()
    if not name or not equals or any(ord(character) < 32 for character in name + value):  # noqa: PLR2004  # controls
        return None
    said = {key.strip().lower(): rest.strip() for key, _, rest in (entry.partition("=") for entry in attributes)}
    domain = said.get("domain", "").lstrip(".").lower()
    if domain and domain != host and not (host.endswith(f".{domain}") and "." in domain):
        return None
    path = said.get("path", "")
    cookie = Cookie(
        name, value, domain or host, not domain, path if path.startswith("/") else default_path, "secure" in said
    )
    return cookie, _GONE.fullmatch(said.get("max-age", "")) is not None
