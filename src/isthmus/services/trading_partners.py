"""Toggles whether an FTP connection is a trading partner. Source: api.md section 2 row 19."""

from isthmus.model.errors import NotFound, Unsupported
from isthmus.services.caller import Caller
from isthmus.services.documents import parse, split_head
from isthmus.services.resources import Context
from isthmus.services.resources.writing import Writer
from isthmus.store import Session


class TradingPartners:
    """Marks connections as trading partners."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def toggle(self, caller: Caller, connection_id: str) -> None:
        """Set `ftp.tradingPartner` where it is not set, else clear it; one audit entry.

        Raises NotFound, or Unsupported for a connection of another type.
        """
        caller.require_full()

        async def work(session: Session) -> None:
            stored = await session.documents.get("connections", connection_id)
            if stored is None:
                raise NotFound("There is no connection with this id.")
            _, fields = split_head(parse(stored.body))
            if fields["type"] != "ftp":
                raise Unsupported("Only connections of the type ftp can be trading partners.", field="type")
            block = {**fields["ftp"], "tradingPartner": not fields["ftp"].get("tradingPartner", False)}
            await Writer(self._context, session, caller).amend(stored, {**fields, "ftp": block})

        await self._context.transaction(work)
