"""The egress guard: where outbound calls may go. Asked when a URL is read, and again for each address to connect to.

Private and special addresses are closed until `ISTHMUS_EGRESS_ALLOW` opens them; metadata addresses never open.
Source: architecture.md decision 4, hostile-cases.md group F.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final

from yarl import URL

from isthmus.model.errors import EgressDenied
from isthmus.transport.addresses import Address, embedded, is_never, is_public, read_address
from isthmus.transport.allowance import Allowance, read_allowance

_LONGEST: Final = 64 * 1024
_SHOWN: Final = 100
_PARTS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?#]*)")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_UNFIT_FOR_HOST: Final = re.compile(r"[\s\\%<>\"^`{|}]")
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_AS_IT_IS: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]++|%[0-9A-Fa-f]{2})*+")
"""A URL that needs no escaping is sent byte for byte: signatures are made over what was written."""


@dataclass(frozen=True, slots=True)
class Target:
    """A destination that passed the guard. `host` is normalised; `shown` is host and port as the client wrote them."""

    url: URL
    host: str
    port: int
    shown: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.url.scheme, self.host, self.port


class Egress:
    """An egress policy. It never changes; another policy is another object, with connection pools of its own.

    `allow` opens destinations: `host`, `*.corp.example` (sub-domains alone), `10.0.0.0/8`, `::1`, and a host or
    address with a port (`host:8080`, `[::1]:8080`). Raises ValueError for an entry that is none of these.
    """

    def __init__(self, allow: Sequence[str] = ()) -> None:
        self._allowances = frozenset(read_allowance(entry) for entry in allow if entry.strip())
        self._judge = lru_cache(maxsize=1024)(self._judge_host)

    @property
    def policy(self) -> frozenset[Allowance]:
        """What tells this policy from another: equal for equal policies."""
        return self._allowances

    def check_url(self, url: str) -> Target:
        """Read an absolute URL and check its destination; raises EgressDenied.

        A host name passes here and is checked again, address by address, when it is resolved.
        """
        shown = _authority(url)
        try:
            parsed = URL(url, encoded=_AS_IT_IS.fullmatch(url) is not None)
            host, port = parsed.raw_host, parsed.port
        except ValueError:
            raise _unreadable() from None
        if not host or not port:
            raise _unreadable()
        self._judge(host := host.lower().removesuffix("."), port, shown)
        if parsed.raw_host != host:
            parsed = parsed.with_host(host)
        return Target(parsed.with_fragment(None) if "#" in url else parsed, host, port, shown)

    def _judge_host(self, host: str, port: int, shown: str) -> None:
        address = read_address(host)
        if address is not None:
            if not self.permits(address, port):
                raise denied(shown, never=is_never(address))
        elif _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise EgressDenied(f"{shown} is an unusual way to write an address: write it as four decimal numbers.")
        elif shown.startswith("[") or _NAME.fullmatch(host) is None:
            raise _unreadable()

    def names(self, host: str, port: int) -> bool:
        """Tell whether the policy opens a host by its name, wherever that leads."""
        return any(allowance.names(host, port) for allowance in self._allowances)

    def permits(self, address: Address, port: int, *, named: bool = False) -> bool:
        """Tell whether an address may be connected to; `named` when its host is open by name.

        An address that carries another one inside is only as open as that one.
        """
        if is_never(address):
            return False
        opened = named or any(allowance.holds(address, port) for allowance in self._allowances)
        if not opened:
            return is_public(address)
        inner = embedded(address) if isinstance(address, IPv6Address) and not _is_own(address) else ()
        return all(self.permits(one, port, named=named) for one in inner)


def denied(shown: str, *, never: bool = False) -> EgressDenied:
    """Say that a destination is closed, naming it as the client wrote it."""
    if never:
        return EgressDenied(f"The egress policy forbids calls to {shown}: such an address is never open.")
    return EgressDenied(f"The egress policy forbids calls to {shown}. ISTHMUS_EGRESS_ALLOW opens private destinations.")


def _is_own(address: IPv6Address) -> bool:
    """`::` and `::1` stand in the range of IPv4-compatible addresses and carry nothing."""
    return int(address) <= 1


def _unreadable() -> EgressDenied:
    return EgressDenied("The URL cannot be called: its host or port is missing or not valid.")


def _authority(url: str) -> str:
    """Check how a URL is written, and give its host and port as written, fit for a message."""
    if len(url) > _LONGEST:
        raise EgressDenied("The URL cannot be called: it is longer than 64 KB.")
    if _CONTROL.search(url):
        raise EgressDenied("The URL cannot be called: it holds a line break, a tab or another control character.")
    parts = _PARTS.match(url)
    if parts is None:
        raise EgressDenied("The URL cannot be called: it is not absolute. It must begin with http:// or https://.")
    scheme, authority = parts.groups()
    if scheme.lower() not in {"http", "https"}:
        raise EgressDenied("The URL cannot be called: its scheme is neither http nor https.")
    if "@" in authority:
        raise EgressDenied("The URL cannot be called: it holds a user name or password. Give them as authentication.")
    if _UNFIT_FOR_HOST.search(authority):
        raise EgressDenied("The URL cannot be called: its host holds a character that no host name has.")
    return authority[:_SHOWN]
