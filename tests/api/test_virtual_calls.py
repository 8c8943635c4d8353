"""Exports and imports that are not stored, over HTTP, against the stand-in systems."""

from collections.abc import Iterator
from typing import Any

import pytest

from isthmus.sandbox import make_app
from isthmus.sandbox.acme import ORDERS
from tests.rig.asgi import served
from tests.rig.service import Service

READ = {
    "http": {
        "relativeURI": "/acme/orders?limit=50&skip={{export.http.paging.skip}}",
        "method": "GET",
        "paging": {"method": "skip", "maxCountPath": "count"},
        "response": {"resourcePath": "orders"},
    }
}
WRITE = {
    "mapping": {"fields": [{"extract": "id", "generate": "key"}, {"extract": "at", "generate": "timestamp"}]},
    "http": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]},
}


@pytest.fixture(scope="module")
def path(service: Service) -> Iterator[str]:
    with served(make_app()) as url:
        http = {"baseURI": url, "mediaType": "json", "auth": {"type": "custom"}}
        connection = service.create("connections", {"type": "http", "name": "Acme", "http": http})
        yield f"/v1/connections/{connection}"


@pytest.mark.endpoint("POST /v1/connections/{id}/export")
def test_an_export_answers_every_record(service: Service, path: str) -> None:
    answer = service.post(f"{path}/export", {"export": READ})
    assert answer.status_code == 200, answer.text
    assert [order["id"] for order in answer.json()["data"]] == list(range(1, ORDERS + 1))


@pytest.mark.endpoint("POST /v1/connections/{id}/export/pages")
def test_pages_follow_from_the_state_of_the_one_before(service: Service, path: str) -> None:
    body: dict[str, Any] = {"export": READ}
    sizes: list[int] = []
    while True:
        answer = service.post(f"{path}/export/pages", body)
        assert answer.status_code == 200, answer.text
        sizes.append(len(answer.json()["data"]))
        if "pagedExportState" not in answer.json():
            break
        body = {"export": READ, "pagedExportState": answer.json()["pagedExportState"]}
    assert sizes == [50, 50, 5]


@pytest.mark.endpoint("POST /v1/connections/{id}/import")
def test_an_import_answers_one_result_for_each_record(service: Service, path: str) -> None:
    records = [{"id": "good", "at": 1512012818751}, {"id": "bad", "at": "never"}]
    answer = service.post(f"{path}/import", {"import": WRITE, "data": records})
    assert answer.status_code == 200, answer.text
    assert [result["statusCode"] for result in answer.json()] == [200, 422]


@pytest.mark.endpoint("POST /v1/connections/{id}/import/map")
def test_a_mapping_alone_sends_nothing(service: Service, path: str) -> None:
    answer = service.post(f"{path}/import/map", {"import": WRITE, "data": [{"id": "a", "at": 1, "more": 2}]})
    assert answer.status_code == 200, answer.text
    assert answer.json() == [{"key": "a", "timestamp": 1}]


@pytest.mark.endpoint("POST /v1/connections/{id}/import/map")
def test_a_mapping_is_explained_on_request(service: Service, path: str) -> None:
    body = {"import": WRITE, "data": [{"id": "a", "at": 1}]}
    plain = service.post(f"{path}/import/map", body).json()
    for switch in ("explain=0", "explain=false", "other=1"):
        assert service.post(f"{path}/import/map?{switch}", body).json() == plain
    answer = service.post(f"{path}/import/map?explain=1", body)
    assert answer.status_code == 200, answer.text
    assert [item["record"] for item in answer.json()] == plain
    assert {note["outcome"] for note in answer.json()[0]["explain"]} == {"written"}
    refused = service.post(f"{path}/import/map?explain=maybe", body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "explain")
