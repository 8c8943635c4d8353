"""`/v1/connections/{id}/debug[/{resourceId}]`: the debug log as text. Source: api.md section 10."""

from isthmus.api.call import NO_CONTENT, Answer, Call, text_answer
from isthmus.api.routing import Reply, Route

_TEXT = Reply(200, {"type": "string"}, media="text/plain")


async def _read(call: Call) -> Answer:
    return text_answer(await call.services.debug_logs.text(call.caller, call.id, call.ids.get("resourceId")))


async def _clear(call: Call) -> Answer:
    await call.services.debug_logs.clear(call.caller, call.id)
    return NO_CONTENT


ROUTES = (
    Route("GET", "/v1/connections/{id}/debug", _read, "Read the debug log of one connection", _TEXT, row="2"),
    Route(
        "GET",
        "/v1/connections/{id}/debug/{resourceId}",
        _read,
        "Read what one export or import left in the debug log",
        _TEXT,
        row="2",
    ),
    Route(
        "DELETE",
        "/v1/connections/{id}/debug",
        _clear,
        "Clear the debug log of one connection",
        Reply(204),
        audit="delete",
        row="2",
    ),
)
