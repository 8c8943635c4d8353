"""httpbin: statuses, basic authentication, bearer tokens, compression, redirects and media types."""

from typing import Any

import pytest

from tests.rig.black_box import Service


def connection(service: Service, base: str, **http: Any) -> str:
    document = {"type": "http", "name": "httpbin", "http": {"baseURI": base, "mediaType": "json", **http}}
    return str(service.create("connections", document)["_id"])


def ping(service: Service, base: str, **http: Any) -> dict[str, Any]:
    answer = service.call("POST", f"/v1/connections/{connection(service, base, **http)}/ping")
    assert answer.status_code == 200
    result: dict[str, Any] = answer.json()
    return result


def basic(password: str) -> dict[str, Any]:
    return {"auth": {"type": "basic", "basic": {"username": "ada", "password": password}}}


def test_basic_authentication_is_accepted_and_refused(service: Service, httpbin: str) -> None:
    target = {"ping": {"relativeURI": "/basic-auth/ada/right"}}
    assert ping(service, httpbin, **basic("right"), **target) == {"code": 200}
    refused = ping(service, httpbin, **basic("wrong"), **target)
    assert (refused["code"], refused["errors"][0]["code"]) == (401, "401")


def test_a_bearer_token_arrives(service: Service, httpbin: str) -> None:
    token = {"type": "token", "token": {"token": "tkn-1234567", "location": "header", "scheme": "Bearer"}}
    target = {"relativeURI": "/bearer", "successPath": "authenticated", "successValues": ["true"]}
    assert ping(service, httpbin, auth=token, ping=target) == {"code": 200}


@pytest.mark.parametrize("status", [400, 404, 418, 500])
def test_a_failing_status_is_a_failed_ping(service: Service, httpbin: str, status: int) -> None:
    result = ping(service, httpbin, ping={"relativeURI": f"/status/{status}"})
    assert result["errors"][0]["code"] == str(status)


@pytest.mark.parametrize("path", ["/gzip", "/deflate"])
def test_compressed_answers_are_read(service: Service, httpbin: str, path: str) -> None:
    model = {"export": {"http": {"method": "GET", "relativeURI": path}}}
    answer = service.call("POST", f"/v1/connections/{connection(service, httpbin)}/export", model)
    assert answer.json()["data"][0]["method"] == "GET"


def test_redirects_are_followed_five_times_and_no_more(service: Service, httpbin: str) -> None:
    home = connection(service, httpbin)
    for hops, status in ((5, 200), (6, 422)):
        model = {"export": {"http": {"method": "GET", "relativeURI": f"/redirect/{hops}"}}}
        assert service.call("POST", f"/v1/connections/{home}/export", model).status_code == status


@pytest.mark.parametrize(("media", "shown"), [("json", "json"), ("urlencoded", "form")])
def test_a_mapped_record_arrives_in_the_media_type(service: Service, httpbin: str, media: str, shown: str) -> None:
    home = connection(service, httpbin, mediaType=media)
    fields = [{"extract": "name", "generate": "name"}]
    model = {"mapping": {"fields": fields}, "http": {"relativeURI": ["/anything"], "method": ["POST"]}}
    body = {"import": model, "data": [{"name": "Zoë & Co", "other": 1}]}
    [result] = service.call("POST", f"/v1/connections/{home}/import", body).json()
    assert result["_json"][shown] == {"name": "Zoë & Co"}
