"""The contract between the services and an adaptor. An adaptor implements the capabilities that its system has.

Every method may raise `RemoteError` (the other system's fault), `EgressDenied` or `Refused` (the model cannot be run).
"""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from isthmus.model.clock import Clock
from isthmus.model.json import Document, Json, Record
from isthmus.sdk.paging import Cursor, Page

if TYPE_CHECKING:
    from isthmus.transport.http.client import HttpClient


class SecretKeeper(Protocol):
    """Keeps what an adaptor learnt while it worked: refreshed tokens above all.

    A virtual connection has one too, which keeps nothing.
    """

    async def keep(self, values: Mapping[str, str]) -> None:
        """Store secrets by JSON Pointer (`/http/auth/token/token`) without touching anything else of the document."""

    async def latest(self) -> Document:
        """Read the connection again, secrets in clear: another process may have refreshed meanwhile."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What an adaptor is opened with.

    `connection` is the whole document, secrets in clear; `display` the same with every secret replaced by "", for
    anything that is returned or stored (decisions.md "Secrets in templates"). `http` passes the connection's gate, the
    egress guard and the debug log.
    """

    connection: Document
    display: Document
    http: "HttpClient"
    secrets: SecretKeeper
    clock: Clock
    concurrency: int
    iclient: Document | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One error as a client sees it in ping results and import results (imports.md section 2)."""

    code: str
    message: str
    source: str = "application"

    def as_dict(self) -> dict[str, str]:
        """Shape it for JSON."""
        return {"code": self.code, "message": self.message, "source": self.source}


@dataclass(frozen=True, slots=True)
class PingResult:
    """What a ping found. `credentials` is False where the failure is one of authentication."""

    code: int = 200
    errors: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the connection works."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class Export:
    """An export to run: its document, the hash of its rules (the key of every cache), and the run's variables.

    `variables` holds `lastExportDateTime` and `currentExportDateTime`, as templates see them. `record` is the input of
    a lookup, None for a source export.
    """

    document: Document
    digest: str
    variables: Mapping[str, Json] = field(default_factory=dict)
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """An import to run: its document and the hash of its rules (the key of every cache)."""

    document: Document
    digest: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record on its way out: as it came in (URIs and headers render against it) and as it was mapped (the body)."""

    source: Record
    mapped: Record
    operation: Literal["create", "update"] = "create"
    lookups: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one record. `status` is 200, 422 (this record) or 403 (the connection went offline)."""

    status: Literal[200, 403, 422] = 200
    id: str | None = None
    json: Json = None
    errors: tuple[Fault, ...] = ()
    ignored: bool = False
    data_uri: str | None = None

    def as_dict(self) -> dict[str, Json]:
        """Shape it as a member of the import's answer (imports.md section 2); absent things are left out."""
        shown: dict[str, Json] = {"statusCode": self.status}
        if self.id is not None:
            shown["id"] = self.id
        if self.errors:
            shown["errors"] = [fault.as_dict() for fault in self.errors]
        if self.ignored:
            shown["ignored"] = True
        if self.json is not None:
            shown["_json"] = self.json
        if self.data_uri is not None:
            shown["dataURI"] = self.data_uri
        return shown


class Adaptor(Protocol):
    """An opened connection; the `open` of its type closes it."""


@runtime_checkable
class Pingable(Protocol):
    """Can tell whether the other system is there and accepts the credentials."""

    async def ping(self) -> PingResult:
        """Try the connection once. A refusal is a result; it does not raise RemoteError."""


@runtime_checkable
class Reader(Protocol):
    """Can read records page by page; holds no state between pages but the cursor."""

    async def read(self, export: Export, cursor: Cursor | None) -> Page:
        """Read the page that the cursor leads to, the first one for None.

        Records may nest 1,024 levels deep; steps that walk through them, and the writer of the answer, refuse what is
        too deep for them.
        """


@runtime_checkable
class Writer(Protocol):
    """Can write records."""

    def write(self, import_: Import, records: AsyncIterable[Outgoing]) -> AsyncIterator[WriteResult]:
        """Write each record and tell what became of it, in the order of the records, one result for each.

        A record that fails does not stop the others, and never raises.
        """


Decision = Literal["create", "update", "ignore"]


@runtime_checkable
class Decider(Protocol):
    """Can decide, before a record is mapped, whether it is created, updated or ignored (imports.md section 3)."""

    async def decide(self, import_: Import, source: Record) -> Decision:
        """Decide for one record as it came in; may call the other system for a lookup."""


class LookupMiss(Exception):
    """A dynamic lookup found nothing, or more than one; the message says which."""


@runtime_checkable
class LookupSource(Protocol):
    """Can run the dynamic lookups of an import through the import's own connection (imports.md section 6)."""

    async def lookup(self, definition: Document, source: Record) -> Json:
        """Run one lookup for one record. Raises LookupMiss unless exactly one value was found."""
