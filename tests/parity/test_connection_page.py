"""Every example of the API page that needs no Salesforce or NetSuite, replayed over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.parity import page
from tests.rig.black_box import Service

MASK = "******"


@pytest.fixture
def slack(service: Service, sandbox: str) -> dict[str, Any]:
    rest = {**page.SLACK_REST, "baseURI": f"{sandbox}/slack/api"}
    return service.create("connections", {"type": "rest", "name": "Slack API", "rest": rest})


@pytest.fixture
def target(service: Service, sandbox: str) -> dict[str, Any]:
    rest = {"baseURI": sandbox, "mediaType": "json", "authType": "custom"}
    return service.create("connections", {"type": "rest", "name": "Heartbeat", "rest": rest})


def is_the_page_s_connection(shown: dict[str, Any], stored: dict[str, Any]) -> bool:
    rest = {**page.SLACK_REST, "baseURI": stored["rest"]["baseURI"], "bearerToken": MASK}
    return (
        shown.keys() >= page.SHOWN_KEYS
        and shown["rest"] == rest
        and (shown["type"], shown["name"]) == ("rest", "Slack API")
        and shown["queues"] == [{"name": stored["_id"], "size": 0}]
    )


@pytest.mark.endpoint("GET /v1/connections/{id}")
@pytest.mark.parametrize("path", ["/v1/connections/", "/v1/connection/", "/V1/Connections/"])
def test_get_a_connection(service: Service, slack: dict[str, Any], path: str) -> None:
    answer = service.call("GET", path + slack["_id"])
    assert answer.status_code == 200
    assert is_the_page_s_connection(answer.json(), slack)


@pytest.mark.endpoint("PUT /v1/connections/{id}")
def test_update_a_connection_with_what_get_gave(service: Service, slack: dict[str, Any]) -> None:
    path = f"/v1/connections/{slack['_id']}"
    answer = service.call("PUT", path, service.call("GET", path).json())
    assert answer.status_code == 200
    assert is_the_page_s_connection(answer.json(), slack)
    assert service.call("POST", f"{path}/ping").json() == {"code": 200}


@pytest.mark.endpoint("PATCH /v1/connections/{id}")
def test_update_part_of_a_connection(service: Service, slack: dict[str, Any]) -> None:
    path = f"/v1/connections/{slack['_id']}"
    assert service.call("PATCH", path, [{"op": "replace", "path": "/name", "value": "Slack API"}]).status_code == 204
    whole = service.call(
        "PATCH", path, [{"op": "replace", "path": "/name", "value": "Slack API"}], Prefer="return=representation"
    )
    assert whole.status_code == 200
    assert is_the_page_s_connection(whole.json(), slack)


@pytest.mark.endpoint("DELETE /v1/connections/{id}")
def test_delete_a_connection(service: Service, slack: dict[str, Any]) -> None:
    path = f"/v1/connections/{slack['_id']}"
    assert (service.call("DELETE", path).status_code, service.call("GET", path).status_code) == (204, 404)


@pytest.mark.endpoint("POST /v1/connections/ping")
def test_a_virtual_connection_with_the_mask_of_a_saved_one(service: Service, slack: dict[str, Any]) -> None:
    document = service.call("GET", f"/v1/connections/{slack['_id']}").json()
    assert document["rest"]["bearerToken"] == MASK
    answer = service.call("POST", "/v1/connections/ping", document)
    assert (answer.status_code, answer.json()) == (200, {"code": 200})


@pytest.mark.endpoint("POST /v1/connections/{id}/import")
def test_import_four_records(service: Service, target: dict[str, Any]) -> None:
    answer = service.call("POST", f"/v1/connections/{target['_id']}/import", page.FOUR_BEATS)
    results = answer.json()
    assert [set(result) for result in results] == [{"statusCode", "id", "_json"}] * 4
    for result in results:
        assert set(result["_json"]) == page.BEAT_KEYS
        assert (result["statusCode"], result["id"], result["_json"]["key"]) == (200, result["_json"]["_id"], "sqs_flow")
        assert result["_json"]["timestamp"] == "2017-11-30T03:33:38.751Z"


@pytest.mark.endpoint("POST /v1/connections/{id}/import/map")
def test_evaluate_only_the_mapping(service: Service, target: dict[str, Any]) -> None:
    answer = service.call("POST", f"/v1/connections/{target['_id']}/import/map", page.FOUR_BEATS)
    assert answer.json() == [{"timestamp": 1512012818751, "key": "sqs_flow"}] * 4


@pytest.mark.endpoint("GET /v1/connections/{id}/audit")
def test_the_audit_log(service: Service, slack: dict[str, Any]) -> None:
    [entry] = service.call("GET", f"/v1/connections/{slack['_id']}/audit").json()
    assert set(entry) == page.AUDIT_KEYS
    assert set(entry["byUser"]) == {"_id", "email", "name"}
    assert (entry["resourceType"], entry["_resourceId"]) == ("connection", slack["_id"])
    assert (entry["event"], entry["fieldChanges"]) == ("create", [])


@pytest.mark.endpoint("GET /v1/connections/{id}/dependencies")
def test_what_uses_the_nasa_connection(service: Service, sandbox: str, slack: dict[str, Any]) -> None:
    http = {"baseURI": f"{sandbox}/nasa", "mediaType": "json"}
    nasa = service.create("connections", {"type": "http", "name": "NASA API", "http": http})["_id"]
    request = {"relativeURI": "/planetary/apod", "method": "GET"}
    export = service.create(
        "exports",
        {"name": "NASA API Export", "adaptorType": "HTTPExport", "_connectionId": nasa, "http": request},
    )["_id"]
    title = "NASA Astronomy Picture of the Day to Slack"
    integration = service.create("integrations", {"name": title, "_registeredConnectionIds": [nasa, slack["_id"]]})[
        "_id"
    ]
    flow = service.create(
        "flows",
        {"name": "NASA APOD - Slack", "_integrationId": integration, "pageGenerators": [{"_exportId": export}]},
    )["_id"]
    expected = {
        "exports": [entry(export, "NASA API Export", ["_connectionId"], {"connection": [nasa]})],
        "flows": [entry(flow, "NASA APOD - Slack", ["pageGenerators[*]._exportId"], {"export": [export]})],
        "integrations": [
            entry(integration, title, ["_registeredConnectionIds[*]"], {"connection": [nasa], "flow": [flow]})
        ],
    }
    for form in ("connection", "connections"):
        assert service.call("GET", f"/v1/{form}/{nasa}/dependencies").json() == expected


def entry(id_: str, name: str, paths: list[str], uses: dict[str, list[str]]) -> dict[str, Any]:
    return {"id": id_, "name": name, "paths": paths, "accessLevel": "manage", "dependencyIds": uses}


@pytest.mark.endpoint("GET /v1/connections/{id}/debug")
def test_the_debug_log_shows_the_ping_without_the_token(service: Service, slack: dict[str, Any]) -> None:
    path = f"/v1/connections/{slack['_id']}"
    until = (datetime.now(UTC) + timedelta(minutes=10)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert service.call("PATCH", path, [{"op": "replace", "path": "/debugDate", "value": until}]).status_code == 204
    service.call("POST", f"{path}/ping")
    log = service.call("GET", f"{path}/debug")
    assert log.headers["Content-Type"].startswith("text/plain")
    assert "api.test" in log.text
    assert page.SLACK_REST["bearerToken"] not in log.text
    assert service.call("DELETE", f"{path}/debug").status_code == 204
    assert service.call("GET", f"{path}/debug").text == ""
