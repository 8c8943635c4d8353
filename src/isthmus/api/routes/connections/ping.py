"""`/v1/connections/{id}/ping`, its alias `test`, and `/v1/connections/ping` for one that is not stored.

Source: api.md sections 2 (rows 7, 8, 20) and 3.
"""

from isthmus.api.call import Answer, Call, json_answer
from isthmus.api.routing import Body, Reply, Route
from isthmus.api.schemas import ref

_REPLY = Reply(200, ref("Ping"), example={"code": 200})
_IGNORED = Body(required=False, ignored=True)


async def _saved(call: Call) -> Answer:
    return json_answer(await call.services.pings.saved(call.caller, call.id))


async def _virtual(call: Call) -> Answer:
    return json_answer(await call.services.pings.virtual(call.caller, call.document))


_PATH = "/v1/connections/{id}"

ROUTES = (
    Route("GET", f"{_PATH}/ping", _saved, "Try one connection", _REPLY, scope="invoke", row="2", dependent=True),
    Route(
        "POST",
        f"{_PATH}/ping",
        _saved,
        "Try one connection",
        _REPLY,
        scope="invoke",
        body=_IGNORED,
        row="2",
        dependent=True,
    ),
    Route(
        "POST",
        f"{_PATH}/test",
        _saved,
        "Try one connection: the same as ping",
        _REPLY,
        scope="invoke",
        body=_IGNORED,
        row="2",
        dependent=True,
    ),
    Route(
        "POST",
        "/v1/connections/ping",
        _virtual,
        "Try a connection without storing it",
        _REPLY,
        body=Body(ref("ConnectionInput")),
        row="2",
        dependent=True,
    ),
)
