"""API tokens: made, recognised, listed and revoked. Source: api.md section 1, decisions.md "Account and actor".

A token is `isthmus_` and 256 random bits in base64url. Only its SHA-256 is stored: with that much randomness a slow
hash would add nothing, and looking a hash up tells an attacker nothing by its time.
"""

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from isthmus.model.clock import Clock, now, to_iso
from isthmus.model.errors import InvalidDocument, NotFound, Unauthorized, invalid
from isthmus.model.ids import is_id, new_id
from isthmus.model.json import Document
from isthmus.services.caller import Caller
from isthmus.store import Store, TokenRow

PREFIX: Final = "isthmus_"
_LENGTH: Final = len(PREFIX) + 43
_OWNER: Final = "owner"
_EXPIRY: Final = re.compile(r"([1-9][0-9]{0,5})([mhd])\Z")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_MAX_NAME: Final = 100
_UNKNOWN: Final = "The token is not known here."


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is to be. `connections` None is full access; `expires` is `<n>m`, `<n>h`, `<n>d` or `never`."""

    name: str
    connections: Sequence[str] | None = None
    expires: str = "never"
    email: str = ""


class Tokens:
    """The tokens of the account. Nothing is cached, so that a revocation counts from the next request on."""

    def __init__(self, store: Store, clock: Clock = now) -> None:
        self._store = store
        self._clock = clock

    async def create(self, wanted: NewToken) -> str:
        """Make a token and give its value, which is shown once and kept nowhere.

        Raises InvalidDocument for a name, an expiry or an id that will not do.
        """
        _check(wanted)
        created = self._clock()
        expires = expiry(wanted.expires, created)
        value = PREFIX + base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        connections = None if wanted.connections is None else tuple(dict.fromkeys(wanted.connections))
        async with self._store.write() as session:
            await session.tokens.insert(
                TokenRow(
                    id=new_id(),
                    name=wanted.name,
                    user_id=await session.installation.keep(_OWNER, new_id()),
                    email=wanted.email,
                    hash=_hash(value),
                    connections=connections,
                    expires_at=expires,
                    created_at=created,
                )
            )
        return value

    async def authenticate(self, bearer: str) -> Caller:
        """Tell who a token belongs to. Raises Unauthorized for one that is unknown, expired or revoked."""
        if len(bearer) != _LENGTH or not bearer.startswith(PREFIX):
            raise Unauthorized(_UNKNOWN)
        async with self._store.read() as session:
            row = await session.tokens.by_hash(_hash(bearer))
        if row is None:
            raise Unauthorized(_UNKNOWN)
        if row.revoked_at is not None:
            raise Unauthorized("The token was revoked.")
        if row.expires_at is not None and row.expires_at <= self._clock():
            raise Unauthorized("The token has expired.")
        listed = None if row.connections is None else frozenset(row.connections)
        return Caller(row.id, row.user_id, row.name, row.email, listed)

    async def list(self) -> list[Document]:
        """List every token, oldest first, revoked ones too; never a value or its hash."""
        async with self._store.read() as session:
            rows = await session.tokens.list()
        return [self._shown(row) for row in rows]

    async def revoke(self, name_or_id: str) -> int:
        """Revoke every live token of that name or id, at once, in every process. Raises NotFound when there is none."""
        async with self._store.write() as session:
            count = await session.tokens.revoke(name_or_id, self._clock())
        if not count:
            raise NotFound(f"There is no live token of the name or id {name_or_id!r}.")
        return count

    def _shown(self, row: TokenRow) -> Document:
        state = "live"
        if row.revoked_at is not None:
            state = "revoked"
        elif row.expires_at is not None and row.expires_at <= self._clock():
            state = "expired"
        return {
            "_id": row.id,
            "name": row.name,
            "state": state,
            "connections": None if row.connections is None else [*row.connections],
            "email": row.email,
            "createdAt": to_iso(row.created_at),
            "expiresAt": None if row.expires_at is None else to_iso(row.expires_at),
        }


def expiry(text: str, start: datetime) -> datetime | None:
    """Turn `4h` into an instant, `never` into None. Raises InvalidDocument for anything else."""
    if text == "never":
        return None
    found = _EXPIRY.match(text)
    if found is None:
        raise InvalidDocument(invalid("expires", "Write the expiry as never, or as 30m, 4h or 10d."))
    try:
        return start + int(found[1]) * _UNITS[found[2]]
    except OverflowError:
        raise InvalidDocument(invalid("expires", "The expiry is too far away: use never.")) from None


def _check(wanted: NewToken) -> None:
    problems = []
    if not wanted.name.strip() or len(wanted.name) > _MAX_NAME or not wanted.name.isprintable():
        problems.append(invalid("name", f"Give a name of 1 to {_MAX_NAME} printable characters."))
    problems += [
        invalid("connections", f"This is not the id of a connection: {connection!r}.")
        for connection in wanted.connections or ()
        if not is_id(connection)
    ]
    if problems:
        raise InvalidDocument.of(problems)


def _hash(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
