"""`/v1/connections/{id}/purgeMessages`. Source: api.md section 2 row 18.

Queued messages belong to runs of flows, which this service does not have yet; so there are none to drop, and
the answer is the one that the original gives then. Calls that wait at the connection's gate are no messages: their
callers wait too.
"""

from isthmus.api.call import Answer, Call
from isthmus.api.routing import Body, Reply, Route
from isthmus.model.errors import Problem, Unsupported


async def _purge(call: Call) -> Answer:
    await call.services.resources["connections"].get(call.caller, call.id)
    raise Unsupported(Problem("queue_empty", "The message queue of this connection is already empty."))


ROUTES = (
    Route(
        "POST",
        "/v1/connections/{id}/purgeMessages",
        _purge,
        "Drop the queued messages of one connection; 422 `queue_empty` when there are none",
        Reply(422),
        body=Body(required=False, ignored=True),
        row="2",
    ),
)
