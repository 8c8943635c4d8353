"""An opened http connection: all five capabilities over one channel."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import aclosing
from typing import Final

import orjson

from isthmus.adaptors.http.channel import Channel
from isthmus.adaptors.http.decisions import decide
from isthmus.adaptors.http.drafts import Recipe
from isthmus.adaptors.http.export_plan import ExportPlan, compile_export
from isthmus.adaptors.http.import_plan import ImportPlan, compile_import
from isthmus.adaptors.http.legacy_rest import translate_import
from isthmus.adaptors.http.lookups import compile_lookup, find_all, the_one
from isthmus.adaptors.http.ping import ping
from isthmus.adaptors.http.reader import PageReader
from isthmus.adaptors.http.writer import RecordWriter
from isthmus.model.json import Document, Json, Record
from isthmus.sdk import Cursor, Decision, Export, Import, Outgoing, Page, PingResult, WriteResult
from isthmus.sdk.lru import Lru

_PLANS: Final = 64
_LOOKUPS: Final = 256


class HttpAdaptor:
    """Implements Pingable, Reader, Writer, Decider and LookupSource. Safe to use from many tasks at once."""

    def __init__(self, channel: Channel, concurrency: int) -> None:
        self._channel = channel
        self._concurrency = concurrency
        self._exports: Lru[ExportPlan] = Lru(_PLANS)
        self._imports: Lru[ImportPlan] = Lru(_PLANS)
        self._translated: Lru[Document] = Lru(_PLANS)
        self._lookups: Lru[Recipe] = Lru(_LOOKUPS)

    async def ping(self) -> PingResult:
        """Try the connection once; see `ping.py` for the order in which the answer is judged."""
        return await ping(self._channel)

    async def read(self, export: Export, cursor: Cursor | None) -> Page:
        """Read one page; raises Refused for rules that cannot be run and for paging that goes in circles."""
        plan = self._exports.get(export.digest, lambda: compile_export(export.document, self._channel.media))
        return await PageReader(self._channel, plan, export).read(cursor)

    async def write(self, import_: Import, records: AsyncIterable[Outgoing]) -> AsyncIterator[WriteResult]:
        """Write records; raises Refused, before anything is sent, for rules that cannot be run."""
        plan = self._imports.get(import_.digest, lambda: compile_import(import_.document, self._channel.media))
        async with aclosing(RecordWriter(self._channel, plan).write(records, self._concurrency)) as results:
            async for result in results:
                yield result

    async def decide(self, import_: Import, source: Record) -> Decision:
        """Decide for one record as it came in."""
        document = self._translated.get(import_.digest, lambda: translate_import(import_.document))
        return await decide(document, source, self._found)

    async def lookup(self, definition: Document, source: Record) -> Json:
        """Run a dynamic lookup; raises LookupMiss unless exactly one value was found."""
        return the_one(await self._found(definition, source), str(definition.get("name", "")))

    async def _found(self, definition: Document, source: Record) -> list[Json]:
        key = orjson.dumps(definition, option=orjson.OPT_SORT_KEYS)
        recipe = self._lookups.get(key, lambda: compile_lookup(definition, self._channel.media))
        return await find_all(self._channel, recipe, definition, source)
