"""Datasette: its table JSON by next URL and by token, and inserts with a bearer token."""

from typing import Any

import pytest

from tests.real.conftest import ROWS, Datasette
from tests.rig.black_box import Service


@pytest.fixture(scope="module")
def connection(service: Service, datasette: Datasette) -> str:
    http = {
        "baseURI": f"{datasette.url}/shop",
        "mediaType": "json",
        "auth": {"type": "token", "token": {"token": datasette.token, "location": "header", "scheme": "Bearer"}},
        "ping": {"relativeURI": "/orders.json?_size=1"},
    }
    document = {"type": "http", "name": "Datasette", "http": http}
    return str(service.create("connections", document)["_id"])


PAGINGS = {
    "url": ("/orders.json?_size=40", {"method": "url", "path": "next_url"}),
    "token": (
        "/orders.json?_size=40{{#if export.http.paging.token}}&_next={{export.http.paging.token}}{{/if}}",
        {"method": "token", "path": "next", "pathLocation": "body"},
    ),
}


def an_export(way: str) -> dict[str, Any]:
    uri, paging = PAGINGS[way]
    return {"http": {"method": "GET", "relativeURI": uri, "response": {"resourcePath": "rows"}, "paging": paging}}


@pytest.mark.parametrize("way", PAGINGS)
def test_every_row_arrives_once(service: Service, connection: str, way: str) -> None:
    answer = service.call("POST", f"/v1/connections/{connection}/export", {"export": an_export(way)})
    assert answer.status_code == 200, answer.text
    assert [row["id"] for row in answer.json()["data"]] == list(range(1, ROWS + 1))


@pytest.mark.parametrize("way", PAGINGS)
def test_every_row_arrives_once_page_by_page(service: Service, connection: str, way: str) -> None:
    body: dict[str, Any] = {"export": an_export(way)}
    seen: list[int] = []
    sizes: list[int] = []
    while True:
        page = service.call("POST", f"/v1/connections/{connection}/export/pages", body).json()
        seen += [row["id"] for row in page["data"]]
        sizes.append(len(page["data"]))
        if "pagedExportState" not in page:
            break
        body["pagedExportState"] = page["pagedExportState"]
    assert seen == list(range(1, ROWS + 1))
    assert sizes == [40] * 6 + [10]


def test_rows_are_inserted_and_a_bad_one_fails_alone(service: Service, connection: str) -> None:
    model = {
        "mapping": {
            "fields": [
                {"generate": "row.sku", "extract": "code"},
                {"generate": "row.qty", "extract": "amount", "dataType": "number"},
                {"generate": "return", "hardCodedValue": "true", "dataType": "boolean"},
            ]
        },
        "http": {
            "relativeURI": ["/arrivals/-/insert"],
            "method": ["POST"],
            "response": {"resourceIdPath": ["rows[0].id"], "errorPath": "errors[0]"},
        },
    }
    data = [{"code": "A", "amount": "1"}, {"code": "A", "amount": "2"}, {"code": "B", "amount": "3"}]
    answer = service.call("POST", f"/v1/connections/{connection}/import", {"import": model, "data": data})
    good, doubled, other = answer.json()
    assert (good["statusCode"], good["_json"]["rows"][0]["sku"]) == (200, "A")
    assert good["id"] == str(good["_json"]["rows"][0]["id"])
    assert doubled["statusCode"] == 422
    assert doubled["errors"][0]["code"] == "400"
    assert "UNIQUE" in doubled["errors"][0]["message"]
    assert (other["statusCode"], other["_json"]["rows"][0]["qty"]) == (200, 3)


def test_a_wrong_token_is_told_apart(service: Service, datasette: Datasette) -> None:
    token = {"token": "dstok_wrong", "location": "header", "scheme": "Bearer"}
    http = {"baseURI": f"{datasette.url}/shop", "mediaType": "json", "auth": {"type": "token", "token": token}}
    connection = service.create("connections", {"type": "http", "name": "Wrong", "http": http})["_id"]
    model = {"http": {"relativeURI": ["/arrivals/-/insert"], "method": ["POST"]}}
    body = {"import": model, "data": [{"row": {"sku": "C", "qty": 1}}]}
    [result] = service.call("POST", f"/v1/connections/{connection}/import", body).json()
    assert result["statusCode"] in (403, 422)
    assert "dstok_wrong" not in str(result)
