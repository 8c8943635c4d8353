"""Pings: whether the other system is there and accepts the credentials. Source: api.md section 3.

A failed ping is an answer, not an error: HTTP 200 with `code` and `errors`.
"""

from typing import Final

from isthmus.model.errors import EgressDenied, InvalidDocument, RemoteError, Throttled, Unsupported, invalid
from isthmus.model.json import Document, Json
from isthmus.sdk import Fault, Pingable, PingResult
from isthmus.services.caller import Caller
from isthmus.services.offline_marks import OfflineMarks
from isthmus.services.opening.opened import OpenedConnections
from isthmus.services.opening.openings import Opened

FAILED: Final = 401
_TOO_MANY: Final = "429"


class Pings:
    """Pings saved and unsaved connections."""

    def __init__(self, connections: OpenedConnections, marks: OfflineMarks) -> None:
        self._connections = connections
        self._marks = marks

    async def saved(self, caller: Caller, connection_id: str) -> Document:
        """Ping a saved connection and keep its `offline` true. Raises NotFound and Unsupported."""
        used: Opened | None = None
        try:
            async with self._connections.saved(caller, connection_id) as used:
                result = await _ping(used)
        except (RemoteError, EgressDenied) as error:
            result = _refusal(error)
        if used is not None and not _throttled(result):
            await self._marks.mark(used, caller, offline=not result.ok)
        return answer(result)

    async def virtual(self, caller: Caller, document: Json) -> Document:
        """Ping a connection that is not saved; nothing is written. Raises InvalidDocument and Unsupported."""
        if not isinstance(document, dict):
            raise InvalidDocument(invalid("type", "A connection must be an object."))
        try:
            async with self._connections.virtual(caller, document) as used:
                return answer(await _ping(used))
        except (RemoteError, EgressDenied) as error:
            return answer(_refusal(error))


def answer(result: PingResult) -> Document:
    """Shape a result: `{"code":200}`, or the code of the failure with its errors."""
    if result.ok:
        return {"code": 200}
    code = result.code if result.code != 200 else FAILED  # noqa: PLR2004  # 200 is no code for a failure
    return {"code": code, "errors": [{"code": fault.code, "message": fault.message} for fault in result.errors]}


async def _ping(used: Opened) -> PingResult:
    if not isinstance(used.adaptor, Pingable):
        raise Unsupported(f"A connection of the type {used.spec.name} cannot be pinged.", field="type")
    return await used.adaptor.ping()


def _throttled(result: PingResult) -> bool:
    """Whether the other system only asks for fewer calls: it is there, and said nothing of the credentials."""
    return any(fault.code == _TOO_MANY for fault in result.errors)


def _refusal(error: RemoteError | EgressDenied) -> PingResult:
    if isinstance(error, RemoteError):
        code = _TOO_MANY if isinstance(error, Throttled) else error.code
        return PingResult(FAILED, (Fault(code, error.message),))
    return PingResult(FAILED, (Fault(EgressDenied.code, str(error)),))
