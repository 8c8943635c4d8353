"""`/v1/audit`: every change of the account. Source: api.md section 8."""

from isthmus.api.audit_query import audit_query
from isthmus.api.call import Answer, Call, list_answer
from isthmus.api.routing import Body, Reply, Route
from isthmus.api.schemas import array, or_null, ref

_REPLY = Reply(200, array(ref("AuditEntry"), least=1), also=((204, "There are none."),))
_FILTERS = ("resourceType", "_resourceId", "_byUserId", "source", "action", "from", "to", "limit")


async def _by_query(call: Call) -> Answer:
    return list_answer(await call.services.audit.all(call.caller, audit_query(call.query)))


async def _by_body(call: Call) -> Answer:
    body = {} if call.body is None else call.document
    return list_answer(await call.services.audit.all(call.caller, audit_query(call.query, body)))


ROUTES = (
    Route(
        "GET", "/v1/audit", _by_query, "List the changes of the account, newest first", _REPLY, row="8", query=_FILTERS
    ),
    Route(
        "POST",
        "/v1/audit",
        _by_body,
        "List the changes of the account by several values a filter, newest first",
        _REPLY,
        body=Body(
            {
                "type": ["object", "null"],
                "properties": {
                    "resourceType": or_null(array({"type": "string"})),
                    "source": or_null(array({"type": "string"})),
                    "action": or_null(array({"type": "string"})),
                    "resourceName": or_null(array({"type": "object"})),
                },
            },
            required=False,
        ),
        row="8",
        query=_FILTERS,
    ),
)
