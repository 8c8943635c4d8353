"""Every kind of document over HTTP, in the ways that all kinds share."""

from typing import Any

import pytest

from tests.rig import bodies
from tests.rig.service import NOWHERE, ON_BOTH_STORES, Service

pytestmark = ON_BOTH_STORES

KINDS = ("connections", "exports", "imports", "flows", "integrations", "iClients")


def body_of(service: Service, kind: str, **fields: Any) -> dict[str, Any]:
    """A valid document of a kind, and all that it refers to."""
    if kind == "connections":
        return bodies.connection(**fields)
    if kind == "iClients":
        return bodies.iclient(**fields)
    if kind == "integrations":
        return {"name": "An integration", **fields}
    connection = service.create("connections", bodies.connection())
    if kind == "exports":
        return bodies.export(connection, **fields)
    if kind == "imports":
        return bodies.import_(connection, **fields)
    export = service.create("exports", bodies.export(connection))
    return bodies.flow(export, service.create("imports", bodies.import_(connection)), **fields)


@pytest.mark.endpoint("POST /v1/{kind}")
@pytest.mark.endpoint("GET /v1/{kind}/{id}")
@pytest.mark.endpoint("PUT /v1/{kind}/{id}")
@pytest.mark.endpoint("DELETE /v1/{kind}/{id}")
@pytest.mark.endpoint("GET /v1/{kind}/{id}/audit")
@pytest.mark.endpoint("GET /v1/{kind}/{id}/dependencies")
@pytest.mark.parametrize("kind", KINDS)
def test_the_life_of_a_document(service: Service, kind: str) -> None:
    body = body_of(service, kind)
    forged = {"_id": "f" * 24, "createdAt": "2000-01-01T00:00:00.000Z", "__proto__": {"a": 1}, "$where": "1", "nope": 2}
    made = service.post(f"/v1/{kind}", {**body, **forged})
    assert made.status_code == 201, made.text
    document = made.json()
    assert document["_id"] != forged["_id"]
    assert document["lastModified"] > "2026"
    assert not {"__proto__", "$where", "nope"} & document.keys()
    path = f"/v1/{kind}/{document['_id']}"
    assert service.get(path).json() == document
    assert service.get(path).headers["content-type"] == "application/json; charset=utf-8"
    replaced = service.put(path, {**body, "name": "Another name"})
    assert replaced.status_code == 200, replaced.text
    assert replaced.json()["name"] == "Another name"
    assert replaced.json()["_id"] == document["_id"]
    events = [one for one in service.get(f"{path}/audit").json() if one["_resourceId"] == document["_id"]]
    assert [event["event"] for event in events] == ["update", "create"]
    assert {"fieldPath": "name", "oldValue": body["name"], "newValue": "Another name"} in events[0]["fieldChanges"]
    assert service.get(f"{path}/dependencies").json() == {}
    deleted = service.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert service.get(path).status_code == 404
    assert service.delete(path).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("unknown", [NOWHERE, "nope", NOWHERE.replace("0", "A"), "0" * 23, "0" * 25])
def test_an_unknown_id_is_404_whatever_is_wrong_with_it(service: Service, kind: str, unknown: str) -> None:
    path = f"/v1/{kind}/{unknown}"
    for answer in (
        service.get(path),
        service.put(path, body_of(service, kind)),
        service.delete(path),
        service.get(f"{path}/audit"),
        service.get(f"{path}/dependencies"),
    ):
        assert answer.status_code == 404
        assert answer.json()["errors"][0]["code"] == "not_found"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [[], "text", 1, None, True])
def test_a_document_must_be_an_object(service: Service, kind: str, body: Any) -> None:
    answer = service.call("POST", f"/v1/{kind}", data=_json(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "invalid_field"


def _json(body: Any) -> bytes:
    import json  # noqa: PLC0415  # only here

    return json.dumps(body).encode()


@pytest.mark.endpoint("GET /v1/{kind}")
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_shows_what_get_shows(service: Service, kind: str) -> None:
    made = service.create(kind, body_of(service, kind))
    listed = {document["_id"]: document for document in service.get(f"/v1/{kind}").json()}
    assert listed[made] == service.get(f"/v1/{kind}/{made}").json()
    [shown] = [one for one in service.get(f"/v1/{kind}?include=name").json() if one["_id"] == made]
    assert shown["name"] == listed[made]["name"]
    assert "createdAt" not in shown


def test_an_empty_list_is_204(service: Service) -> None:
    answer = service.get("/v1/flows?_integrationId=" + NOWHERE)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


@pytest.mark.endpoint("GET /v1/connections")
def test_a_list_pages_by_link(service: Service) -> None:
    integration = service.create("integrations", {"name": "A list"})
    made = [
        service.create("connections", bodies.connection(name=f"c{n}", _integrationId=integration)) for n in range(5)
    ]
    url: str | None = f"/v1/connections?limit=2&_integrationId={integration}&include=name"
    seen: list[dict[str, Any]] = []
    pages = 0
    while url is not None:
        answer = service.get(url)
        seen += answer.json()
        pages += 1
        following = answer.links.get("next", {}).get("url")
        assert following is None or following.startswith(service.url)
        url = following.removeprefix(service.url) if following else None
    assert pages == 3
    assert seen == [{"_id": id_, "name": f"c{n}"} for n, id_ in enumerate(made)]
    back = service.get(f"/v1/connections?limit=2&skip=2&_integrationId={integration}")
    assert set(back.links) == {"next", "prev"}


def test_the_host_header_does_not_reach_a_link(service: Service) -> None:
    for n in range(2):
        service.create("connections", bodies.connection(name=f"host{n}"))
    spoofed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = service.get("/v1/connections?limit=1", headers=spoofed)
    assert answer.links["next"]["url"].startswith(service.url)


@pytest.mark.parametrize(
    "query", ["limit=-1", "limit=x", "skip=-1", "include=a&exclude=b", "include[]=a", "include=a b"]
)
def test_bad_queries_are_400(service: Service, query: str) -> None:
    answer = service.get(f"/v1/connections?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "invalid_query_params"


@pytest.mark.endpoint("GET /v1/exports")
def test_filters_and_projections(service: Service) -> None:
    connection = service.create("connections", bodies.connection(name="filtered"))
    export = service.create("exports", bodies.export(connection))
    service.create("exports", bodies.export(service.create("connections", bodies.connection())))
    found = service.get(f"/v1/exports?_connectionId={connection}&page=3&whatever=x").json()
    assert [document["_id"] for document in found] == [export]
    [shown] = service.get(f"/v1/exports?_connectionId={connection}&include=http.method").json()
    assert shown == {
        "_id": export,
        "name": "An export",
        "adaptorType": "HTTPExport",
        "http": {"method": "GET"},
    }
    [shown] = service.get(f"/v1/exports?_connectionId={connection}&exclude=http,lastModified").json()
    assert "http" not in shown
    assert shown["_id"] == export


@pytest.mark.endpoint("PATCH /v1/connections/{id}")
def test_patch_answers_204_or_the_document_as_preferred(service: Service) -> None:
    path = f"/v1/connections/{service.create('connections', bodies.connection())}"
    change = [{"op": "replace", "path": "/name", "value": "Patched"}]
    answer = service.patch(path, change)
    assert (answer.status_code, answer.content) == (204, b"")
    assert service.get(path).json()["name"] == "Patched"
    change[0]["value"] = "Again"
    answer = service.patch(path, change, headers={"Prefer": "return=representation"})
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "return=representation"
    assert answer.json() == service.get(path).json()


@pytest.mark.endpoint("PATCH /v1/{kind}/{id}")
@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("exports", "/debugUntil", "2020-01-01T00:00:00.000Z"),
        ("imports", "/debugUntil", "2020-01-01T00:00:00.000Z"),
        ("flows", "/disabled", True),
        ("iClients", "/oauth2/failPath", "error"),
    ],
)
def test_each_kind_has_fields_to_patch(service: Service, kind: str, path: str, value: Any) -> None:
    document = f"/v1/{kind}/{service.create(kind, body_of(service, kind))}"
    assert service.patch(document, [{"op": "replace", "path": path, "value": value}]).status_code == 204
    shown = service.get(document).json()
    for key in path.strip("/").split("/"):
        shown = shown[key]
    assert shown == value


@pytest.mark.parametrize(
    "change",
    [
        {"op": "replace", "path": "/name", "value": "x"},
        [{"op": "replace", "path": "/type", "value": "rest"}],
        [{"op": "replace", "path": "/name", "value": "x"}, {"op": "replace", "path": "/nope", "value": 1}],
        [{"op": "replace", "path": "/name", "value": 1}],
        [{"op": "move", "from": "/name", "path": "/name"}],
        ["x"],
        [{}],
    ],
)
def test_a_bad_patch_changes_nothing(service: Service, change: Any) -> None:
    path = f"/v1/connections/{service.create('connections', bodies.connection())}"
    before = service.get(path).json()
    assert service.patch(path, change).status_code == 422
    assert service.get(path).json() == before


def test_secrets_stay_inside(service: Service) -> None:
    id_ = service.create("connections", bodies.connection(name="secretive"))
    path = f"/v1/connections/{id_}"
    document = service.get(path).json()
    assert document["http"]["auth"]["token"]["token"] == "******"
    assert service.put(path, document).status_code == 200
    document["http"]["auth"]["token"]["token"] = "another-s3cret"
    assert service.put(path, document).status_code == 200
    document["http"]["auth"]["token"]["token"] = "******"
    document["http"]["baseURI"] = "http://127.0.0.2:1"
    refused = service.put(path, document)
    assert refused.status_code == 422
    shown = service.get(path).text + service.get(f"{path}/audit").text + refused.text
    assert "s3cret" not in shown
    content = b"".join(file.read_bytes() for file in service.data.rglob("*") if file.is_file())
    assert b"s3cret" not in content


@pytest.mark.endpoint("DELETE /v1/connections/{id}")
@pytest.mark.endpoint("GET /v1/connections/{id}/dependencies")
def test_a_connection_in_use_is_not_deleted(service: Service) -> None:
    connection = service.create("connections", bodies.connection())
    export = service.create("exports", bodies.export(connection, name="Its user"))
    answer = service.delete(f"/v1/connections/{connection}")
    assert answer.status_code == 422
    assert "Its user" in answer.text or export in answer.text
    found = service.get(f"/v1/connection/{connection}/dependencies").json()
    assert found["exports"][0] == {
        "id": export,
        "name": "Its user",
        "paths": ["_connectionId"],
        "accessLevel": "manage",
        "dependencyIds": {"connection": [connection]},
    }


@pytest.mark.endpoint("POST /v1/{kind}/{id}/clone")
@pytest.mark.parametrize("kind", ["exports", "imports", "flows", "integrations", "iClients"])
def test_a_clone_is_a_document_of_its_own(service: Service, kind: str) -> None:
    original = service.create(kind, body_of(service, kind))
    for body in (None, {"name": "Its own name"}):
        answer = service.post(f"/v1/{kind}/{original}/clone", body)
        assert answer.status_code == 201, answer.text
        [clone] = [made for made in answer.json() if made["model"].lower() == kind.lower().removesuffix("s")]
        shown = service.get(f"/v1/{kind}/{clone['_id']}").json()
        assert shown["_id"] != original
        assert shown["name"] == (body or shown)["name"]


@pytest.mark.parametrize("kind", ["exports", "imports"])
def test_a_clone_gets_the_connection_that_is_named(service: Service, kind: str) -> None:
    original = service.create(kind, body_of(service, kind))
    old = service.get(f"/v1/{kind}/{original}").json()["_connectionId"]
    other = service.create("connections", bodies.connection())
    [clone] = service.post(f"/v1/{kind}/{original}/clone", {"connectionMap": {old: other}}).json()
    assert service.get(f"/v1/{kind}/{clone['_id']}").json()["_connectionId"] == other


@pytest.mark.endpoint("PUT /v1/{kind}/{id}/replaceConnection")
@pytest.mark.parametrize("kind", ["exports", "imports"])
def test_the_connection_of_a_step_is_replaced(service: Service, kind: str) -> None:
    path = f"/v1/{kind}/{service.create(kind, body_of(service, kind))}"
    other = service.create("connections", bodies.connection())
    assert service.put(f"{path}/replaceConnection", {"_newConnectionId": other}).status_code == 200
    assert service.get(path).json()["_connectionId"] == other


@pytest.mark.endpoint("PUT /v1/flows/{id}/replaceConnection")
def test_the_connection_of_a_flow_is_replaced_in_its_steps(service: Service) -> None:
    old, new = (service.create("connections", bodies.connection()) for _ in range(2))
    export = service.create("exports", bodies.export(old))
    flow = service.create("flows", bodies.flow(export, service.create("imports", bodies.import_(old))))
    swap = {"_connectionId": old, "_newConnectionId": new}
    assert service.put(f"/v1/flows/{flow}/replaceConnection", swap).status_code == 200
    assert service.get(f"/v1/exports/{export}").json()["_connectionId"] == new


@pytest.mark.endpoint("PUT /v1/integrations/{id}/connections/register")
@pytest.mark.endpoint("DELETE /v1/integrations/{id}/connections/{connectionId}/register")
@pytest.mark.endpoint("GET /v1/integrations/{id}/connections")
@pytest.mark.endpoint("GET /v1/integrations/{id}/flows")
@pytest.mark.endpoint("GET /v1/integrations/{id}/exports")
@pytest.mark.endpoint("GET /v1/integrations/{id}/imports")
def test_an_integration_registers_connections_and_lists_its_members(service: Service) -> None:
    integration = service.create("integrations", {"name": "Members"})
    path = f"/v1/integrations/{integration}"
    connection = service.create("connections", bodies.connection())
    export = service.create("exports", bodies.export(connection, _integrationId=integration))
    imported = service.create("imports", bodies.import_(connection))
    flow = service.create("flows", bodies.flow(export, imported, _integrationId=integration))
    assert service.get(f"{path}/connections").status_code == 204
    assert service.put(f"{path}/connections/register", [connection]).status_code == 204
    for kind, id_ in (("connections", connection), ("exports", export), ("imports", imported), ("flows", flow)):
        assert [document["_id"] for document in service.get(f"{path}/{kind}").json()] == [id_]
    assert service.put(f"{path}/connections/register", [NOWHERE]).status_code == 422
    assert service.put(f"{path}/connections/register", {"a": 1}).status_code == 422
    assert service.delete(f"{path}/connections/{connection}/register").status_code == 204
    assert service.delete(f"{path}/connections/{connection}/register").status_code == 404
    assert service.get(f"{path}/connections").status_code == 204


@pytest.mark.endpoint("GET /v1/audit")
@pytest.mark.endpoint("POST /v1/audit")
def test_the_audit_of_the_account_filters(service: Service) -> None:
    integration = service.create("integrations", {"name": "Audited"})
    service.put(f"/v1/integrations/{integration}", {"name": "Audited twice"})
    query = f"resourceType=integration&_resourceId={integration}"
    assert [entry["event"] for entry in service.get(f"/v1/audit?{query}").json()] == ["update", "create"]
    assert len(service.get(f"/v1/audit?{query}&limit=1").json()) == 1
    assert service.get(f"/v1/audit?{query}&action=delete").status_code == 204
    assert service.get(f"/v1/audit?{query}&source=ui").status_code == 204
    assert service.get(f"/v1/audit?{query}&from=2999-01-01").status_code == 204
    wanted = {"resourceName": [{"resourceType": "integration", "_resourceId": integration}], "action": ["create"]}
    assert [entry["event"] for entry in service.post("/v1/audit", wanted).json()] == ["create"]
    assert service.post("/v1/audit").status_code == 200
    entry = service.get(f"/v1/audit?{query}").json()[0]
    user = service.get("/v1/tokenInfo").json()["_userId"]
    assert entry["byUser"] == {"_id": user, "email": "", "name": "test"}
    assert entry["source"] == "api"


@pytest.mark.endpoint("GET /v1/tokenInfo")
def test_token_info(service: Service) -> None:
    answer = service.get("/v1/tokenInfo").json()
    assert answer["scope"] == "*"
    assert len(answer["_userId"]) == 24
