"""The pages that are open: health, the OpenAPI document and its readable page."""

import re
from collections.abc import MutableMapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest
from openapi_pydantic import OpenAPI
from pydantic import ValidationError

from isthmus.api.application import Application, Options
from isthmus.api.call import Answer, Call
from isthmus.api.openapi import check, openapi_document, operation_id
from isthmus.api.reference_page import reference_page
from isthmus.api.routes import all_routes
from isthmus.api.routing import Reply, Route, Router
from isthmus.app import running
from isthmus.settings import Settings
from tests.rig.service import Service, serving

ROUTES = all_routes()


@pytest.mark.endpoint("GET /healthz", "GET /readyz", "GET /openapi.json", "GET /docs")
def test_the_open_pages_need_no_token(service: Service) -> None:
    assert service.get("/healthz", token=None).json() == {"status": "ok"}
    assert service.get("/readyz", token=None).json() == {"status": "ready"}
    document = service.get("/openapi.json", token=None)
    assert document.headers["content-type"] == "application/json"
    assert OpenAPI.model_validate(document.json()).info.title == "isthmus"
    page = service.get("/docs/", token=None)
    assert page.headers["content-type"] == "text/html; charset=utf-8"


class Outside(HTMLParser):
    """Collects whatever a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loads = [f"{tag} {name}={value}" for name, value in attrs if name in {"src", "srcset", "onclick", "onload"}]
        links = [value or "" for name, value in attrs if name == "href"]
        self.found += loads + [link for link in links if not link.startswith(("#", "/"))]
        if tag in {"script", "link", "img", "iframe", "object", "form", "base"}:
            self.found.append(tag)


@pytest.mark.hostile(45)
def test_the_reference_page_is_whole_and_loads_nothing(service: Service) -> None:
    answer = service.get("/docs", token=None)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    parser = Outside()
    parser.feed(answer.text)
    assert parser.found == []
    assert "url(" not in answer.text
    assert "@import" not in answer.text
    for route in ROUTES:
        assert f'id="{operation_id(route)}"' in answer.text
    linked = set(re.findall(r'href="#([^"]+)"', answer.text))
    assert linked <= set(re.findall(r'id="([^"]+)"', answer.text))


def test_nothing_that_operators_set_becomes_markup() -> None:
    document = openapi_document(ROUTES, "http://x/<script>alert(1)</script>")
    assert "<script>" not in reference_page(ROUTES, document)


def test_the_document_describes_every_route_once() -> None:
    document = openapi_document(ROUTES, "http://x")
    described = [(method, path) for path, item in document["paths"].items() for method in item]
    assert sorted(described) == sorted((route.method.lower(), route.path) for route in ROUTES)
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


def test_a_route_that_is_not_described_soundly_is_found() -> None:
    document = openapi_document(ROUTES, "http://x")
    check(document)
    document["paths"]["/v1/exports"]["get"]["responses"] = 7
    with pytest.raises(ValidationError):
        check(document)


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = openapi_document(ROUTES, "http://x")
    written = orjson.dumps(document).decode()
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', written)) <= document["components"]["schemas"].keys()
    linked = {
        link["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        for reply in operation["responses"].values()
        for link in reply.get("links", {}).values()
    }
    assert linked <= {operation_id(route) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_refusal_is_described_by_the_envelope(route: Route) -> None:
    operation = openapi_document((route,), "http://x")["paths"][route.path][route.method.lower()]
    assert operation["summary"]
    for status, reply in operation["responses"].items():
        if int(status) >= 400:
            schema = reply["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Errors"}
    if route.scope != "open":
        assert {"401", "403", "429"} <= operation["responses"].keys()
    assert (operation.get("security") == []) == (route.scope == "open")


def test_the_public_url_stands_in_the_document_and_in_links(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("public") / "data"
    with serving(data, public_url="https://isthmus.example/base") as service:
        assert service.get("/openapi.json").json()["servers"] == [{"url": "https://isthmus.example/base"}]
        for name in ("a", "b"):
            service.create("integrations", {"name": name})
        following = service.get("/v1/integrations?limit=1").links["next"]["url"]
        assert following.startswith("https://isthmus.example/base/v1/integrations?")


async def _broken(_call: Call) -> Answer:
    raise RuntimeError("holds a CANARY")


@pytest.mark.hostile(27)
@pytest.mark.anyio
async def test_a_bug_shows_an_incident_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    path = {"path": "/broken", "raw_path": b"/broken", "query_string": b""}
    async with running(Settings(data=tmp_path / "data"), "http://x") as whole:
        route = Route("GET", "/broken", _broken, "Break", Reply(200), scope="open")
        application = Application(Router([route]), whole._services, Options())
        await application({"type": "http", "method": "GET", **path, "headers": []}, receive, send)
    assert sent[0]["status"] == 500
    incident = dict(sent[0]["headers"])[b"x-request-id"].decode()
    [problem] = orjson.loads(sent[1]["body"])["errors"]
    assert incident in problem["message"]
    captured = capsys.readouterr()
    assert incident in captured.out + captured.err
    assert "CANARY" not in captured.out + captured.err + problem["message"]
