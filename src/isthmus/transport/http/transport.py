"""The chain put together: one transport for the process, one bound client for each connection.

egress guard > gate > redirects, each hop guarded again > repeat of a lost connection > log. Waits stand around it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, TypedDict, Unpack

from aiohttp import ClientSession
from aiohttp.abc import AbstractResolver

from isthmus.model.clock import now
from isthmus.model.errors import EgressDenied, RemoteError, Unreachable
from isthmus.transport.egress import Egress, Target
from isthmus.transport.gate import Gates
from isthmus.transport.http.backoff import IDEMPOTENT, RETRY_AFTER, Backoff
from isthmus.transport.http.client import HttpClient
from isthmus.transport.http.exchange import Exchange, Recorder
from isthmus.transport.http.faults import LostError
from isthmus.transport.http.message import Request, Response
from isthmus.transport.http.pools import PoolKey, Pools
from isthmus.transport.http.redirect import is_redirect, next_hop
from isthmus.transport.http.wire import as_sent, exchange
from isthmus.transport.limits import Limits
from isthmus.transport.tls import PLAIN, TlsOptions

_CUT_OFF: Final = "The call was given up before the answer was whole."

Observer = Callable[[str, float], None]
"""Told of each hop: its outcome (a status, or the code of the fault) and its seconds. Must be quick, must not raise."""


class Binding(TypedDict, total=False):
    """What a connection brings: whose gate and how wide, its TLS, its debug log, the name of its retry header."""

    gate_owner: str | None
    concurrency: int
    tls: TlsOptions
    recorder: Recorder | None
    retry_header: str
    limits: Limits


class HttpTransport:
    """Makes clients that share gates, connection pools and the egress policy. Close it when the process ends."""

    def __init__(
        self,
        egress: Egress,
        gates: Gates,
        limits: Limits | None = None,
        *,
        resolver: AbstractResolver | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._gates = gates
        self._egress = egress
        self._limits = limits or Limits()
        self._pools = Pools(egress, self._limits, resolver)
        self._observer = observer

    def bind(self, connection_id: str, **binding: Unpack[Binding]) -> HttpClient:
        """Make the client of one connection; cheap, nothing to close. Its gate is its own unless it borrows one.

        `limits` may tighten or widen `total`, `body` and `redirects` for this connection; the others are the pool's.
        """
        tls = binding.get("tls", PLAIN)
        link = _Link(
            owner=binding.get("gate_owner") or connection_id,
            concurrency=binding.get("concurrency", 5),
            tls=tls,
            pool=self._pools.key(tls),
            recorder=binding.get("recorder"),
            backoff=Backoff(header=binding.get("retry_header") or RETRY_AFTER),
            limits=binding.get("limits", self._limits),
            observer=self._observer,
        )
        return _BoundClient(link, self._egress, self._gates, self._pools)

    async def close(self) -> None:
        """Close every pool; calls under way fail."""
        await self._pools.close()


@dataclass(frozen=True, slots=True)
class _Link:
    owner: str
    concurrency: int
    tls: TlsOptions
    pool: PoolKey
    recorder: Recorder | None
    backoff: Backoff
    limits: Limits
    observer: Observer | None


class _BoundClient:
    """The client of one connection."""

    def __init__(self, link: _Link, egress: Egress, gates: Gates, pools: Pools) -> None:
        self._link = link
        self._egress = egress
        self._gates = gates
        self._pools = pools

    async def send(self, request: Request) -> Response:
        """Send one request, waiting and repeating where the other side asks for it and the wait is short."""
        if not request.method.isupper():
            request = replace(request, method=request.method.upper())
        target = self._egress.check_url(request.url)
        link, repeated, waited = self._link, 0, 0.0
        while True:
            async with self._gates.slot(link.owner, link.concurrency):
                response = await self._attempt(request, target)
                wait = link.backoff.wait(response, repeated, waited)
                if wait is None:
                    return response
                self._gates.pause(link.owner, wait)
            await asyncio.sleep(wait)
            repeated, waited = repeated + 1, waited + wait

    async def _attempt(self, request: Request, target: Target) -> Response:
        link = self._link
        try:
            async with asyncio.timeout(link.limits.total), self._pools.session(link.pool, link.tls) as session:
                return await self._follow(session, request, target)
        except TimeoutError:
            raise Unreachable("timed_out", f"{target.shown} did not finish in time.") from None

    async def _follow(self, session: ClientSession, request: Request, target: Target) -> Response:
        for _ in range(self._link.limits.redirects + 1):
            response = await self._hop(session, request, target)
            if not is_redirect(request, response):
                return response
            request, target = next_hop(request, target, response, self._egress)
        raise Unreachable("too_many_redirects", f"{target.shown} redirects too many times.")

    async def _hop(self, session: ClientSession, request: Request, target: Target) -> Response:
        try:
            return await self._exchange(session, request, target)
        except LostError:
            if request.method not in IDEMPOTENT:
                raise
            return await self._exchange(session, request, target)

    async def _exchange(self, session: ClientSession, request: Request, target: Target) -> Response:
        link = self._link
        if link.recorder is None and link.observer is None:
            return await exchange(session, request, target, link.limits.body)
        log = _Log(link, request)
        try:
            response = await exchange(session, request, target, link.limits.body)
        except (RemoteError, EgressDenied) as error:
            log.failed(error.code, str(error))
            raise
        except asyncio.CancelledError:
            log.failed("cancelled", _CUT_OFF)
            raise
        log.answered(response)
        return response


class _Log:
    """Tells the recorder and the observer how one hop ended."""

    def __init__(self, link: _Link, request: Request) -> None:
        self._link = link
        self._request = request
        self._started = now()
        self._since = monotonic()

    def answered(self, response: Response) -> None:
        self._end(str(response.status), response, None)

    def failed(self, code: str, message: str) -> None:
        self._end(code, None, message)

    def _end(self, outcome: str, response: Response | None, error: str | None) -> None:
        elapsed = monotonic() - self._since
        if self._link.observer is not None:
            self._link.observer(outcome, elapsed)
        if self._link.recorder is not None:
            sent = replace(self._request, headers=as_sent(self._request.headers))
            self._link.recorder(Exchange(sent, response, error, self._started, elapsed))
