"""`/v1/tokenInfo`. Source: api.md section 1 "Auth, tokens"."""

from isthmus.api.call import Answer, Call, json_answer
from isthmus.api.routing import Reply, Route
from isthmus.api.schemas import ID


async def _token_info(call: Call) -> Answer:
    return json_answer({"_userId": call.caller.user_id, "scope": "*"})


ROUTES = (
    Route(
        "GET",
        "/v1/tokenInfo",
        _token_info,
        "Tell whose token this is",
        Reply(
            200,
            {
                "type": "object",
                "required": ["_userId", "scope"],
                "properties": {"_userId": ID, "scope": {"type": "string"}},
            },
        ),
        row="1 tokens",
    ),
)
