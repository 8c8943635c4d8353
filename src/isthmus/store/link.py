"""What a repository needs of a database: a few calls over SQL with `?` placeholders, alike for both databases."""

from collections.abc import Sequence
from typing import Any, Final, Protocol, TypeAlias

from isthmus.model.errors import Bug

Value: TypeAlias = str | bytes | int | None
Values: TypeAlias = Sequence[Value]
Row: TypeAlias = tuple[Any, ...]

_READS: Final = "A session that reads was asked to write."


class Link(Protocol):
    """One transaction, or a stream of reads. Errors: StoreUnavailable, or Bug where a constraint is broken."""

    async def row(self, sql: str, values: Values = ()) -> Row | None:
        """Read one row."""

    async def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """Read every row."""

    async def run(self, sql: str, values: Values = ()) -> int:
        """Write at once, and tell how many rows it touched."""

    def later(self, sql: str, values: Values = ()) -> None:
        """Write before the next read or the commit, in order; for writes whose outcome nobody asks."""


class ReadOnly:
    """The writing half of a link that only reads."""

    __slots__ = ()

    async def run(self, sql: str, values: Values = ()) -> int:
        """Refuse."""
        del sql, values
        raise Bug(_READS)

    def later(self, sql: str, values: Values = ()) -> None:
        """Refuse."""
        del sql, values
        raise Bug(_READS)


def marks(count: int) -> str:
    """Write `count` placeholders, for an IN list."""
    return ", ".join("?" * count)


class Repository:
    """The base of all: a link, and the account whose rows it sees."""

    __slots__ = ("_account", "_link")

    def __init__(self, link: Link, account: str) -> None:
        self._link = link
        self._account = account
