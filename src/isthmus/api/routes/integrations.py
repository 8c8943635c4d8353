"""`/v1/integrations`: documents, the connections registered with them, and their members. Source: api.md section 12."""

from isthmus.api.call import NO_CONTENT, Answer, Call, list_answer
from isthmus.api.routes.documents import Kind, clone_route, document_routes
from isthmus.api.routing import Body, Handler, Reply, Route
from isthmus.api.schemas import ID, array, ref

_KIND = Kind("integrations", "integration", "Integration", "12 integrations")
_MEMBERS = {"connections": "Connection", "flows": "Flow", "exports": "Export", "imports": "Import"}


async def _register(call: Call) -> Answer:
    await call.services.registrations.register(call.caller, call.id, call.body)
    return NO_CONTENT


async def _unregister(call: Call) -> Answer:
    await call.services.registrations.unregister(call.caller, call.id, call.ids["connectionId"])
    return NO_CONTENT


def _members(plural: str) -> Handler:
    async def handler(call: Call) -> Answer:
        return list_answer(await call.services.registrations.members(call.caller, call.id, plural))

    return handler


ROUTES = (
    *document_routes(_KIND, clone_route),
    Route(
        "PUT",
        "/v1/integrations/{id}/connections/register",
        _register,
        "Register connections with one integration",
        Reply(204),
        audit="update",
        body=Body(array(ID)),
        row=_KIND.row,
    ),
    Route(
        "DELETE",
        "/v1/integrations/{id}/connections/{connectionId}/register",
        _unregister,
        "Take one connection off one integration",
        Reply(204),
        audit="update",
        row=_KIND.row,
    ),
    *(
        Route(
            "GET",
            f"/v1/integrations/{{id}}/{plural}",
            _members(plural),
            f"List the {plural} of one integration",
            Reply(200, array(ref(component), least=1), also=((204, "There are none."),)),
            row=_KIND.row,
        )
        for plural, component in _MEMBERS.items()
    ),
)
