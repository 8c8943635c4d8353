"""What connections do over HTTP beside being documents, and what is not built yet."""

import pytest

from tests.rig import bodies
from tests.rig.service import NOWHERE, Service


@pytest.mark.endpoint("POST /v1/exports/{id}/invoke")
@pytest.mark.endpoint("GET /v1/exports/{id}/distributed")
@pytest.mark.endpoint("PUT /v1/exports/{id}/distributed")
@pytest.mark.endpoint("POST /v1/exports/preview")
@pytest.mark.endpoint("POST /v1/imports/preview")
@pytest.mark.endpoint("POST /v1/imports/{id}/invoke")
@pytest.mark.endpoint("GET /v1/imports/{id}/distributed")
@pytest.mark.endpoint("PUT /v1/imports/{id}/distributed")
@pytest.mark.endpoint("POST /v1/flows/{id}/run")
@pytest.mark.endpoint("GET /v1/flows/{id}/template")
@pytest.mark.endpoint("GET /v1/connections/{id}/oauth2")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "exports/{export}/invoke"),
        ("GET", "exports/{export}/distributed"),
        ("PUT", "exports/{export}/distributed"),
        ("POST", "exports/preview"),
        ("POST", "imports/preview"),
        ("POST", "imports/{import}/invoke"),
        ("GET", "imports/{import}/distributed"),
        ("PUT", "imports/{import}/distributed"),
        ("POST", "flows/{flow}/run"),
        ("GET", "flows/{flow}/template"),
        ("GET", "connection/{connection}/oauth2"),
        ("PUT", "connections/{connection}/tradingPartner"),
    ],
)
def test_what_is_not_built_says_so(service: Service, method: str, path: str) -> None:
    connection = service.create("connections", bodies.connection())
    export = service.create("exports", bodies.export(connection))
    imported = service.create("imports", bodies.import_(connection))
    ids = {"connection": connection, "export": export, "import": imported}
    ids["flow"] = service.create("flows", bodies.flow(export, imported))
    answer = service.call(method, "/v1/" + path.format(**ids))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unsupported"
    if "{" in path:
        missing = path.format(**dict.fromkeys(ids, NOWHERE))
        assert service.call(method, f"/v1/{missing}").status_code == 404


@pytest.mark.endpoint("POST /v1/connections/{id}/purgeMessages")
def test_purging_an_empty_queue_says_that_it_is_empty(service: Service) -> None:
    connection = service.create("connections", bodies.connection())
    answer = service.post(f"/v1/connections/{connection}/purgeMessages")
    assert answer.status_code == 422
    assert "already empty" in answer.text


@pytest.mark.endpoint("PUT /v1/connections/{id}/tradingPartner")
def test_a_trading_partner_is_toggled(service: Service) -> None:
    body = {
        "type": "ftp",
        "name": "Partner",
        "ftp": {"type": "sftp", "hostURI": "ftp.example.com", "username": "u", "password": "p", "port": 22},
    }
    path = f"/v1/connections/{service.create('connections', body)}"
    before = service.get(path).json()["ftp"].get("tradingPartner", False)
    for _ in range(2):
        answer = service.put(f"{path}/tradingPartner")
        assert (answer.status_code, answer.content) == (204, b"")
        before = not before
        assert service.get(path).json()["ftp"]["tradingPartner"] is before
    assert service.get(f"{path}/audit").json()[0]["event"] == "update"


@pytest.mark.endpoint("GET /v1/connections/{id}/debug")
@pytest.mark.endpoint("GET /v1/connections/{id}/debug/{resourceId}")
@pytest.mark.endpoint("DELETE /v1/connections/{id}/debug")
def test_debug_log_of_an_idle_connection_is_empty_text(service: Service) -> None:
    path = f"/v1/connections/{service.create('connections', bodies.connection())}/debug"
    answer = service.get(path)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert service.get(f"{path}/{NOWHERE}").status_code == 200
    assert service.delete(path).status_code == 204


@pytest.mark.endpoint("GET /v1/connections/{id}/ping")
@pytest.mark.endpoint("POST /v1/connections/{id}/ping")
@pytest.mark.endpoint("POST /v1/connections/{id}/test")
@pytest.mark.endpoint("POST /v1/connections/ping")
def test_a_failed_ping_is_an_answer_and_marks_the_connection_offline(service: Service) -> None:
    body = bodies.connection()
    body["http"]["ping"] = {"relativeURI": "/ping"}
    path = f"/v1/connections/{service.create('connections', body)}"
    for method, end in (("GET", "ping"), ("POST", "ping"), ("POST", "test")):
        answer = service.call(method, f"{path}/{end}")
        assert answer.status_code == 200
        assert answer.json()["errors"]
    assert service.get(path).json()["offline"] is True
    virtual = service.post("/v1/connections/ping", body)
    assert virtual.status_code == 200
    assert virtual.json()["errors"]
