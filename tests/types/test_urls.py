"""What may stand in a field that holds a URL."""

from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.urls import is_absolute
from isthmus.sdk.documents import validate_connection


def _refused(**http: Any) -> set[str | None]:
    document = {"name": "x", "type": "http", "http": {"baseURI": "https://a.example", "mediaType": "json", **http}}
    try:
        validate_connection(document)
    except InvalidDocument as refusal:
        return {problem.field for problem in refusal.problems}
    return set()


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "HTTP://api.example.com:8080/v1/",
        "http://127.0.0.1:9000",
        "http://[::1]:9000/x",
        "https://{{connection.http.unencrypted.shop}}.example.com/v1",
        "https://{{{settings.connection.host}}}",
        "{{{connection.http.unencrypted.base}}}/v1",
        "https://a.example/{{#if x}}b{{else}}c@d{{/if}}",
        "https://a.example/x?mail=a@b.example&q=a b",
    ],
)
def test_a_base_uri_that_will_do(url: str) -> None:
    assert _refused(baseURI=url) == set()


def test_spaces_around_a_url_are_not_stored() -> None:
    http = {"baseURI": " https://a.example\n", "mediaType": "json"}
    cleaned = validate_connection({"name": "x", "type": "http", "http": http})
    assert cleaned["http"]["baseURI"] == "https://a.example"


@pytest.mark.parametrize(
    "url",
    [
        "api.example.com",
        "/v1",
        "//api.example.com",
        "ftp://a.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://:80",
        "https://a.example:99999",
        "https://a.example:port",
        "https://[::1",
        "https://a.example\\@b.example",
        "https://a exam.ple",
        "https://a.example\r\nHost: b",
        "https://a.example/\x00",
        "x",
    ],
)
@pytest.mark.hostile(63)
def test_a_base_uri_that_will_not_do(url: str) -> None:
    assert _refused(baseURI=url) == {"http.baseURI"}


@pytest.mark.hostile(23)
@pytest.mark.parametrize("user", ["u:p", "u", "u:{{connection.http.encrypted.p}}", "{{x}}:{{y}}"])
@pytest.mark.parametrize(
    ("field", "block"),
    [
        ("http.baseURI", lambda url: {"baseURI": url}),
        ("http.ping.relativeURI", lambda url: {"ping": {"relativeURI": url}}),
        ("http.auth.cookie.uri", lambda url: {"auth": {"cookie": {"uri": url}}}),
        ("http.auth.token.refreshRelativeURI", lambda url: {"auth": {"token": {"refreshRelativeURI": url}}}),
        ("http.auth.token.revoke.uri", lambda url: {"auth": {"token": {"revoke": {"uri": url}}}}),
        ("http.auth.oauth.tokenURI", lambda url: {"auth": {"oauth": {"tokenURI": url}}}),
    ],
)
def test_a_password_in_a_url_is_refused(field: str, block: Any, user: str) -> None:
    assert _refused(**block(f"https://{user}@a.example/x")) == {field}


@pytest.mark.parametrize(
    ("uri", "absolute"),
    [
        ("/me", False),
        ("api.test", False),
        ("users/{{id}}", False),
        ("?a=http://b.example", False),
        ("", False),
        ("https://a.example/me", True),
        (" https://a.example/me", True),
        ("//a.example", True),
        ("/\\a.example", True),
        ("{{base}}/me", True),
        ("mailto:a", True),
    ],
)
def test_which_uris_do_not_go_to_the_base(uri: str, absolute: bool) -> None:  # noqa: FBT001  # a column of the table
    assert is_absolute(uri) is absolute


@pytest.mark.hostile(97)
@pytest.mark.parametrize(
    "host", ["a/b", "a?x=1", "a;b", "a#b", "a b", "u:p@a", "postgres://a", "/var/run", "a\nb", "a\\b"]
)
def test_a_host_that_would_be_more_than_a_host(host: str) -> None:
    fields = {"type": "mysql", "database": "d", "user": "u", "password": "p"}
    with pytest.raises(InvalidDocument) as refusal:
        validate_connection({"name": "x", "type": "rdbms", "rdbms": {**fields, "host": host}})
    assert [problem.field for problem in refusal.value.problems] == ["rdbms.host"]
