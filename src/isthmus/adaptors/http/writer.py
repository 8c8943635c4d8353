"""Writes records: one request each, or one for a batch. Source: imports.md section 3."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.batches import Batch, batched, why_not_matched
from isthmus.adaptors.http.bodies import serialise
from isthmus.adaptors.http.channel import Channel, View
from isthmus.adaptors.http.contexts import with_batch, with_records, with_step
from isthmus.adaptors.http.drafts import BODILESS, Draft
from isthmus.adaptors.http.errors import as_faults
from isthmus.adaptors.http.import_plan import ImportPlan, Position
from isthmus.adaptors.http.results import UNPROCESSABLE, ResultReader, unknown
from isthmus.model.errors import CredentialsRejected, EgressDenied, Refused, RemoteError
from isthmus.model.json import Json
from isthmus.records import RecordError
from isthmus.sdk import Outgoing, WriteResult
from isthmus.sdk.in_order import in_order

_RECORD_FAULTS = (RemoteError, EgressDenied, RecordError, Refused)
_NO_BODY = BODILESS | {"DELETE"}
"""Methods for which the record is not sent where there is no body template."""


class RecordWriter:
    """Writes the records of one run of one import."""

    def __init__(self, channel: Channel, plan: ImportPlan) -> None:
        self._channel = channel
        self._plan = plan
        self._offline: CredentialsRejected | None = None
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    async def write(self, records: AsyncIterable[Outgoing], concurrency: int) -> AsyncGenerator[WriteResult]:
        """Write every record, up to `concurrency` requests at once; one result each, in order. Never raises for one."""
        pieces = batched(records, self._plan.batch_size)
        async with aclosing(in_order(pieces, self._batch, concurrency)) as finished:
            async for results in finished:
                for result in results:
                    yield result

    async def _batch(self, batch: Batch) -> list[WriteResult]:
        try:
            async with self._locked(batch):
                if self._offline is not None:
                    raise self._offline
                return await self._sent(batch)
        except CredentialsRejected as error:
            self._offline = error
            return [WriteResult(403, errors=as_faults(error)) for _ in batch]
        except _RECORD_FAULTS as error:
            return [WriteResult(UNPROCESSABLE, errors=as_faults(error)) for _ in batch]

    async def _sent(self, batch: Batch) -> list[WriteResult]:
        position = self._plan.positions[batch[0].operation]
        limit = self._plan.body_limit
        if limit is not None and self._size(position, batch) > limit:
            return await self._smaller(batch, limit)
        answer = await self._channel.send(lambda view: self._draft(view, position, batch), self._plan.expected)
        reader = ResultReader(self._channel, position)
        if self._plan.batch_size == 1:
            return [reader.one(answer)]
        return self._matched(reader, answer, batch)

    def _size(self, position: Position, batch: Batch) -> int:
        body = self._channel.address(lambda view: self._draft(view, position, batch)).request.body
        return len(body or b"")

    async def _smaller(self, batch: Batch, limit: int) -> list[WriteResult]:
        """Send a batch that is over `endPointBodyLimit` in halves; a lone record that is over it fails."""
        if len(batch) == 1:
            message = f"The body is larger than endPointBodyLimit allows ({limit:,} bytes)."
            raise RecordError("body_too_large", message, "mapping")
        half = len(batch) // 2
        return [*await self._batch_of(batch[:half]), *await self._batch_of(batch[half:])]

    async def _batch_of(self, batch: Batch) -> list[WriteResult]:
        try:
            return await self._sent(batch)
        except CredentialsRejected:
            raise
        except _RECORD_FAULTS as error:
            return [WriteResult(UNPROCESSABLE, errors=as_faults(error)) for _ in batch]

    def _matched(self, reader: ResultReader, answer: Answer, batch: Batch) -> list[WriteResult]:
        """Give each record of a batch its part of the answer, or all of them the same error."""
        if not answer.response.ok or reader.speaks_for_all(answer):
            reader.refuse_if_bad(answer)
        members = reader.members(answer)
        if reader.silent(answer, members):
            return [WriteResult() for _ in batch]
        why = why_not_matched([self._body_record(outgoing) for outgoing in batch], members)
        if why:
            raise unknown(answer, why)
        if reader.speaks_for_all(answer):
            return [WriteResult(id=reader.id_of(member), json=member) for member in members]
        return [reader.member(answer, member) for member in members]

    def _body_record(self, outgoing: Outgoing) -> Json:
        return outgoing.mapped if self._plan.sends_mapped else outgoing.source

    def _draft(self, view: View, position: Position, batch: Batch) -> Draft:
        """Render URI and headers over the records as they came, the body over the mapped ones."""
        base: dict[str, Json] = {
            **with_step(view, "import", self._plan.document),
            "lookup": dict(batch[0].lookups),
            "testMode": False,
        }
        bodies = [self._body_record(outgoing) for outgoing in batch]
        recipe = position.recipe
        draft = recipe.draft(
            self._context(base, [outgoing.source for outgoing in batch]),
            self._context(base, bodies) if recipe.body is not None else None,
        )
        if recipe.body is not None or recipe.method in _NO_BODY:
            return draft
        value = bodies if self._plan.batch_size > 1 else bodies[0]
        return Draft(draft.method, draft.uri, draft.headers, serialise(value, position.body_rules))

    def _context(self, base: dict[str, Json], records: Sequence[Json]) -> dict[str, Json]:
        return with_batch(base, records) if self._plan.batch_size > 1 else with_records(base, records)

    @asynccontextmanager
    async def _locked(self, batch: Batch) -> AsyncIterator[None]:
        """Hold the lock of `idLockTemplate`, so that records with the same key never overtake one another."""
        if self._plan.lock is None:
            yield
            return
        key = self._plan.lock.render({**with_records({}, [batch[0].source])})
        lock, users = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(key)
            if users > 1:
                self._locks[key] = (lock, users - 1)
