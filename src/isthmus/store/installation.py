"""Facts about the installation as a whole: which key sealed it, who owns it."""

from collections.abc import Sequence
from typing import Final

from isthmus.model.errors import SetupError
from isthmus.store.link import Repository

KEY: Final = "key"
"""The fact that holds the fingerprint of the key that sealed this installation."""

_GET: Final = "SELECT value FROM installation WHERE name = ?"
_PUT: Final = (
    "INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_KEEP: Final = "INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"


class WrongKey(SetupError):
    """The key file holds other keys than the one that sealed this store."""

    def __init__(self) -> None:
        super().__init__(
            "The key file does not hold the key that sealed this store, so no secret in it could be read. "
            "Point ISTHMUS_KEY_FILE at the key file that belongs to it, or restore both from one backup."
        )


class Installation(Repository):
    """The table of facts, by name."""

    __slots__ = ()

    async def get(self, name: str) -> str | None:
        """Read a fact."""
        row = await self._link.row(_GET, (name,))
        return None if row is None else str(row[0])

    async def put(self, name: str, value: str) -> None:
        """Set a fact."""
        self._link.later(_PUT, (name, value))

    async def keep(self, name: str, value: str) -> str:
        """Set a fact unless it is set already, and tell what it is now; of several at once, the first wins."""
        await self._link.run(_KEEP, (name, value))
        return await self.get(name) or value

    async def claim_key(self, fingerprints: Sequence[str]) -> None:
        """Bind a new store to the first (current) key, or check that a bound one's key is among them; else WrongKey."""
        if await self.keep(KEY, fingerprints[0]) not in fingerprints:
            raise WrongKey
