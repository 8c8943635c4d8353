"""Puts together what an adaptor is opened with: the connection, its gate, its TLS, its iClient, its debug log.

Source: architecture.md decisions 4, 5 and 7, engine.md part B, api.md section 4 "Concurrency".
"""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from isthmus.model.clock import Clock, from_iso, now
from isthmus.model.errors import Unsupported
from isthmus.model.json import Document
from isthmus.model.look import at
from isthmus.sdk import Adaptor, ConnectionType, Opener, Opening
from isthmus.sdk.adaptor import SecretKeeper
from isthmus.sdk.registry import connection_type
from isthmus.services.debug_log.debug_logs import DebugLogs
from isthmus.services.debug_log.secret_values import SecretValues
from isthmus.services.opening.kept_secrets import KeptSecrets
from isthmus.services.secrets import Secrets
from isthmus.store import Store
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.tls import TlsOptions

_CERTIFICATES: Final = ("cert", "key", "ca", "passphrase", "pfx")


@dataclass(frozen=True, slots=True)
class Parts:
    """What opening a connection takes. `types` looks a connection type up by name, raising InvalidDocument."""

    store: Store
    secrets: Secrets
    transport: HttpTransport
    debug: DebugLogs
    clock: Clock = now
    types: Callable[[object], ConnectionType] = connection_type


@dataclass(frozen=True, slots=True)
class Gate:
    """Whose places a connection's calls take, and how many there are."""

    owner: str
    concurrency: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A connection ready to be opened.

    `id` is the stored connection's, or one made up for a virtual one. `whole` holds secrets in clear, `display` none.
    `debug_until` is None where nothing is logged.
    """

    id: str
    spec: ConnectionType
    whole: Document
    display: Document
    gate: Gate
    keeper: SecretKeeper
    iclient: Document | None = None
    debug_until: datetime | None = None
    values: SecretValues = field(default_factory=SecretValues)


@dataclass(frozen=True, slots=True)
class Opened:
    """An adaptor in use, and what it was opened with.

    `kept` is None for a virtual connection. `number` is never given twice: what was compiled for one opening may hold
    the connection's fields.
    """

    id: str
    spec: ConnectionType
    adaptor: Adaptor
    opening: Opening
    kept: KeptSecrets | None = None
    number: int = field(default_factory=itertools.count().__next__)


def opener_of(spec: ConnectionType) -> Opener:
    """Tell how connections of a type are opened. Raises Unsupported for one that nothing here can talk to."""
    if spec.open is None:
        raise Unsupported(
            f"Connections of the type {spec.name} can be stored and read, but nothing here can call such a system yet."
            " Pings, exports and imports work for the types http and rest.",
            field="type",
        )
    return spec.open


@asynccontextmanager
async def opened(parts: Parts, subject: Subject) -> AsyncIterator[Opened]:
    """Open the adaptor of a connection. Raises Unsupported, RemoteError, EgressDenied."""
    opener = opener_of(subject.spec)
    block = subject.whole.get(subject.spec.name) or {}
    recorder = None
    if subject.debug_until is not None:
        recorder = parts.debug.recorder(subject.id, subject.debug_until, subject.values)
    client = parts.transport.bind(
        subject.id,
        gate_owner=subject.gate.owner,
        concurrency=subject.gate.concurrency,
        tls=tls_of(block),
        recorder=recorder,
        retry_header=block.get("retryHeader") or "Retry-After",
    )
    opening = Opening(
        connection=subject.whole,
        display=subject.display,
        http=client,
        secrets=subject.keeper,
        clock=parts.clock,
        concurrency=subject.gate.concurrency,
        iclient=subject.iclient,
    )
    async with opener(opening) as adaptor:
        kept = subject.keeper if isinstance(subject.keeper, KeptSecrets) else None
        yield Opened(subject.id, subject.spec, adaptor, opening, kept)


def gate_of(own_id: str, document: Document, spec: ConnectionType, lending: tuple[str | None, Document | None]) -> Gate:
    """Tell whose gate a connection's calls pass: the lender's while it is there, else its own. One hop, no chains."""
    lender_id, lender = lending
    if lender_id is not None and lender is not None:
        return Gate(lender_id, concurrency_of(lender, spec))
    return Gate(own_id, concurrency_of(document, spec))


def concurrency_of(document: Document, spec: ConnectionType) -> int:
    """Read the concurrency of a connection; its type's where it names none."""
    level = at(document, f"{document.get('type')}.concurrencyLevel")
    return level if isinstance(level, int) and level >= 1 else spec.concurrency


def tls_of(block: Document) -> TlsOptions:
    """Read the TLS side of a connection's block."""
    given = block.get("clientCertificates")
    texts = {name: given[name] for name in _CERTIFICATES if given.get(name)} if isinstance(given, dict) else {}
    return TlsOptions(verify=not block.get("disableStrictSSL"), **texts)


def debug_date(document: Document) -> datetime | None:
    """Tell until when a connection's traffic is to be logged."""
    try:
        return from_iso(document["debugDate"])
    except (KeyError, TypeError, ValueError):
        return None
