"""The document services over a real store and a real vault, for tests that need no HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from isthmus.model.json import Document
from isthmus.services.audit import Audit
from isthmus.services.caller import Caller
from isthmus.services.dependencies import Dependencies
from isthmus.services.integrations import Registrations
from isthmus.services.resources import Context, Resources, all_resources
from isthmus.services.secrets import Secrets
from isthmus.store import AuditFilter, AuditRow, Store, open_store
from isthmus.vault import Vault

ADMIN = Caller(token_id="7" * 24, user_id="a" * 24, name="tests", email="tests@example.com")
LIMITED = Caller(token_id="8" * 24, user_id="b" * 24, name="limited", connections=frozenset({"c" * 24}))


@dataclass
class Time:
    """A clock that tests own: it moves by a millisecond each time it is read."""

    instant: datetime = datetime(2026, 3, 28, 15, 22, 51, 518_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.instant += timedelta(milliseconds=1)
        return self.instant


@dataclass
class Desk:
    """The services of documents, and what lies beneath them."""

    store: Store
    context: Context
    resources: Mapping[str, Resources]
    time: Time
    queues: dict[str, int] = field(default_factory=dict)

    @property
    def secrets(self) -> Secrets:
        return self.context.secrets

    @property
    def dependencies(self) -> Dependencies:
        return Dependencies(self.store)

    @property
    def audit(self) -> Audit:
        return Audit(self.store)

    @property
    def registrations(self) -> Registrations:
        return Registrations(self.context)

    async def create(self, kind: str, body: Document) -> Document:
        return read(await self.resources[kind].create(ADMIN, body))

    async def get(self, kind: str, known: str) -> Document:
        return read(await self.resources[kind].get(ADMIN, known))

    async def put(self, kind: str, known: str, body: Document) -> Document:
        return read(await self.resources[kind].replace(ADMIN, known, body))

    async def patch(self, kind: str, known: str, *operations: Document) -> Document:
        return read(await self.resources[kind].patch(ADMIN, known, list(operations)))

    async def delete(self, kind: str, known: str) -> None:
        await self.resources[kind].delete(ADMIN, known)

    async def whole(self, kind: str, known: str) -> Document:
        async with self.store.read() as session:
            return await self.secrets.whole(session, kind, known)

    async def rows(self) -> list[AuditRow]:
        async with self.store.read() as session:
            return await session.audit.page(AuditFilter(limit=100_000))


def read(body: bytes) -> Document:
    document: Document = orjson.loads(body)
    return document


@asynccontextmanager
async def desk(folder: Path, database: str | None = None) -> AsyncIterator[Desk]:
    """Open a store in a folder (or a PostgreSQL database) with a new key, and the services over it."""
    store = await open_store(data=folder, database=database)
    try:
        time, queues = Time(), dict[str, int]()
        secrets = Secrets(Vault.load(folder / "key", create=True))
        context = Context(store, secrets, time, lambda owner: queues.get(owner, 0))
        yield Desk(store, context, all_resources(context), time, queues)
    finally:
        await store.close()


def connection(name: str = "Slack API", **more: Any) -> Document:
    """An http connection with a token, with root fields as given."""
    http = {
        "baseURI": "https://slack.example/api",
        "mediaType": "json",
        "auth": {"type": "token", "token": {"token": "CANARY-token", "location": "header"}},
    }
    return {"type": "http", "name": name, "http": http, **more}


def export(connection_id: str, name: str = "NASA API Export", **more: Any) -> Document:
    """An http export."""
    http = {"relativeURI": "/planetary/apod", "method": "GET"}
    return {"name": name, "_connectionId": connection_id, "adaptorType": "HTTPExport", "http": http, **more}


def import_(connection_id: str, name: str = "Slack import", **more: Any) -> Document:
    """An http import with one mapped field."""
    return {
        "name": name,
        "_connectionId": connection_id,
        "adaptorType": "HTTPImport",
        "http": {"relativeURI": ["/chat.postMessage"], "method": ["POST"], "requestMediaType": "json"},
        "mapping": {"fields": [{"extract": "title", "generate": "text"}]},
        **more,
    }


def flow(exports: list[str], imports: list[str], name: str = "NASA APOD - Slack", **more: Any) -> Document:
    """A flow from exports to imports."""
    return {
        "name": name,
        "pageGenerators": [{"_exportId": known} for known in exports],
        "pageProcessors": [{"type": "import", "_importId": known} for known in imports],
        **more,
    }


def replace(path: str, value: Any) -> Document:
    """A PATCH operation."""
    return {"op": "replace", "path": path, "value": value}
