"""`/v1/connections/{id}/export` and `export/pages`: virtual exports. Source: api.md section 6, exports.md section 3."""

from isthmus.api.call import Answer, Call, json_answer
from isthmus.api.routing import Body, Reply, Route
from isthmus.api.schemas import ref

_MODEL = {"type": "object", "description": "The export's model; nothing of it is stored."}


async def _everything(call: Call) -> Answer:
    return json_answer(await call.services.exports.everything(call.caller, call.id, call.document))


async def _page(call: Call) -> Answer:
    return json_answer(await call.services.exports.page(call.caller, call.id, call.document))


ROUTES = (
    Route(
        "POST",
        "/v1/connections/{id}/export",
        _everything,
        "Run an export that is not stored, all of it at once",
        Reply(200, ref("Exported")),
        scope="invoke",
        body=Body({"type": "object", "required": ["export"], "properties": {"export": _MODEL}}),
        row="2",
        dependent=True,
    ),
    Route(
        "POST",
        "/v1/connections/{id}/export/pages",
        _page,
        "Run an export that is not stored, one page a call",
        Reply(200, ref("ExportedPage")),
        scope="invoke",
        body=Body(
            {
                "type": "object",
                "required": ["export"],
                "properties": {"export": _MODEL, "pagedExportState": {"type": "object"}},
            }
        ),
        row="2",
        dependent=True,
    ),
)
