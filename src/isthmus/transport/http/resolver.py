"""Resolves host names for the connector and lets through only the addresses that the egress policy permits.

The connector connects to the very addresses that are given here, so that a name cannot change its mind between the
check and the connection. The socket factory behind it checks once more, whoever named the address.
"""

import errno
import socket
from collections import OrderedDict
from ipaddress import ip_address
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from isthmus.transport.addresses import read_address
from isthmus.transport.egress import Egress, denied

_REMEMBERED: Final = 8192


class GuardedResolver(AbstractResolver):
    """A resolver that refuses a name none of whose addresses may be called."""

    def __init__(self, egress: Egress, inner: AbstractResolver) -> None:
        self._egress = egress
        self._inner = inner
        self._named: OrderedDict[tuple[str, int], None] = OrderedDict()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name to its permitted addresses; raises EgressDenied when there are addresses but none is."""
        named = self._egress.names(host, port)
        found = await self._inner.resolve(host, port, family)
        kept = [result for result in found if self._permitted(result["host"], port, named=named)]
        if found and not kept:
            raise denied(f"{host}:{port}")
        if named:
            self._remember(kept)
        return kept

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._inner.close()

    def _permitted(self, text: str, port: int, *, named: bool) -> bool:
        address = read_address(text)
        return address is not None and self._egress.permits(address, port, named=named)

    def _remember(self, results: list[ResolveResult]) -> None:
        for result in results:
            key = (str(ip_address(result["host"])), result["port"])
            self._named[key] = None
            self._named.move_to_end(key)
        while len(self._named) > _REMEMBERED:
            self._named.popitem(last=False)

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make the socket for one address, unless the policy closes that address."""
        family, kind, protocol, _, where = info
        address, port = ip_address(where[0]), where[1]
        if not self._egress.permits(address, port, named=(str(address), port) in self._named):
            raise ForbiddenAddressError
        return socket.socket(family=family, type=kind, proto=protocol)


class ForbiddenAddressError(PermissionError):
    """A socket was about to be made for an address that the policy closes."""

    def __init__(self) -> None:
        super().__init__(errno.EPERM, "the egress policy forbids the address")
