"""`/v1/connections/{id}/tradingPartner`. Source: api.md section 2 row 19."""

from isthmus.api.call import NO_CONTENT, Answer, Call
from isthmus.api.routing import Body, Reply, Route


async def _toggle(call: Call) -> Answer:
    await call.services.trading_partners.toggle(call.caller, call.id)
    return NO_CONTENT


ROUTES = (
    Route(
        "PUT",
        "/v1/connections/{id}/tradingPartner",
        _toggle,
        "Make one FTP connection a trading partner, or no longer",
        Reply(204),
        audit="update",
        body=Body(required=False, ignored=True),
        row="2",
    ),
)
