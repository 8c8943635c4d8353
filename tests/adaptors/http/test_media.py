"""Answers in other media than JSON."""

from pathlib import Path
from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument, Rejected
from tests.rig.http_target import Reply, target
from tests.rig.opened_http import export, http, opened

pytestmark = pytest.mark.anyio

CANARY = "CANARY-c1f0a9"
XML = b'<r xmlns="urn:a" xmlns:p="urn:b"><i n="1"><a>x</a></i><i n="2"><a>y</a></i><p:t>7</p:t></r>'


async def read(reply: Reply, response: dict[str, Any] | None = None, **block: Any) -> list[Any]:
    async with target(lambda _call: reply) as there, opened(http(there.url)) as adaptor:
        page = await adaptor.read(export(http={"relativeURI": "/x", "response": response or {}, **block}), None)
    return page.records


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/r/i", [{"$": {"n": "1"}, "a": "x"}, {"$": {"n": "2"}, "a": "y"}]),
        ("//i[@n='2']/a", ["y"]),
        ("/r/i/@n", ["1", "2"]),
        ("/r/p:t/text()", ["7"]),
        ("count(//i)", [2]),
        ("/r/none", []),
    ],
)
async def test_xml_by_xpath(path: str, found: list[Any]) -> None:
    assert await read(Reply(200, XML, media="text/xml"), {"resourcePath": path}) == found


async def test_xml_is_no_door(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(CANARY)
    body = f'<!DOCTYPE r [<!ENTITY e SYSTEM "file://{secret}">]><r><i>&e;</i></r>'.encode()
    with pytest.raises(Rejected) as raised:
        await read(Reply(200, body, media="text/xml"))
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "block"),
    [
        (Reply(200, b"id,n\n1,a\n2,b\n", media="text/csv"), {}),
        (Reply(200, b"id,n\n1,a\n2,b\n", media="text/plain"), {"successMediaType": "csv"}),
        (Reply(200, b"id,n\n1,a\n2,b\n", media="application/octet-stream"), {"type": "csvstream"}),
    ],
)
async def test_csv_gives_rows(reply: Reply, block: dict[str, Any]) -> None:
    assert await read(reply, {"resourcePath": "ignored"}, **block) == [{"id": "1", "n": "a"}, {"id": "2", "n": "b"}]


async def test_plain_text_is_one_record() -> None:
    assert await read(Reply(200, b"hello", media="text/plain")) == ["hello"]


async def test_json_under_another_name_is_still_json() -> None:
    assert await read(Reply(200, [{"a": 1}], media="text/plain")) == [{"a": 1}]
    assert await read(Reply(200, [{"a": 1}], media="application/vnd.api+json")) == [{"a": 1}]
    assert await read(Reply(200, [{"a": 1}], media="text/html"), successMediaType="json") == [{"a": 1}]


DEEP = b'{"a":' * 900 + b"1" + b"}" * 900


async def test_records_may_nest_deeper_than_what_is_read_by_path() -> None:
    body = b'{"ok":true,"deep":%b,"rows":[{"d":%b},{"id":2}]}' % (DEEP, DEEP)
    rules = {"resourcePath": "rows", "successPath": "ok", "successValues": ["true"]}
    records = await read(Reply(200, body), rules)
    assert records[1] == {"id": 2}
    with pytest.raises(Rejected):
        await read(Reply(200, body), {**rules, "successPath": "deep", "successValues": ["x"]})


async def test_a_template_over_a_page_that_nests_too_deep_is_refused_or_rendered() -> None:
    paging = {"method": "relativeuri", "relativeURI": "/x?s={{jsonSerialize previous_page.full_response}}"}
    with pytest.raises(InvalidDocument, match="template"):
        await read(Reply(200, b"[%b]" % DEEP), paging=paging)
