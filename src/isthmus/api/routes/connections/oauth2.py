"""`/v1/connections/{id}/oauth2`: where a browser begins to authorise a connection. Source: api.md section 11.

The one seam that authorisation by OAuth 2.0 fills: whoever answers `{"authorizationURL": ...}` is called from here.
"""

from isthmus.api.call import Answer, Call
from isthmus.api.routing import Reply, Route
from isthmus.model.errors import Unsupported


async def _authorization_url(call: Call) -> Answer:
    await call.services.resources["connections"].get(call.caller, call.id)
    raise Unsupported("This service cannot authorise connections by OAuth 2.0 yet.")


ROUTES = (
    Route(
        "GET",
        "/v1/connections/{id}/oauth2",
        _authorization_url,
        "Get the address at which a user authorises one connection (not built yet)",
        Reply(
            200,
            {
                "type": "object",
                "required": ["authorizationURL"],
                "properties": {"authorizationURL": {"type": "string", "format": "uri"}},
            },
        ),
        row="2",
    ),
)
