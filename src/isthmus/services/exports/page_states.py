"""`pagedExportState`: the way to the next page, signed and handed to the caller.

Source: exports.md section 3, decisions.md "Paging".

A state holds the cursor's public fields in clear, the rest sealed in `cursor`, then `pageSize`, `done` (always false),
`issuedAt` (Unix seconds) and `sig`: HMAC-SHA256 over the canonical JSON of everything but `sig`, the version, and what
the state is bound to. A state of more than 4 KB is kept here, sealed, and travels as a key.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson

from isthmus.model.clock import Clock
from isthmus.model.errors import Bug, InvalidDocument, invalid
from isthmus.model.json import Document, Json
from isthmus.sdk import Cursor
from isthmus.services.canonical import canonical
from isthmus.services.sealing import Sealer, Unreadable, from_text, to_text
from isthmus.store import Store

FIELD: Final = "pagedExportState"
VERSION: Final = 1
MAX_BYTES: Final = 4096
"""A state is never longer than this, written as JSON."""

_OWN_FIELDS: Final = frozenset({"cursor", "pageSize", "done", "issuedAt", "sig"})
_SIGNATURE: Final = 64
_SKEW: Final = timedelta(hours=1)
_HERE, _KEPT = "s.", "k."

_MALFORMED: Final = f"{FIELD} must be the object that the previous page gave, sent back unchanged."
_FOREIGN: Final = (
    f"{FIELD} was changed, or belongs to another connection, export or destination. Leave it out to start again."
)
_EXPIRED: Final = f"{FIELD} has expired. Leave it out to start again."


@dataclass(frozen=True, slots=True)
class Binding:
    """What a state is good for: one connection, one export model, one destination (the last two as digests)."""

    connection: str
    export: str
    destination: str

    def parts(self) -> list[Json]:
        """Everything that goes into the signature beside the state."""
        return [VERSION, self.connection, self.export, self.destination]


@dataclass(frozen=True, slots=True)
class Resume:
    """How to go on: the adaptor's cursor, the size of pages, and what the run itself must remember (may be empty)."""

    cursor: Cursor
    page_size: int
    run: Mapping[str, Json] = field(default_factory=dict)


class PageStates:
    """Issues and redeems states; they survive a restart and are good in every process that shares key and store.

    `derive` gives the keys for a purpose (`Vault.derive_all`): the first signs and seals, the others still open.
    """

    def __init__(
        self,
        store: Store,
        derive: Callable[[str], Sequence[bytes]],
        clock: Clock,
        *,
        ttl: timedelta = timedelta(hours=24),
    ) -> None:
        self._store = store
        self._keys = derive("page-state-signature")
        self._sealer = Sealer(derive("page-state-cursor"))
        self._clock = clock
        self._ttl = ttl

    async def issue(self, binding: Binding, resume: Resume) -> Document:
        """Make the state that leads to the next page."""
        if not _OWN_FIELDS.isdisjoint(resume.cursor.public):
            raise Bug("A cursor's public part uses a field name that page states keep for themselves.")
        now = self._clock()
        hidden = {"cursor": dict(resume.cursor.private), "run": dict(resume.run)}
        shown = dict(resume.cursor.public)
        if any(hidden.values()):
            shown["cursor"] = _HERE + to_text(self._sealer.seal(orjson.dumps(hidden), canonical(binding.parts())))
        state = self._signed(binding, shown, resume.page_size, now)
        if len(orjson.dumps(state)) <= MAX_BYTES:
            return state
        key = await self._keep(binding, {**hidden, "public": dict(resume.cursor.public)}, now)
        return self._signed(binding, {"cursor": _KEPT + key}, resume.page_size, now)

    async def redeem(self, binding: Binding, state: Json) -> Resume:
        """Check a state and say how to go on. Raises InvalidDocument on `pagedExportState`.

        A message tells malformed, not ours and expired apart, and nothing finer.
        """
        fields = self._verified(binding, state)
        self._check_age(fields.pop("issuedAt"))
        fields.pop("done")
        page_size = fields.pop("pageSize")
        sealed = fields.pop("cursor", None)
        hidden = {} if sealed is None else await self._hidden(binding, sealed)
        public = hidden.get("public", fields)
        cursor = Cursor(public=public, private=hidden.get("cursor", {}))
        return Resume(cursor, page_size, hidden.get("run", {}))

    def _signed(self, binding: Binding, shown: Document, page_size: int, now: datetime) -> Document:
        state = {**shown, "pageSize": page_size, "done": False, "issuedAt": int(now.timestamp())}
        return {**state, "sig": _signature(self._keys[0], binding, state)}

    def _verified(self, binding: Binding, state: Json) -> Document:
        if not isinstance(state, dict):
            raise _refusal(_MALFORMED)
        fields = dict(state)
        given = fields.pop("sig", None)
        if not isinstance(given, str) or len(given) != _SIGNATURE or not given.isascii():
            raise _refusal(_MALFORMED)
        try:
            if len(orjson.dumps(state)) > MAX_BYTES:
                raise _refusal(_MALFORMED)
            expected = [_signature(key, binding, fields) for key in self._keys]
        except TypeError as error:
            raise _refusal(_MALFORMED) from error
        if sum(hmac.compare_digest(given, one) for one in expected) == 0:
            raise _refusal(_FOREIGN)
        return fields

    def _check_age(self, issued_at: int) -> None:
        age = self._clock().timestamp() - issued_at
        if not -_SKEW.total_seconds() <= age <= self._ttl.total_seconds():
            raise _refusal(_EXPIRED)

    async def _keep(self, binding: Binding, hidden: Document, now: datetime) -> str:
        key = secrets.token_urlsafe(24)
        body = self._sealer.seal(orjson.dumps(hidden), canonical([*binding.parts(), key]))
        async with self._store.write() as session:
            await session.page_states.put(key, body, now + self._ttl)
        return key

    async def _hidden(self, binding: Binding, sealed: str) -> Document:
        try:
            if sealed.startswith(_HERE):
                body = self._sealer.open(from_text(sealed[len(_HERE) :]), canonical(binding.parts()))
            else:
                body = await self._kept(binding, sealed[len(_KEPT) :])
        except Unreadable as error:
            raise _refusal(_FOREIGN) from error
        hidden: Document = orjson.loads(body)
        return hidden

    async def _kept(self, binding: Binding, key: str) -> bytes:
        async with self._store.read() as session:
            body = await session.page_states.get(key)
        if body is None:
            raise _refusal(_EXPIRED)
        return self._sealer.open(body, canonical([*binding.parts(), key]))


def _signature(key: bytes, binding: Binding, state: Document) -> str:
    return hmac.new(key, canonical([*binding.parts(), state]), hashlib.sha256).hexdigest()


def _refusal(why: str) -> InvalidDocument:
    return InvalidDocument(invalid(FIELD, why))
