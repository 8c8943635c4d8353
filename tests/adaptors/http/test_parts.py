"""The small parts, one by one."""

import asyncio
import gc
from typing import Any

import pytest

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.auth.jar import Jar
from isthmus.adaptors.http.bodies import without_empty
from isthmus.adaptors.http.export_plan import compile_export
from isthmus.adaptors.http.fields import at_position, block, items, text, whole
from isthmus.adaptors.http.import_plan import compile_import
from isthmus.adaptors.http.masking import Masker, differing
from isthmus.adaptors.http.multipart import write_form_data
from isthmus.adaptors.http.renewals import Renewals
from isthmus.adaptors.http.texts import as_number, as_text, as_texts
from isthmus.model.errors import InvalidDocument, Unreachable
from isthmus.records.paths import MISSING
from isthmus.sdk.lru import Lru
from isthmus.transport.http.message import Headers, Response

JUNK: list[Any] = [None, 1, "x", [], {}, True, [None], {"a": None}]


@pytest.mark.parametrize("junk", JUNK)
def test_fields_never_raise(junk: Any) -> None:
    document = {"f": junk}
    assert isinstance(block(document, "f", "g"), dict)
    assert isinstance(text(document, "f"), str)
    assert isinstance(items(document, "f"), list)
    assert whole(document, "f") in (None, 1)
    at_position(document, "f", 3)


@pytest.mark.parametrize(
    ("value", "written"),
    [("a", "a"), (True, "true"), (None, "null"), (1, "1"), (1.5, "1.5"), ([1], "[1]"), ({"a": 1}, '{"a":1}')],
)
def test_values_as_text(value: Any, written: str) -> None:
    assert as_text(value) == written
    assert as_texts(value) == (() if value is None else (written,) if value != [1] else ("1",))


@pytest.mark.parametrize(("value", "number"), [("5", 5), (5, 5), ("x", None), (True, None), (None, None), ([], None)])
def test_values_as_numbers(value: Any, number: float | None) -> None:
    assert as_number(value) == number


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache: Lru[int] = Lru(2)
    made: list[str] = []

    def make(key: str) -> int:
        made.append(key)
        return len(made)

    for key in ("a", "b", "a", "c", "a", "b"):
        cache.get(key, lambda key=key: make(key))  # type: ignore[misc]  # mypy infers no default argument here
    assert made == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_what_raises_is_not_cached() -> None:
    cache: Lru[int] = Lru(2)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0)
    assert cache.get("a", lambda: 7) == 7


def test_secrets_are_what_the_display_does_not_show() -> None:
    whole_document = {"a": "open", "s": "secret", "e": {"k": "inner", "n": 5}, "l": ["x", "y"]}
    display = {"a": "open", "s": "", "e": "", "l": ["x", ""]}
    assert sorted(differing(whole_document, display)) == ["inner", "secret", "y"]


def test_an_excerpt_never_cuts_a_secret_in_half() -> None:
    masker = Masker(["CANARY-0123456789"])
    for shift in range(30):
        assert "CAN" not in masker.excerpt("." * shift + "CANARY-0123456789" + "x" * 50, 20)


def set_cookies(*lines: str, url: str = "https://a.example/x/y") -> Jar:
    jar = Jar()
    jar.keep(Response(200, Headers([("Set-Cookie", line) for line in lines]), b"", url))
    return jar


@pytest.mark.hostile(76)
@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", "https://a.example/x/z", "a=1"),
        ("a=1", "https://a.example/z", ""),
        ("a=1; Path=/", "https://a.example/z", "a=1"),
        ("a=1; Path=/xy", "https://a.example/xyz", ""),
        ("a=1; Path=/", "https://b.a.example/", ""),
        ("a=1; Path=/; Domain=a.example", "https://b.a.example/", "a=1"),
        ("a=1; Path=/; Domain=.A.example", "https://a.example/", "a=1"),
        ("a=1; Path=/; Domain=evil.example", "https://evil.example/", ""),
        ("a=1; Path=/; Domain=example", "https://other.example/", ""),
        ("a=1; Path=/; Secure", "http://a.example/", ""),
        ("a=1; Path=/; Max-Age=0", "https://a.example/", ""),
        ("a=1; Path=/; Max-Age=--5", "https://a.example/", "a=1"),
        ("a=1; Path=/; Max-Age=\u0660", "https://a.example/", "a=1"),
        ("a=; Path=/", "https://a.example/", "a="),
        ("=1; Path=/", "https://a.example/", ""),
        ("a; Path=/", "https://a.example/", ""),
        (f"a={'x' * 5000}; Path=/", "https://a.example/", ""),
    ],
)
def test_cookies_go_where_they_belong(line: str, url: str, sent: str) -> None:
    assert set_cookies(line).header(url) == sent


def test_a_cookie_is_replaced_and_taken_back() -> None:
    jar = set_cookies("a=1; Path=/", "a=2; Path=/", "b=1; Path=/", "b=; Path=/; Max-Age=-1")
    assert jar.header("https://a.example/") == "a=2"
    assert jar.values() == ("2",)


def test_a_form_field_cannot_end_its_own_header() -> None:
    content, _ = write_form_data({'a"\r\nX: 1\r\n\r\n': "v"})
    assert b"\r\nX: 1" not in content


def test_empty_values_go_at_any_depth() -> None:
    assert without_empty({"a": [{"b": ""}], "c": {"d": [None]}, "e": 0}) == {"e": 0}
    assert without_empty({"a": ""}) == {}


@pytest.mark.hostile(164)
def test_an_answer_that_cannot_be_read_does_not_hold_what_was_read_of_it() -> None:
    url = "http://held.example/"
    gc.collect()
    gc.disable()
    try:
        for kind in ("application/json", "application/xml", "text/csv"):
            bad = Answer(Response(200, Headers([("Content-Type", kind)]), b"[" * 2000 + b"]" * 2000 + b"\xff", url))
            assert bad.at("x") is MISSING
            del bad
        assert not [left for left in gc.get_objects() if isinstance(left, Answer) and left.response.url == url]
    finally:
        gc.enable()


def test_every_bad_template_of_an_export_is_named() -> None:
    paging = {"method": "relativeuri", "relativeURI": "{{/if}}", "body": "{{{"}
    http = {"relativeURI": "{{#if", "body": "{{#each a}}", "headers": [{"name": "X", "value": "{{"}], "paging": paging}
    with pytest.raises(InvalidDocument) as raised:
        compile_export({"http": http}, "json")
    assert [problem.field for problem in raised.value.problems] == [
        "http.relativeURI",
        "http.headers",
        "http.body",
        "http.paging.relativeURI",
        "http.paging.body",
    ]


def test_every_bad_template_of_an_import_is_named_once() -> None:
    http = {"requestType": ["CREATE", "UPDATE"], "relativeURI": ["{{#if", "/u"], "body": ["{}", "{{/x}}"]}
    with pytest.raises(InvalidDocument) as raised:
        compile_import({"http": http, "idLockTemplate": "{{"}, "json")
    assert [problem.field for problem in raised.value.problems] == [
        "http.relativeURI[0]",
        "http.body[1]",
        "idLockTemplate",
    ]


@pytest.mark.anyio
async def test_one_renewal_for_all_who_wait_and_a_new_one_later() -> None:
    runs = 0

    async def renew() -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.01)
        if runs == 2:
            raise Unreachable("down", "No answer.")

    renewals = Renewals(renew)
    await asyncio.gather(*(renewals.after(0) for _ in range(10)))
    assert (runs, renewals.count) == (1, 1)
    await renewals.after(0)
    failures = await asyncio.gather(*(renewals.after(1) for _ in range(10)), return_exceptions=True)
    assert runs == 2
    assert all(isinstance(failure, Unreachable) for failure in failures)
    await renewals.after(await renewals.settled())
    assert (runs, renewals.count) == (3, 3)
