"""What every service of documents works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from isthmus.model.clock import Clock
from isthmus.model.errors import Conflict
from isthmus.services.secrets import Secrets
from isthmus.store import Session, Store

Result = TypeVar("Result")

_ATTEMPTS: Final = 5


class Moved(Exception):  # an outcome: the transaction is begun again
    """The document was written by somebody else since this transaction read it."""


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the secrets in it, the time, and the backlog of a queue by the id of the connection that owns it."""

    store: Store
    secrets: Secrets
    clock: Clock
    queue_size: Callable[[str], int]

    async def transaction(self, work: Callable[[Session], Awaitable[Result]]) -> Result:
        """Do `work` in one transaction; again, from its beginning, where others wrote what it read.

        Raises Conflict when that happens time after time.
        """
        for _ in range(_ATTEMPTS):
            try:
                async with self.store.write() as session:
                    return await work(session)
            except Moved:
                continue
        raise Conflict("The resource is being changed by others at this moment: send the request again.")
