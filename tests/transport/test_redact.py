import base64
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.message import Headers, Request, Response
from isthmus.transport.http.redact import Redactor, secret_strings
from isthmus.transport.http.redact.names import is_secret_name, is_secret_parameter

CANARY = 'CANARY-7f3a9c/+"é& end'
HEX = "CANARY-0123456789abcdef"


def post(body: bytes, media_type: str = "", url: str = "http://x.test/") -> Request:
    headers = Headers([("Content-Type", media_type)] if media_type else [])
    return Request("POST", url, headers, body)


def shown(body: str | bytes, media_type: str = "", secrets: tuple[str, ...] = (), excerpt: int = 65536) -> str:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return (Redactor(secrets, excerpt)(post(raw, media_type)).body or b"").decode()


@pytest.mark.hostile(24)
@pytest.mark.parametrize("around", ["{}", "x{}", "before {} after", '{{"a": "{}"}}', "<a>{}</a>", "a={}&b=1", "\n{}\n"])
@pytest.mark.parametrize(
    "form",
    [
        CANARY,
        json.dumps(CANARY)[1:-1],
        json.dumps(CANARY, ensure_ascii=False)[1:-1],
        json.dumps(CANARY)[1:-1].replace("/", "\\/"),
        quote(CANARY),
        quote(CANARY, safe=""),
        quote_plus(CANARY),
        re.sub("%..", lambda found: found[0].lower(), quote(CANARY, safe="")),
        CANARY.encode().hex(),
        CANARY.encode().hex().upper(),
        CANARY.replace("&", "&amp;").replace('"', "&quot;"),
    ],
)
def test_a_secret_is_found_however_it_is_written(form: str, around: str) -> None:
    text = around.format(form)
    masked = shown(text, secrets=(CANARY,))
    assert form not in masked
    assert "7f3a9c" not in masked
    assert CANARY.encode().hex()[14:26] not in masked.lower()
    assert "******" in masked


@pytest.mark.hostile(24)
@pytest.mark.parametrize("user", ["", "u", "us", "use", "user", "someone@example.com", "é"])
@pytest.mark.parametrize("after", ["", "x", "xy", "xyz"])
def test_a_password_is_found_inside_base64(user: str, after: str) -> None:
    for coder in (base64.b64encode, base64.urlsafe_b64encode):
        coded = coder(f"{user}:{HEX}{after}".encode()).decode()
        for text in (coded, f"Token {coded}", quote(coded, safe=""), json.dumps({"x": coded})):
            masked = shown(text, secrets=(HEX,))
            left = max(re.findall(r"[A-Za-z0-9+/_-]+", masked.replace("Token", "")) or [""], key=len)
            assert coded not in masked
            assert "******" in masked
            assert HEX[8:].encode() not in base64.b64decode(left + "A" * (-len(left) % 4), validate=False)


@pytest.mark.hostile(25)
def test_an_echo_is_masked_everywhere() -> None:
    secret = "CANARY-echo-1234"
    basic = base64.b64encode(f"me:{secret}".encode()).decode()
    request = Request("GET", f"http://x.test/{secret}?a={secret}", Headers([("X-Mine", f"k={secret}")]))
    response = Response(
        500,
        Headers([("X-Echo", basic), ("Location", f"http://y.test/?r={secret}"), (f"X-{secret}", "1")]),
        f"You sent {basic} and {secret}".encode(),
        f"http://x.test/{secret}",
    )
    exchange = Redactor([secret])(Exchange(request, response, f"It said {secret}."))
    assert "CANARY" not in repr(exchange)
    assert basic not in repr(exchange)
    assert exchange.request.url == "http://x.test/******?a=******"
    assert exchange.error == "It said ******."


@pytest.mark.hostile(26)
@pytest.mark.parametrize("secret", ["", "a", "1", "true", "short", "12345"])
def test_a_short_secret_does_not_blot_out_the_log(secret: str) -> None:
    text = "a true story of 12345 short words"
    assert shown(text, secrets=(secret,)) == text


@pytest.mark.hostile(26)
@pytest.mark.parametrize(
    "secret",
    [
        ".*+?()[]{}|\\^$",
        "new\nline\r\nsecret",
        "🔑🔑🔑🔑🔑🔑",
        "lone\ud800surrogate",
        "a" * 6,
        "tab\tnull\0etc",
        "<secret>&amp;",
        "k" * 5_000_000,
        "-----BEGIN KEY-----\n" + "\n".join(HEX * 3 + str(n) for n in range(40)) + "\n-----END KEY-----\n",
    ],
)
def test_any_secret_can_be_looked_for(secret: str) -> None:
    assert secret not in shown(f"before {secret} after", secrets=(secret,))
    assert shown("nothing here", secrets=(secret,)) == "nothing here"


@pytest.mark.hostile(24)
def test_a_key_is_found_line_by_line() -> None:
    lines = [f"{HEX}{number:04}" * 2 for number in range(20)]
    assert "CANARY" not in shown("\r\n ".join(lines), secrets=("\n".join(lines),))


@pytest.mark.hostile(24)
@pytest.mark.parametrize("length", [12, 100, 127, 128, 129, 300, 5000])
@pytest.mark.parametrize("where", [-2, -1, 0, 1, 5])
def test_no_half_secret_stays_at_the_cut(length: int, where: int) -> None:
    secret = "".join(chr(0x41 + number % 26) for number in range(length))
    for at in (100 - length + where, 100 + where, 100 - length // 2, 95):
        filler = "." * max(0, at)
        masked = shown(filler + secret + "." * 20, secrets=(secret,), excerpt=100)
        assert secret[:4] not in masked


@pytest.mark.hostile(24)
def test_masking_by_name_brings_no_half_secret_back_before_the_cut() -> None:
    body = ('{"password":"' + "p" * 400 + '","x":"' + HEX).encode()
    for excerpt in range(380, 450):
        masked = shown(body, "application/json", (HEX,), excerpt)
        assert "CANARY" not in masked
        assert "ppp" not in masked


def test_a_long_body_is_cut_and_says_so() -> None:
    masked = shown("é" * 1000, excerpt=10)
    assert masked == "é" * 10 + " [cut: 2000 bytes in all]"


@pytest.mark.hostile(32)
@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "apikey",
        "api_key",
        "access_token",
        "accessToken",
        "refresh_token",
        "id_token",
        "client_secret",
        "clientSecret",
        "client_assertion",
        "code_verifier",
        "password",
        "PASSWORD",
        "passwd",
        "pwd",
        "passphrase",
        "private_key",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "oauth_signature",
        "sig",
        "sessionId",
        "JSESSIONID",
        "X-Auth-Token",
        "Ocp-Apim-Subscription-Key",
        "X-Shopify-Access-Token",
        "csrf-token",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert is_secret_parameter(name)


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "name",
        "token_type",
        "next_page_token",
        "nextPageToken",
        "pageToken",
        "tokenUri",
        "token_endpoint",
        "max_tokens",
        "keyboard",
        "key",
        "code",
        "state",
        "status",
        "Content-Type",
        "author",
        "passenger",
        "signal",
        "sides",
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", ["code", "state", "key", "nonce"])
def test_names_that_are_secret_as_parameters(name: str) -> None:
    assert is_secret_parameter(name)
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("http://x.test/a?token=abc&limit=10", "http://x.test/a?token=******&limit=10"),
        ("http://x.test/a?limit=1&api_key=abc#frag", "http://x.test/a?limit=1&api_key=******#frag"),
        ("http://x.test/cb?code=abc&state=def", "http://x.test/cb?code=******&state=******"),
        ("http://x.test/?access%5Ftoken=abc", "http://x.test/?access%5Ftoken=******"),
        ("http://me:pw@x.test/", "http://******@x.test/"),
        ("http://x.test/?q=a&page=2", "http://x.test/?q=a&page=2"),
        ("http://x.test/?token=", "http://x.test/?token="),
        ("http://x.test/?X-Amz-Signature=ab&X-Amz-Date=1", "http://x.test/?X-Amz-Signature=******&X-Amz-Date=1"),
    ],
)
def test_urls(url: str, masked: str) -> None:
    assert Redactor([])(Request("GET", url)).url == masked
    assert f'see {masked}"' in shown(f'see {url}"')


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("Authorization", "Bearer abc", "Bearer ******"),
        ("authorization", "Basic abc", "Basic ******"),
        ("Authorization", "abc", "******"),
        ("Authorization", "abc def", "******"),
        ("Cookie", "a=b; c=d", "******"),
        ("Set-Cookie", "a=b", "******"),
        ("X-Api-Key", "abc", "******"),
        ("Location", "http://x.test/?code=abc", "http://x.test/?code=******"),
        ("Link", '<http://x.test/?page=2&token=abc>; rel="next"', '<http://x.test/?page=2&token=******>; rel="next"'),
        ("Content-Type", "text/plain", "text/plain"),
    ],
)
def test_headers(name: str, value: str, masked: str) -> None:
    assert list(Redactor([])(Request("GET", "http://x/", Headers([(name, value)]))).headers) == [(name, masked)]


@pytest.mark.hostile(28)
@pytest.mark.parametrize(
    ("body", "media_type", "masked"),
    [
        ('{"password": "x", "a": 1}', "application/json", '{"password":"******","a":1}'),
        ('{"a": [{"b": {"apiKey": "x"}}]}', "", '{"a":[{"b":{"apiKey":"******"}}]}'),
        ('{"secret": {"a": [1, 2]}}', "", '{"secret":"******"}'),
        ('{"pass\\u0077ord": "x"}', "", '{"password":"******"}'),
        ('{"token": 123456}', "", '{"token":"******"}'),
        ('{"password": null, "token": ""}', "", '{"password": null, "token": ""}'),
        ('{"a":  1.0, "b": 12345678901234567890123}', "", '{"a":  1.0, "b": 12345678901234567890123}'),
        ('{"password": "x", "a": [1,', "", '{"password": "******", "a": [1,'),
        ('{"password": "x', "", '{"password": "******"'),
        ('{"token": 12, "b', "", '{"token": "******", "b'),
        ('log line {"password": "a\\"b", "c": 1}', "", 'log line {"password": "******", "c": 1}'),
        ("grant_type=password&password=x%20y&b=1", "application/x-www-form-urlencoded",
         "grant_type=password&password=******&b=1"),
        ("client_secret=x", "", "client_secret=******"),
        ("code=x&state=y", "application/x-www-form-urlencoded", "code=******&state=******"),
        ('{"next": "http://x/?token=abc&p=1"}', "", '{"next": "http://x/?token=******&p=1"}'),
        ("<a><s:Password Type='t'>x</s:Password><b>y</b></a>", "text/xml",
         "<a><s:Password Type='t'>******</s:Password><b>y</b></a>"),
        ('{"error": {"code": "invalid", "state": "x"}}', "", '{"error": {"code": "invalid", "state": "x"}}'),
    ],
)  # fmt: skip
def test_bodies(body: str, media_type: str, masked: str) -> None:
    assert shown(body, media_type) == masked


@pytest.mark.hostile(30)
@pytest.mark.parametrize(
    ("body", "media_type", "masked"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "", "[11 bytes that are not text]"),
        (b"abc", "image/png", "[3 bytes that are not text]"),
        (b"abc", "application/octet-stream", "[3 bytes that are not text]"),
        (b"", "image/png", ""),
        (b"\xff\xfe text", "text/plain", "\ufffd\ufffd text"),
        ("Zoë".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Zoë"),
        ("Zoë".encode("utf-16"), "text/plain; charset=utf-16", "Zoë"),
        (b"abc", "text/plain; charset=hex", "abc"),
        (b"abc", "text/plain; charset=no-such-thing", "abc"),
        (b"abc", 'text/plain; charset="utf-8"', "abc"),
        (b"abc", "text/plain; charset=undefined", "abc"),
        (b"xn--\xff.a", "text/plain; charset=idna", "xn--\ufffd.a"),
        (b"99" * 10, "text/plain; charset=punycode", "99" * 10),
        (b"\\ud800", "text/plain; charset=unicode_escape", "\\ud800"),
    ],
)  # fmt: skip
def test_bodies_that_are_not_utf8(body: bytes, media_type: str, masked: str) -> None:
    assert shown(body, media_type) == masked


def test_deep_json_is_masked() -> None:
    for depth in (200, 400, 2000):
        body = '{"a":[' * depth + '{"password":"CANARY-x"}' + "]}" * depth
        assert "CANARY" not in shown(body, "application/json")


@pytest.mark.hostile(26)
@pytest.mark.parametrize(
    "piece",
    ['"', '\\"', '"\\"', '{"a":"', '"password":"\\"', "?a=", "&", "<", "<a ", "://", "a" * 100, "%", "=", "&a=%5", "[",
     "secret", "base64/+", " ", "\n", "token=", "<token>", "a@", "x://", "+"],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    redactor = Redactor(
        ["aaaaaaaaaaaaaaab", "secretsecretsecretX", '\\"\\"\\"\\"\\"\\"x', "token=token=token=!", " " * 40 + "!"]
    )
    for media_type in ("", "application/json", "text/xml", "application/x-www-form-urlencoded"):
        redactor(post(text.encode(), media_type, url=f"http://x/{text[:60_000]}"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_nothing_makes_it_raise(body: bytes, media_type: str, secrets: list[str]) -> None:
    headers = Headers([("Content-Type", media_type), (media_type, media_type)])
    Redactor(secrets)(Exchange(Request("POST", media_type, headers, body), Response(200, headers, body, media_type)))


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), min_size=8, max_size=200), st.text(st.characters(codec="utf-8"), max_size=100)
)
def test_a_secret_never_stays(secret: str, around: str) -> None:
    for text in (around + secret + around, json.dumps({"a": around + secret}), quote(around + secret)):
        masked = shown(text, secrets=(secret,))
        assert secret not in masked.replace("******", "\0") or secret in "******"


def test_secrets_of_any_shape_become_strings() -> None:
    value = {"a": ["one", {"b": 123456, "c": b"bytes"}], "d": None, "e": True, "f": ("two",)}
    assert sorted(secret_strings(value)) == ["123456", "bytes", "one", "two"]
