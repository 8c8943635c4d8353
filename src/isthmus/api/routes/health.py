"""`/healthz` and `/readyz`: whether the process lives, and whether it should be sent requests. Both are open."""

from isthmus.api.call import Answer, Call, json_answer
from isthmus.api.routing import Reply, Route

_REPLY = Reply(200, {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}})


async def _healthz(_call: Call) -> Answer:
    return json_answer({"status": "ok"})


async def _readyz(call: Call) -> Answer:
    state = call.services.state
    if state.draining:
        return json_answer({"status": "draining"}, status=503)
    if not await state.store_answers():
        return json_answer({"status": "the store does not answer"}, status=503)
    return json_answer({"status": "ready"})


ROUTES = (
    Route("GET", "/healthz", _healthz, "Tell whether the process lives", _REPLY, scope="open"),
    Route("GET", "/readyz", _readyz, "Tell whether requests are welcome; 503 while draining", _REPLY, scope="open"),
)
