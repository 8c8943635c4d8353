"""Who may do what: a matrix made from the routes, so that a new route cannot escape it."""

import sqlite3
import time
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from isthmus.api.routes import all_routes
from isthmus.api.routing import Route
from tests.rig import bodies
from tests.rig.service import NOWHERE, Service, make_token, serving

ROUTES = all_routes()
INVOKED = {"ping", "test", "export", "pages", "import", "map"}


@dataclass(frozen=True)
class Tokens:
    """One token of every sort, and the connection that the limited one lists."""

    limited: str
    expired: str
    revoked: str
    listed: str
    unlisted: str


@pytest.fixture(scope="module")
def tokens(service: Service) -> Tokens:
    listed, unlisted = (service.create("connections", bodies.connection()) for _ in range(2))
    expired = service.new_token(name="expired")
    revoked = service.new_token(name="revoked")
    with sqlite3.connect(service.data / "isthmus.db") as database:
        database.execute("UPDATE tokens SET expires_at = '2020-01-01T00:00:00.000Z' WHERE name = 'expired'")
        database.execute("UPDATE tokens SET revoked_at = '2020-01-01T00:00:00.000Z' WHERE name = 'revoked'")
    database.close()
    return Tokens(service.new_token(name="limited", connections=[listed]), expired, revoked, listed, unlisted)


def path_of(route: Route, id_: str) -> str:
    """A route's path with an id in every place."""
    return "/".join(id_ if part.startswith("{") else part for part in route.path.split("/"))


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.hostile(34)
@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_without_a_good_token(service: Service, tokens: Tokens, route: Route) -> None:
    garbage = ("", "x", "isthmus_" + "A" * 43, service.token[:-1], service.token + "A", tokens.expired, tokens.revoked)
    for token in (None, *garbage):
        answer = service.call(route.method, path_of(route, tokens.listed), token=token)
        if route.scope == "open":
            assert answer.status_code == 200
            continue
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["errors"][0]["code"] == "unauthorized"


@pytest.mark.hostile(34)
@pytest.mark.hostile(40)
@pytest.mark.parametrize("route", [route for route in ROUTES if route.scope != "open"], ids=name)
def test_a_limited_token_may_only_invoke_what_it_lists(service: Service, tokens: Tokens, route: Route) -> None:
    answers = {
        id_: service.call(route.method, path_of(route, id_), token=tokens.limited)
        for id_ in (tokens.listed, tokens.unlisted, NOWHERE)
    }
    invokes = route.path.startswith("/v1/connections/{id}/") and route.path.rsplit("/", 1)[-1] in INVOKED
    assert (route.scope == "invoke") == invokes
    if not invokes:
        assert {answer.status_code for answer in answers.values()} == {403}
        return
    assert answers[tokens.listed].status_code in {200, 400, 422}
    hidden, absent = answers[tokens.unlisted], answers[NOWHERE]
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace(tokens.unlisted, "X") == absent.text.replace(NOWHERE, "X")


@pytest.mark.parametrize("route", [route for route in ROUTES if "{id}" in route.path], ids=name)
def test_a_full_token_is_told_what_is_not_there(service: Service, route: Route) -> None:
    """404 comes before anything that the body might get wrong, once the body can be read at all."""
    body: Any = {} if route.body is not None and not route.body.ignored else None
    if route.method == "PATCH":
        body = []
    answer = service.call(route.method, path_of(route, NOWHERE), json=body)
    assert answer.status_code in ({404, 422} if route.body and route.body.required else {404})


@pytest.mark.parametrize(
    "header",
    [
        "Basic dTpw",
        "Bearer",
        "bearer",
        "Token {token}",
        "{token}",
        "Bearer {token} x",
        "Bearer ü{token}",
        'Bearer "{token}"',
    ],
)
def test_only_bearer_tokens_are_read(service: Service, header: str) -> None:
    value = header.format(token=service.token).encode("latin-1")
    answer = service.call("GET", "/v1/connections", token=None, headers={"Authorization": value})
    assert answer.status_code == 401


def test_the_scheme_may_be_in_any_letter_case(service: Service) -> None:
    for scheme in ("bearer", "BEARER", "Bearer "):
        headers = {"Authorization": f"{scheme} {service.token}"}
        assert service.call("GET", "/v1/tokenInfo", token=None, headers=headers).status_code == 200


@pytest.mark.hostile(42)
@pytest.mark.parametrize("parameter", ["access_token", "token", "key"])
def test_a_token_in_the_address_opens_nothing(service: Service, parameter: str) -> None:
    path = f"/v1/tokenInfo?{parameter}={service.token}"
    assert service.get(path, token=None).status_code == 401
    refused = service.get(path)
    assert refused.status_code == 400
    assert service.token not in refused.text


@pytest.mark.hostile(36)
@pytest.mark.parametrize("header", ["integrator-ashareid", "X-User-Id", "X-Account", "X-Forwarded-User", "Cookie"])
def test_no_other_header_makes_a_caller(service: Service, header: str) -> None:
    assert service.get("/v1/tokenInfo", token=None, headers={header: service.token}).status_code == 401


@pytest.mark.hostile(38)
@pytest.mark.parametrize(
    "path",
    [
        "/v1/connections?x=/healthz",
        "//v1/connections",
        "/v1/../healthz",
        "/healthz/../v1/connections",
        "/%68ealthz",
        "/v1/%2e%2e/healthz",
        "/v1%2fconnections",
        "/healthz;/v1/connections",
        "/healthz.",
        "/healthz%00",
        "/v1/connections/x%00",
        "/unknown",
        "/v1/unknown",
        "/",
    ],
)
def test_no_spelling_gets_around_the_token(service: Service, path: str) -> None:
    request = requests.Request("GET", service.url).prepare()
    request.url = service.url + path
    for extra in ({}, {"X-Original-URL": "/healthz", "X-Rewrite-URL": "/healthz", "Host": "healthz"}):
        request.headers.update(extra)
        with requests.Session() as session:
            assert session.send(request, timeout=30).status_code == 401


@pytest.mark.hostile(39)
def test_a_revocation_counts_from_the_next_request_on(service: Service) -> None:
    token = service.new_token(name="short-lived")
    assert service.get("/v1/tokenInfo", token=token).status_code == 200
    with sqlite3.connect(service.data / "isthmus.db") as database:
        database.execute("UPDATE tokens SET revoked_at = '2020-01-01T00:00:00.000Z' WHERE name = 'short-lived'")
    database.close()
    assert service.get("/v1/tokenInfo", token=token).status_code == 401


@pytest.mark.hostile(41)
def test_the_database_holds_no_usable_token(service: Service) -> None:
    content = b"".join(file.read_bytes() for file in service.data.rglob("*") if file.is_file())
    assert service.token.encode() not in content
    assert service.token.removeprefix("isthmus_").encode() not in content


def test_the_rate_limit_answers_429_and_recovers(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("limited") / "data", rate_limit="5/2") as service:
        answers = [service.get("/v1/tokenInfo") for _ in range(12)]
        statuses = [answer.status_code for answer in answers]
        assert statuses[:5] == [200] * 5
        assert 429 in statuses
        refused = answers[statuses.index(429)]
        assert refused.json()["errors"][0]["code"] == "rate_limited"
        assert refused.headers["retry-after"].isdigit()
        assert service.get("/v1/tokenInfo", token=None).status_code == 401
        assert service.get("/healthz").status_code == 200
        time.sleep(int(refused.headers["retry-after"]))
        assert service.get("/v1/tokenInfo").status_code == 200


@pytest.mark.endpoint("GET /metrics")
@pytest.mark.hostile(182)
def test_metrics_need_a_full_token_unless_they_are_opened(
    service: Service, tokens: Tokens, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert service.get("/metrics", token=None).status_code == 401
    assert service.get("/metrics", token=tokens.limited).status_code == 403
    service.get(f"/v1/connections/{tokens.listed}")
    text = service.get("/metrics").text
    assert 'isthmus_requests_total{method="GET",route="/v1/connections/{id}",status="200"}' in text
    assert tokens.listed not in text
    with serving(tmp_path_factory.mktemp("open") / "data", metrics_open=True) as opened:
        assert opened.get("/metrics", token=None).status_code == 200


def test_a_token_survives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("restart") / "data"
    with serving(data) as service:
        token = make_token(service.settings, name="kept")
        connection = service.create("connections", bodies.connection())
    with serving(data) as service:
        assert service.get(f"/v1/connections/{connection}", token=token).status_code == 200
