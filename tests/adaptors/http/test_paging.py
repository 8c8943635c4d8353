"""The seven paging methods, every stop rule, the loop guard (exports.md section 2 "paging")."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.paging import Seen, Step, StopRules, paginator_of
from isthmus.adaptors.http.paging.guard import Guard, digest_of
from isthmus.adaptors.http.paging.linkheader import link_with
from isthmus.model.errors import InvalidDocument, Rejected
from isthmus.sdk import Cursor, Export
from isthmus.transport.http.message import Headers, Response
from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import all_pages, export, http, opened

pytestmark = pytest.mark.anyio


def answer(body: Any = None, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    fields = Headers([("Content-Type", "application/json"), *(headers or [])])
    return Answer(Response(status, fields, content, "https://api.example/v1/items?page=1"))


def steps(paging: dict[str, Any], pages: list[Answer], received: int = 2, **root: Any) -> list[Step]:
    """The steps that a method takes over these answers, each with so many records."""
    paginator = paginator_of({"http": {"paging": paging}, **root})
    taken = [paginator.first()]
    for number, page in enumerate(pages, start=1):
        following = paginator.next(taken[-1], Seen(page, number, received, received * number))
        if following is None:
            break
        taken.append(following)
    return taken


def link(url: str, relation: str = 'rel="next"') -> list[tuple[str, str]]:
    return [("Link", f"<{url}>; {relation}")]


NEXT = "https://api.example/v1/items?page=2"

PURE: list[tuple[str, dict[str, Any], list[Answer], list[Any]]] = [
    ("page from 0", {"method": "page"}, [answer([])] * 2, [0, 1, 2]),
    ("page from 1", {"method": "page", "page": 1}, [answer([])] * 2, [1, 2, 3]),
    ("pages in all, from 0", {"method": "page", "maxPagePath": "n"}, [answer({"n": 2})] * 3, [0, 1]),
    ("pages in all, from 1", {"method": "page", "page": 1, "maxPagePath": "n"}, [answer({"n": "2"})] * 3, [1, 2]),
    ("records in all", {"method": "page", "maxCountPath": "n"}, [answer({"n": 5})] * 4, [0, 1, 2]),
    (
        "pages win over records",
        {"method": "page", "maxPagePath": "p", "maxCountPath": "n"},
        [answer({"p": 3, "n": 2})] * 4,
        [0, 1, 2],
    ),
    ("no number is no total", {"method": "page", "maxPagePath": "n"}, [answer({"n": "many"})] * 2, [0, 1, 2]),
    ("skip by what came", {"method": "skip"}, [answer([])] * 2, [0, 2, 4]),
    ("skip from", {"method": "skip", "skip": 10}, [answer([])] * 2, [10, 12, 14]),
    ("skip, records in all", {"method": "skip", "maxCountPath": "n"}, [answer({"n": 4})] * 3, [0, 2]),
    ("skip, pages in all", {"method": "skip", "maxPagePath": "n"}, [answer({"n": 3})] * 4, [0, 2, 4]),
    ("skip from, all", {"method": "skip", "skip": 3, "maxCountPath": "n"}, [answer({"n": 5})] * 3, [3]),
    (
        "token",
        {"method": "token", "path": "t"},
        [answer({"t": "a"}), answer({"t": 7}), answer({"t": ""})],
        ["", "a", "7"],
    ),
    ("first token", {"method": "token", "token": "start", "path": "t"}, [answer({})], ["start"]),
    ("null token", {"method": "token", "path": "t"}, [answer({"t": None})], [""]),
    (
        "token elsewhere later",
        {"method": "token", "path": "a", "pathAfterFirstRequest": "b"},
        [answer({"a": "1"}), answer({"a": "x", "b": "2"}), answer({"a": "x"})],
        ["", "1", "2"],
    ),
    (
        "token in a header",
        {"method": "token", "path": "X-Next", "pathLocation": "header"},
        [answer([], headers=[("X-Next", "n")]), answer([], headers=[("x-next", "n")])],
        ["", "n"],
    ),
    ("link", {"method": "linkheader"}, [answer([], headers=link(NEXT)), answer([])], [None, NEXT]),
    ("relative link", {"method": "linkheader"}, [answer([], headers=link("?page=2"))], [None, NEXT]),
    (
        "link of another relation",
        {"method": "linkheader", "linkHeaderRelation": "Next"},
        [answer([], headers=link(NEXT))],
        [None],
    ),
    ("url", {"method": "url", "path": "links.next"}, [answer({"links": {"next": NEXT}}), answer({})], [None, NEXT]),
    ("empty url", {"method": "url", "path": "next"}, [answer({"next": ""})], [None]),
    ("relative url", {"method": "url", "path": "next"}, [answer({"next": "/v1/items?page=2"})], [None, NEXT]),
    ("none", {}, [answer([])], [None]),
]


@pytest.mark.parametrize(("paging", "pages", "taken"), [case[1:] for case in PURE], ids=[case[0] for case in PURE])
def test_the_steps(paging: dict[str, Any], pages: list[Answer], taken: list[Any]) -> None:
    shown = [next(iter(step.variables.values()), step.url) for step in steps(paging, pages)]
    assert shown == taken


def test_skip_advances_by_the_page_size_where_there_is_one() -> None:
    taken = steps({"method": "skip"}, [answer([])] * 2, pageSize=50)
    assert [step.variables["skip"] for step in taken] == [0, 50, 100]


def test_paginators_are_pure() -> None:
    paginator = paginator_of({"http": {"paging": {"method": "page"}}})
    step, seen = paginator.first(), Seen(answer([]), 1, 1, 1)
    assert paginator.next(step, seen) == paginator.next(step, seen)
    assert asdict(step) == {"variables": {"page": 0}, "url": None}


@pytest.mark.parametrize(
    ("rules", "page", "number", "quiet", "last"),
    [
        ({}, answer(status=404), 1, False, False),
        ({}, answer(status=404), 2, True, False),
        ({"lastPageStatusCode": 410}, answer(status=410), 2, True, False),
        ({"lastPageStatusCode": 410}, answer(status=404), 2, False, False),
        ({"lastPagePath": "more", "lastPageValues": ["false"]}, answer({"more": False}), 1, False, True),
        ({"lastPagePath": "more", "lastPageValues": ["false"]}, answer({"more": True}), 1, False, False),
        ({"lastPagePath": "more", "lastPageValues": ["False"]}, answer({"more": False}), 1, False, False),
        ({"lastPagePath": "more", "lastPageValues": ["false"]}, answer({}), 1, False, False),
        ({"lastPagePath": "next", "lastPageValues": ["null"]}, answer({"next": None}), 1, False, True),
        ({"lastPagePath": "next", "lastPageValues": [""]}, answer({"next": ""}), 1, False, True),
    ],
)
def test_the_common_stop_rules(rules: dict[str, Any], page: Answer, number: int, quiet: bool, last: bool) -> None:  # noqa: FBT001  # columns
    stops = StopRules.of(rules)
    assert (stops.quietly(page, number), stops.last(page)) == (quiet, last)


@pytest.mark.parametrize(
    ("paging", "field"),
    [
        ({"method": "nextpage"}, "http.paging.method"),
        ({"method": "relativeuri"}, "http.paging.relativeURI"),
        ({"method": "body"}, "http.paging.body"),
    ],
)
def test_paging_that_cannot_be_run(paging: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidDocument) as raised:
        paginator_of({"http": {"paging": paging}})
    assert [problem.field for problem in raised.value.problems] == [field]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("<a>; rel=next", "a"),
        ('<a>; rel="prev next"', "a"),
        ('<a>; title="x, <b>; rel=next", <c>; rel="next"', "c"),
        ('<a,b>; rel="next"', "a,b"),
        ('<a>; rel="Next"', ""),
        ("<a>", ""),
        ("", ""),
        ("<" * 20_000, ""),
    ],
)
def test_link_headers(header: str, found: str) -> None:
    assert link_with(header, "next") == found


@pytest.mark.hostile(75)
@pytest.mark.parametrize(("tail", "length"), [(0, 1), (0, 2), (0, 3), (5, 1), (5, 7), (100, 40)])
def test_the_guard_finds_every_circle(tail: int, length: int) -> None:
    def page(number: int) -> str:
        return digest_of(str(number if number < tail else tail + (number - tail) % length))

    def walk() -> None:
        guard = Guard(page(0))
        for number in range(1, 3 * (tail + length) + 3):
            guard = Guard.of_json(json.loads(json.dumps(guard.after(page(number), 1).as_json())))

    with pytest.raises(InvalidDocument) as raised:
        walk()
    assert raised.value.problems[0].code == "paging_loop"


def test_the_guard_lets_a_long_export_pass() -> None:
    guard = Guard(digest_of("0"))
    for number in range(1, 5_000):
        guard = guard.after(digest_of(str(number)), 1)


# From here on over HTTP.

ITEMS = [{"id": number} for number in range(1, 8)]


def numbered(start: int, size: int) -> list[dict[str, int]]:
    return ITEMS[start : start + size]


def by_page(call: Call) -> Reply:
    return Reply(200, {"items": numbered(int(call.argument("page") or 0) * 3, 3)})


def by_offset(call: Call) -> Reply:
    return Reply(200, {"items": numbered(int(call.argument("skip") or 0), 3)})


def by_token(call: Call) -> Reply:
    start = int(call.argument("t") or 0)
    return Reply(200, {"items": numbered(start, 3), "next": str(start + 3) if start + 3 < len(ITEMS) else ""})


def by_link(call: Call) -> Reply:
    start = int(call.argument("t") or 0)
    headers = {"Link": f"</list?t={start + 3}>; rel=next"} if start + 3 < len(ITEMS) else {}
    return Reply(200, {"items": numbered(start, 3)}, headers=headers)


def by_url(call: Call) -> Reply:
    start = int(call.argument("t") or 0)
    url = f"http://{call.headers['host']}/list?t={start + 3}" if start + 3 < len(ITEMS) else None
    return Reply(200, {"items": numbered(start, 3), "next": url})


def by_body(call: Call) -> Reply:
    start = call.json["from"]
    return Reply(200, {"items": numbered(start, 3), "end": start + 3})


URI = "{{#if previous_page}}/list?t={{previous_page.full_response.next}}{{else}}/list{{/if}}"
BODY = '{"from":{{#if previous_page}}{{previous_page.full_response.end}}{{else}}0{{/if}}}'

METHODS: dict[str, tuple[Callable[[Call], Reply], dict[str, Any], list[int]]] = {
    "page": (
        by_page,
        {"relativeURI": "/list?page={{export.http.paging.page}}", "paging": {"method": "page"}},
        [3, 3, 1, 0],
    ),
    "skip": (
        by_offset,
        {"relativeURI": "/list?skip={{export.http.paging.skip}}", "paging": {"method": "skip"}},
        [3, 3, 1, 0],
    ),
    "token": (
        by_token,
        {
            "relativeURI": "/list",
            "paging": {"method": "token", "path": "next", "relativeURI": "/list?t={{export.http.paging.token}}"},
        },
        [3, 3, 1],
    ),
    "linkheader": (by_link, {"relativeURI": "/list", "paging": {"method": "linkheader"}}, [3, 3, 1]),
    "url": (by_url, {"relativeURI": "/list", "paging": {"method": "url", "path": "next"}}, [3, 3, 1]),
    "relativeuri": (
        by_token,
        {
            "relativeURI": "/list",
            "paging": {"method": "relativeuri", "relativeURI": URI, "lastPagePath": "next", "lastPageValues": [""]},
        },
        [3, 3, 1],
    ),
    "body": (
        by_body,
        {"relativeURI": "/list", "method": "POST", "body": BODY, "paging": {"method": "body", "body": BODY}},
        [3, 3, 1, 0],
    ),
}


def listing(block: dict[str, Any], **root: Any) -> Export:
    return export(http={"response": {"resourcePath": "items"}, **block}, **root)


@pytest.mark.parametrize("method", METHODS)
async def test_every_method_reads_every_record_once(method: str) -> None:
    handler, block, sizes = METHODS[method]
    async with target(handler) as there, opened(http(there.url)) as adaptor:
        pages = await all_pages(adaptor, listing(block))
    assert [record for page in pages for record in page.records] == ITEMS
    assert [len(page.records) for page in pages] == sizes
    assert len(there.calls) == len(sizes)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.hostile(131)
async def test_a_cursor_survives_json_and_a_restart(method: str) -> None:
    handler, block, sizes = METHODS[method]
    records, cursor = [], None
    async with target(handler) as there:
        for _ in sizes:
            async with opened(http(there.url)) as adaptor:
                page = await adaptor.read(listing(block), cursor)
                again = await adaptor.read(listing(block), cursor)
            assert page == again
            records += page.records
            if page.cursor is None:
                break
            cursor = Cursor(
                json.loads(json.dumps(dict(page.cursor.public))), json.loads(json.dumps(dict(page.cursor.private)))
            )
    assert records == ITEMS


async def test_what_a_cursor_shows() -> None:
    handler, block, _ = METHODS["token"]
    async with target(handler) as there, opened(http(there.url)) as adaptor:
        first = await adaptor.read(listing(block, pageSize=3), None)
        assert first.cursor is not None
        assert dict(first.cursor.public) == {"pageIndex": 2, "recordsSeen": 3}
        second = await adaptor.read(listing(block, pageSize=3), first.cursor)
    assert second.cursor is not None
    assert dict(second.cursor.public) == {"pageIndex": 3, "recordsSeen": 6}


@pytest.mark.hostile(130)
async def test_no_secret_stands_in_the_open_part_of_a_cursor() -> None:
    handler, block, _ = METHODS["page"]
    block = {**block, "relativeURI": block["relativeURI"] + "&key={{connection.http.encrypted.key}}"}
    async with target(handler) as there, opened(http(there.url, encrypted={"key": "CANARY-key-77"})) as adaptor:
        page = await adaptor.read(listing(block), None)
    assert page.cursor is not None
    assert "CANARY" not in repr(page.cursor.public)
    assert there.url not in repr(page.cursor.public)
    assert "CANARY" in repr(page.cursor.private)


@pytest.mark.parametrize(
    ("replies", "rules", "records"),
    [
        ([Reply(200, {"items": [1]}), Reply(404, {"items": [9]})], {}, [1]),
        ([Reply(200, {"items": [1]}), Reply(410)], {"lastPageStatusCode": 410}, [1]),
        ([Reply(200, {"items": [1]}), Reply(204)], {}, [1]),
        (
            [Reply(200, {"items": [1]}), Reply(200, {"items": [2], "x": "end"})],
            {"lastPagePath": "x", "lastPageValues": ["end"]},
            [1, 2],
        ),
        ([Reply(200, {"items": [1]}), Reply(206, {"items": [2]})], {"lastPageStatusCode": 206}, [1, 2]),
        (
            [Reply(200, {"items": [1]}), Reply(200, {"data": [2]})],
            {"resourcePath": "data", "lastPagePath": "data", "lastPageValues": ["[2]"]},
            [1, 2],
        ),
        ([Reply(200, {"items": []})], {}, []),
    ],
)
async def test_what_ends_an_export(replies: list[Reply], rules: dict[str, Any], records: list[Any]) -> None:
    waiting = iter(replies)
    block = {"relativeURI": "/l?p={{export.http.paging.page}}", "paging": {"method": "page", **rules}}
    async with target(lambda _call: next(waiting)) as there, opened(http(there.url)) as adaptor:
        pages = await all_pages(adaptor, listing(block))
    assert [record for page in pages for record in page.records] == records
    assert len(there.calls) == len(replies)


@pytest.mark.hostile(75)
@pytest.mark.parametrize("status", [404, 500, 304, 400])
async def test_a_bad_page_is_never_taken_for_data(status: int) -> None:
    replies = iter(
        [Reply(status, {"items": [1]})]
        if status == 404
        else [Reply(200, {"items": [1]}), Reply(status, {"items": [2]})]
    )
    rules = {"lastPageStatusCode": 410} if status != 404 else {}
    block = {"relativeURI": "/l?p={{export.http.paging.page}}", "paging": {"method": "page", **rules}}
    async with target(lambda _call: next(replies)) as there, opened(http(there.url)) as adaptor:
        with pytest.raises(Rejected) as raised:
            await all_pages(adaptor, listing(block))
    assert raised.value.code == str(status)


@pytest.mark.hostile(75)
@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("method", ["url", "token", "linkheader"])
async def test_a_circle_ends_with_a_refusal_even_with_a_call_for_each_page(method: str, length: int) -> None:
    def handler(call: Call) -> Reply:
        number = (int(call.argument("t") or 0) + 1) % length
        url = f"http://{call.headers['host']}/list?t={number}"
        return Reply(
            200, {"items": [1], "next": url if method == "url" else f"{number}"}, headers={"Link": f"<{url}>; rel=next"}
        )

    block = METHODS[method][1]

    async def walk(url: str) -> None:
        cursor: Cursor | None = None
        for _ in range(20):
            async with opened(http(url)) as adaptor:
                page = await adaptor.read(listing(block), cursor)
            assert page.cursor is not None
            cursor = Cursor(dict(page.cursor.public), dict(page.cursor.private))

    async with target(handler) as there:
        with pytest.raises(InvalidDocument, match="circles"):
            await walk(there.url)
    assert len(there.calls) <= 3 * length + 2


@pytest.mark.hostile(75)
async def test_a_template_that_never_moves_on_is_a_circle() -> None:
    async with target(lambda _call: Reply(200, {"items": [1]})) as there, opened(http(there.url)) as adaptor:
        with pytest.raises(InvalidDocument, match="circles"):
            await all_pages(adaptor, listing({"relativeURI": "/list", "paging": {"method": "page"}}))


async def test_relativeuri_ends_where_it_renders_the_same_again() -> None:
    reply = Reply(200, {"items": [1], "next": "a"})
    block = METHODS["relativeuri"][1] | {"paging": {"method": "relativeuri", "relativeURI": URI}}
    async with target(lambda _call: reply) as there, opened(http(there.url)) as adaptor:
        await all_pages(adaptor, listing(block))
    assert there.asked == ["GET /list", "GET /list?t=a"]


async def test_relativeuri_ends_where_it_renders_blank() -> None:
    paging = {"method": "relativeuri", "relativeURI": "{{previous_page.full_response.next}}"}
    async with target(lambda _call: Reply(200, {"items": [1]})) as there, opened(http(there.url)) as adaptor:
        pages = await all_pages(adaptor, listing({"relativeURI": "/list", "paging": paging}))
    assert len(pages) == 1


async def test_an_empty_page_with_a_token_goes_on() -> None:
    pages = iter([{"items": [], "next": "a"}, {"items": [1], "next": "b"}, {"items": []}])
    async with target(lambda _call: Reply(200, next(pages))) as there, opened(http(there.url)) as adaptor:
        read = await all_pages(adaptor, listing(METHODS["token"][1]))
    assert [page.records for page in read] == [[], [1], []]


@pytest.mark.hostile(75)
async def test_empty_pages_without_end_are_a_circle() -> None:
    def handler(call: Call) -> Reply:
        return Reply(200, {"items": [], "next": f"{int(call.argument('t') or 0) + 1}"})

    async with target(handler) as there, opened(http(there.url)) as adaptor:
        with pytest.raises(InvalidDocument, match="circles"):
            await all_pages(adaptor, listing(METHODS["token"][1]), most=200)
    assert len(there.calls) == 100


@pytest.mark.hostile(75)
async def test_a_huge_token_is_refused() -> None:
    reply = Reply(200, {"items": [1], "next": "x" * 1_000_000})
    async with target(lambda _call: reply) as there, opened(http(there.url)) as adaptor:
        with pytest.raises(Rejected, match="longer than"):
            await adaptor.read(listing(METHODS["token"][1]), None)


async def test_previous_page_is_seen_whole() -> None:
    uri = "/l?h={{previous_page.headers.X-Mark}}&r={{previous_page.last_record.id}}&b={{previous_page.full_response.b}}"
    replies = iter(
        [Reply(200, {"items": [{"id": 1}, {"id": 2}], "b": "x"}, headers={"X-Mark": "m"}), Reply(200, {"items": []})]
    )
    block = {"relativeURI": "/l", "paging": {"method": "relativeuri", "relativeURI": uri}}
    async with target(lambda _call: next(replies)) as there, opened(http(there.url)) as adaptor:
        await all_pages(adaptor, listing(block))
    assert there.asked[1] == "GET /l?h=m&r=2&b=x"


async def test_a_test_export_stops_at_its_limit() -> None:
    handler, block, _ = METHODS["page"]
    async with target(handler) as there, opened(http(there.url)) as adaptor:
        pages = await all_pages(adaptor, listing(block, type="test", test={"limit": 4}))
    assert [len(page.records) for page in pages] == [3, 1]
    assert pages[-1].cursor is None


async def test_a_state_stays_good_across_a_refresh() -> None:
    def handler(call: Call) -> Reply:
        if call.path == "/token":
            return Reply(200, {"t": "CANARY-new-1"})
        if call.argument("page") == "1" and call.json["key"] != "CANARY-new-1":
            return Reply(401)
        return by_page(call)

    auth = {
        "type": "token",
        "token": {"token": "CANARY-old-1", "location": "body", "refreshRelativeURI": "/token", "refreshTokenPath": "t"},
    }
    block = {**METHODS["page"][1], "method": "POST", "body": '{"key":"{{{connection.http.auth.token.token}}}"}'}
    async with target(handler) as there, opened(http(there.url, auth=auth)) as adaptor:
        first = await adaptor.read(listing(block), None)
        second = await adaptor.read(listing(block), first.cursor)
    assert second.records == ITEMS[3:6]
    assert there.asked == ["POST /list?page=0", "POST /list?page=1", "POST /token", "POST /list?page=1"]


@pytest.mark.hostile(128)
async def test_a_state_with_secrets_does_not_follow_the_connection_elsewhere() -> None:
    handler, block, _ = METHODS["page"]
    async with target(handler) as there, target(handler) as elsewhere:
        async with opened(http(there.url)) as adaptor:
            page = await adaptor.read(listing(block), None)
        async with opened(http(elsewhere.url)) as adaptor:
            with pytest.raises(InvalidDocument, match="another base URI"):
                await adaptor.read(listing(block), page.cursor)
    assert elsewhere.calls == []
    assert len(there.calls) == 1
