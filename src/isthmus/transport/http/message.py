"""Requests and responses as the chain sees them: whole, bounded, and without any client library's types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

Header = tuple[str, str]

CREDENTIAL_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})


class Headers:
    """Header fields in their order, looked up without regard to letter case; a name may occur several times."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: Iterable[Header] = ()) -> None:
        self._pairs = tuple(pairs)

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give the first value of a name."""
        wanted = name.lower()
        return next((value for key, value in self._pairs if key.lower() == wanted), default)

    def all(self, name: str) -> list[str]:
        """Give every value of a name, in order."""
        wanted = name.lower()
        return [value for key, value in self._pairs if key.lower() == wanted]

    def with_(self, name: str, value: str) -> "Headers":
        """Set a name, replacing every value that it had."""
        return Headers((*self.without({name}), (name, value)))

    def without(self, names: Iterable[str]) -> "Headers":
        """Leave names out."""
        unwanted = {name.lower() for name in names}
        return Headers(pair for pair in self._pairs if pair[0].lower() not in unwanted)

    def __iter__(self) -> Iterator[Header]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._pairs == other._pairs

    def __hash__(self) -> int:
        return hash(self._pairs)


@dataclass(frozen=True, slots=True)
class Request:
    """One outbound request. `credentials` names the headers that may not follow it to another origin.

    `secret_body` tells that the body holds a secret (a login, a refresh): it never goes to another origin either.
    `follow` False hands a redirect back instead of following it; `keep_credentials` False drops the credentials at
    any redirect, even one within the origin.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=Headers)
    body: bytes | None = None
    credentials: frozenset[str] = CREDENTIAL_HEADERS
    secret_body: bool = False
    follow: bool = True
    keep_credentials: bool = True

    def with_header(self, name: str, value: str) -> "Request":
        """The same request with one header set."""
        return replace(self, headers=self.headers.with_(name, value))


@dataclass(frozen=True, slots=True)
class Response:
    """One whole answer; `body` is decoded (decompressed) and within the size cap. `url` is where it came from."""

    status: int
    headers: Headers
    body: bytes
    url: str

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004  # RFC 9110 section 15
