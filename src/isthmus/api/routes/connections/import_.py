"""`/v1/connections/{id}/import` and `import/map`: virtual imports. Source: api.md section 6, imports.md section 2."""

from isthmus.api.call import Answer, Call, json_answer
from isthmus.api.query import flag, parameters
from isthmus.api.routing import Body, Reply, Route
from isthmus.api.schemas import array, ref

_BODY = Body(
    {
        "type": "object",
        "required": ["import", "data"],
        "properties": {
            "import": {"type": "object", "description": "The import's model; nothing of it is stored."},
            "data": {"type": "array", "items": {}},
        },
    }
)


async def _run(call: Call) -> Answer:
    return json_answer(await call.services.imports.run(call.caller, call.id, call.document))


async def _map(call: Call) -> Answer:
    explain = flag(parameters(call.query), "explain")
    return json_answer(await call.services.imports.map(call.caller, call.id, call.document, explain=explain))


ROUTES = (
    Route(
        "POST",
        "/v1/connections/{id}/import",
        _run,
        "Run an import that is not stored: one result for each record, in order",
        Reply(200, ref("Results")),
        scope="invoke",
        body=_BODY,
        row="2",
        dependent=True,
    ),
    Route(
        "POST",
        "/v1/connections/{id}/import/map",
        _map,
        "Map records as an import would, and send nothing",
        Reply(200, array({})),
        scope="invoke",
        body=_BODY,
        row="2",
        query=("explain",),
        dependent=True,
    ),
)
