"""The chain put together: one transport for the process, one bound client for each connection."""

from typing import TypedDict, Unpack

from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.client import HttpClient
from isthmus.transport.http.exchange import Recorder
from isthmus.transport.limits import Limits
from isthmus.transport.tls import TlsOptions


class Binding(TypedDict, total=False):
    """What a connection brings: whose gate and how wide, its TLS, its debug log, the name of its retry header."""

    gate_owner: str | None
    concurrency: int
    tls: TlsOptions
    recorder: Recorder | None
    retry_header: str
    limits: Limits


class HttpTransport:
    """Makes clients that share gates, connection pools and the egress policy."""

    def __init__(self, egress: Egress, gates: Gates, limits: Limits | None = None) -> None:
        self._egress = egress
        self._gates = gates
        self._limits = limits or Limits()

    def bind(self, connection_id: str, **binding: Unpack[Binding]) -> HttpClient:
        """Make the client of one connection; cheap, nothing to close. Its gate is its own unless it borrows one."""
        raise RuntimeError(connection_id)

    async def close(self) -> None:
        """Close every pool."""
