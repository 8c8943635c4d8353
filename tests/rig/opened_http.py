"""Opens http and rest connections over the real transport, with a keeper of secrets that remembers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from isthmus.adaptors.http.adaptor import HttpAdaptor
from isthmus.model.clock import now
from isthmus.model.json import Document
from isthmus.model.secret import from_pointer, join, split
from isthmus.sdk import Export, Import, Opening, Page
from isthmus.sdk.documents import connection_secrets
from isthmus.sdk.registry import connection_type
from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.transport import HttpTransport


class Keeper:
    """Keeps secrets as a store would; `elsewhere` stands for what another process stored meanwhile."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.kept: list[dict[str, str]] = []

    async def keep(self, values: Mapping[str, str]) -> None:
        self.kept.append(dict(values))
        self.document = join(self.document, values)

    async def latest(self) -> Document:
        return self.document


def displayed(document: Document) -> Document:
    """The document with every secret replaced by ""."""
    _, secrets = split(document, connection_secrets(document["type"]))
    shown = join(document, dict.fromkeys(secrets, ""))
    assert all(from_pointer(pointer) for pointer in secrets)
    return shown


@asynccontextmanager
async def opened(
    document: Document, *, concurrency: int = 5, keeper: Keeper | None = None, allow: tuple[str, ...] = ("127.0.0.0/8",)
) -> AsyncIterator[HttpAdaptor]:
    """Open a connection as the services do."""
    transport = HttpTransport(Egress(allow), Gates())
    opening = Opening(
        connection=document,
        display=displayed(document),
        http=transport.bind("a" * 24, concurrency=concurrency),
        secrets=keeper or Keeper(document),
        clock=now,
        concurrency=concurrency,
    )
    opener = connection_type(document["type"]).open
    assert opener is not None
    try:
        async with opener(opening) as adaptor:
            assert isinstance(adaptor, HttpAdaptor)
            yield adaptor
    finally:
        await transport.close()


def http(url: str, **block: Any) -> Document:
    """An http connection to a base URI."""
    return {"_id": "a" * 24, "type": "http", "name": "T", "http": {"baseURI": url, "mediaType": "json", **block}}


def export(**document: Any) -> Export:
    """An export of these root fields; `http=` is its block."""
    return Export({"adaptorType": "HTTPExport", **document}, digest=repr(document))


def import_(**document: Any) -> Import:
    """An import of these root fields; `http=` is its block."""
    return Import({"adaptorType": "HTTPImport", **document}, digest=repr(document))


async def all_pages(adaptor: HttpAdaptor, model: Export, most: int = 50) -> list[Page]:
    """Read page after page, at most so many."""
    pages = [await adaptor.read(model, None)]
    while pages[-1].cursor is not None and len(pages) < most:
        pages.append(await adaptor.read(model, pages[-1].cursor))
    return pages
