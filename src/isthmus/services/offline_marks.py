"""Keeps `offline` of connections true. Source: api.md sections 3 and 4.

The flag is written only when it changes, with an audit entry of the source `system`; `lastModified` stays, since nobody
edited the connection.
"""

from dataclasses import replace
from typing import Final

from isthmus.services.caller import Caller
from isthmus.services.documents import parse, split_head
from isthmus.services.opening.kept_secrets import KIND
from isthmus.services.opening.openings import Opened
from isthmus.services.resources.context import Context, Moved
from isthmus.services.resources.writing import Writer

SOURCE: Final = "system"
"""How such a change stands in the audit."""


class OfflineMarks:
    """Writes the flag."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def mark(self, used: Opened, caller: Caller, *, offline: bool) -> None:
        """Note what a call found out; nothing where it was known, or the connection was edited or deleted meanwhile."""
        kept = used.kept
        if kept is None or kept.offline == offline:
            return
        try:
            async with self._context.store.write() as session:
                stored = await session.documents.get(KIND, used.id)
                if stored is None or stored.revision != kept.revision:
                    return
                fields = {**split_head(parse(stored.body))[1], "offline": offline}
                writer = Writer(self._context, session, replace(caller, source=SOURCE))
                written = await writer.amend(stored, fields, touch=False)
        except Moved:
            return
        kept.offline = offline
        kept.moved(written.revision)
