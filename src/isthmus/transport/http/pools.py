"""Connection pools, one for each policy: a socket that one policy opened is never lent to a call under another."""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver

from isthmus.transport.egress import Egress
from isthmus.transport.http.resolver import GuardedResolver
from isthmus.transport.limits import Limits
from isthmus.transport.tls import TlsOptions, build_context

_KEPT: Final = 32
_READ_BUFFER: Final = 256 * 1024

PoolKey = tuple[object, bytes]


@dataclass(slots=True)
class _Pool:
    session: ClientSession
    users: int = 0


class Pools:
    """Makes pools as they are needed, keeps a bounded number of idle ones and closes those longest unused."""

    def __init__(self, egress: Egress, limits: Limits, resolver: AbstractResolver | None = None) -> None:
        self._egress = egress
        self._limits = limits
        self._resolver = resolver
        self._pools: OrderedDict[PoolKey, _Pool] = OrderedDict()
        self._making = asyncio.Lock()

    def key(self, options: TlsOptions) -> PoolKey:
        """Say which pool serves these options under the egress policy."""
        return self._egress.policy, options.policy

    @asynccontextmanager
    async def session(self, key: PoolKey, options: TlsOptions) -> AsyncIterator[ClientSession]:
        """Lend the session of a pool; raises InvalidDocument where the TLS options cannot be used."""
        pool = self._pools.get(key) or await self._make(key, options)
        pool.users += 1
        try:
            yield pool.session
        finally:
            pool.users -= 1

    async def _make(self, key: PoolKey, options: TlsOptions) -> _Pool:
        async with self._making:
            pool = self._pools.get(key)
            if pool is None:
                context = None if options.plain else await asyncio.to_thread(build_context, options)
                await self._make_room()
                pool = self._pools[key] = _Pool(self._open(context))
            return pool

    async def _make_room(self) -> None:
        unused = [key for key, pool in self._pools.items() if not pool.users]
        for key in unused[: max(0, len(self._pools) - _KEPT + 1)]:
            await self._pools.pop(key).session.close()

    def _open(self, context: ssl.SSLContext | None) -> ClientSession:
        resolver = GuardedResolver(self._egress, self._resolver or ThreadedResolver())
        limits = self._limits
        session = ClientSession(
            connector=TCPConnector(
                ssl=context or True, resolver=resolver, socket_factory=resolver.open_socket, limit=0
            ),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("User-Agent", "Accept-Encoding", "Content-Type"),
            timeout=ClientTimeout(total=None, connect=limits.connect, sock_read=limits.idle),
            read_bufsize=_READ_BUFFER,
            max_line_size=limits.header_size,
            max_field_size=limits.header_size,
            max_headers=limits.headers,
        )
        # Its own repeat of lost connections knows neither the gate nor the debug log; the chain has one that does.
        session._retry_connection = False  # noqa: SLF001  # there is no public switch; a test holds it
        return session

    async def close(self) -> None:
        """Close every pool; calls under way fail."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.session.close()
