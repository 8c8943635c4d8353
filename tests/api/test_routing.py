import pytest

from isthmus.api.call import NO_CONTENT, Answer, Call
from isthmus.api.routes import ROUTES, all_routes
from isthmus.api.routing import Reply, Route, Router, spellings

ID = "65c0" * 6
ROUTER = Router(all_routes())


async def _nothing(_call: Call) -> Answer:
    return NO_CONTENT


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_found_in_every_spelling(route: Route) -> None:
    for template in spellings(route.path):
        path = "/".join(ID if part.startswith("{") else part for part in template.split("/"))
        for written in (path, path + "/", path.upper().replace(ID.upper(), ID), path.lower()):
            match = ROUTER.find(route.method, written)
            assert match.route == route, written
            assert set(match.ids.values()) <= {ID}


@pytest.mark.hostile(38)
@pytest.mark.parametrize(
    "path",
    [
        "",
        "*",
        "//v1/connections",
        "/v1//connections",
        "/v1/connections//",
        "/v1/./connections",
        "/v1/../healthz",
        "/v1/%63onnections",
        "/v1%2fconnections",
        "/v1/%2e%2e/healthz",
        "/v1/connections;x=1",
        "/v1/connections.",
        "/v1/connections%00",
        f"/v1/connections/{ID}%00",
        f"/v1/connections/{ID}/ping/x",
        "http://evil/v1/connections",
        "/v2/connections",
        "/v1/connectionss",
        "/v1/connection s",
    ],
)
def test_other_spellings_name_nothing(path: str) -> None:
    match = ROUTER.find("GET", path)
    assert match.route is None
    assert match.allowed == ()


@pytest.mark.parametrize("unknown", [ID.upper(), ID[:-1], ID + "0", "nope", "..."])
def test_a_malformed_id_is_for_the_service_to_say(unknown: str) -> None:
    match = ROUTER.find("GET", f"/v1/connections/{unknown}")
    assert match.route is not None
    assert match.ids == {"id": unknown}


def test_a_path_without_the_method_tells_what_it_has() -> None:
    assert ROUTER.find("POST", f"/v1/connections/{ID}").allowed == ("DELETE", "GET", "PATCH", "PUT")
    assert ROUTER.find("GET", "/v1/connections/ping").allowed == ("POST",)


def test_two_routes_cannot_share_a_path() -> None:
    route = Route("GET", "/v1/connections", _nothing, "", Reply(204))
    with pytest.raises(ValueError, match="Two routes"):
        Router((*ROUTES, route))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_that_changes_something_says_what_it_leaves_in_the_audit(route: Route) -> None:
    reads = route.method == "GET" or route.dependent or route.reply.status == 422 or route.path == "/v1/audit"
    assert reads == (route.audit is None)
    assert route.row or route.scope == "open"
