"""Redirects hop by hop. The names first.test and other.test lead to the same loopback server."""

import pytest

from isthmus.model.errors import EgressDenied, Unreachable
from isthmus.transport.http.message import Headers, Request
from isthmus.transport.http.redirect import may_carry_credentials
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.limits import Limits
from tests.rig.hostile_server import bomb, redirect, reply, serve
from tests.rig.names import Names
from tests.transport.conftest import MakeTransport

pytestmark = [pytest.mark.anyio, pytest.mark.hostile(60)]

SECRETS = Headers(
    [
        ("Authorization", "Bearer CANARY-1"),
        ("Cookie", "sid=CANARY-2"),
        ("X-Api-Key", "CANARY-3"),
        ("Content-Type", "application/json"),
        ("X-Plain", "plain"),
    ]
)
CREDENTIALS = frozenset({"x-api-key"})


@pytest.fixture
def transport(make_transport: MakeTransport) -> HttpTransport:
    return make_transport(names=Names({"first.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]}))


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "GET", "GET", b""),
        (301, "POST", "GET", b""),
        (301, "PUT", "PUT", b"body"),
        (301, "DELETE", "DELETE", b""),
        (302, "GET", "GET", b""),
        (302, "POST", "GET", b""),
        (302, "PATCH", "PATCH", b"body"),
        (303, "GET", "GET", b""),
        (303, "POST", "GET", b""),
        (303, "PUT", "GET", b""),
        (303, "DELETE", "GET", b""),
        (307, "GET", "GET", b""),
        (307, "POST", "POST", b"body"),
        (307, "PUT", "PUT", b"body"),
        (308, "GET", "GET", b""),
        (308, "POST", "POST", b"body"),
    ],
)
async def test_the_method_and_the_body_after_a_redirect(
    transport: HttpTransport, status: int, method: str, then: str, body: bytes
) -> None:
    sent = b"body" if method in {"POST", "PUT", "PATCH"} else None
    async with serve({"/a": redirect(status, "/b"), "/b": reply(200, b"done")}) as server:
        request = Request(method, f"{server.url}/a", Headers([("Content-Type", "text/plain")]), sent)
        response = await transport.bind("c").send(request)
    assert (response.status, response.body, response.url) == (200, b"done", f"{server.url}/b")
    hop = server.ledger[1]
    assert (hop.method, hop.path, hop.body) == (then, "/b", body)
    assert (hop.header("Content-Type") is None) is (then != method)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_head_stays_a_head(transport: HttpTransport, status: int) -> None:
    async with serve({"/a": redirect(status, "/b"), "/b": reply(200)}) as server:
        await transport.bind("c").send(Request("HEAD", f"{server.url}/a"))
    assert [one.method for one in server.ledger] == ["HEAD", "HEAD"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_credentials_stay_with_their_origin(transport: HttpTransport, status: int) -> None:
    async with serve({"/b": reply(200)}) as foreign, serve({"/a": redirect(status, f"{foreign.url}/b")}) as server:
        url = f"{server.url}/a"
        await transport.bind("c").send(Request("GET", url, SECRETS, credentials=CREDENTIALS))
    assert "CANARY-1" in server.ledger[0].raw
    assert "CANARY" not in foreign.ledger[0].raw
    assert foreign.ledger[0].header("X-Plain") == "plain"


async def test_credentials_go_along_within_the_origin(transport: HttpTransport) -> None:
    async with serve({"/a": redirect(302, "b?x=1"), "/b": reply(200)}) as server:
        await transport.bind("c").send(Request("GET", f"{server.url}/a", SECRETS, credentials=CREDENTIALS))
    assert all(f"CANARY-{number}" in server.ledger[1].raw for number in (1, 2, 3))


async def test_credentials_do_not_go_along_when_they_are_not_to_be_kept(transport: HttpTransport) -> None:
    async with serve({"/a": redirect(302, "/b"), "/b": reply(200)}) as server:
        request = Request("GET", f"{server.url}/a", SECRETS, credentials=CREDENTIALS, keep_credentials=False)
        await transport.bind("c").send(request)
    assert "CANARY" in server.ledger[0].raw
    assert "CANARY" not in server.ledger[1].raw


@pytest.mark.hostile(81)
async def test_credentials_that_were_dropped_do_not_come_back(transport: HttpTransport) -> None:
    scripts = {"/b": reply(200)}
    async with serve(scripts) as server:
        home, away = f"http://first.test:{server.port}", f"http://other.test:{server.port}"
        scripts["/a"] = redirect(302, f"{away}/away")
        scripts["/away"] = redirect(302, f"{home}/b")
        await transport.bind("c").send(Request("GET", f"{home}/a", SECRETS, credentials=CREDENTIALS))
    assert ["CANARY" in one.raw for one in server.ledger] == [True, False, False]


@pytest.mark.parametrize("status", [307, 308])
async def test_a_secret_body_stays_with_its_origin(transport: HttpTransport, status: int) -> None:
    async with serve({"/b": reply(200)}) as foreign, serve({"/a": redirect(status, f"{foreign.url}/b")}) as server:
        with pytest.raises(Unreachable) as caught:
            await transport.bind("c").send(Request("POST", f"{server.url}/a", body=b"CANARY", secret_body=True))
    assert caught.value.code == "redirect_refused"
    assert foreign.ledger == []


async def test_a_secret_body_that_the_redirect_drops_does_no_harm(transport: HttpTransport) -> None:
    async with serve({"/b": reply(200)}) as foreign, serve({"/a": redirect(303, f"{foreign.url}/b")}) as server:
        await transport.bind("c").send(Request("POST", f"{server.url}/a", body=b"CANARY", secret_body=True))
    assert "CANARY" not in foreign.ledger[0].raw


@pytest.mark.parametrize(
    "location",
    [
        "//10.9.9.9/x",
        "http://10.9.9.9/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://user:CANARY@first.test/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "javascript:alert(1)",
        "http://private.test/",
        "http://exa mple.com/",
        "http://[::1",
        "http://x\\@127.0.0.1/",
    ],
)
async def test_every_hop_is_guarded(make_transport: MakeTransport, location: str) -> None:
    transport = make_transport(names=Names({"private.test": ["10.9.9.9"]}), allow=("127.0.0.1",))
    async with serve({"/a": redirect(302, location)}) as server:
        with pytest.raises(EgressDenied) as caught:
            await transport.bind("c").send(Request("GET", f"{server.url}/a", SECRETS))
    assert "CANARY" not in str(caught.value)
    assert len(server.ledger) == 1


async def test_five_redirects_are_followed_and_not_six(transport: HttpTransport) -> None:
    scripts = {f"/{number}": redirect(302, f"/{number + 1}") for number in range(6)}
    async with serve({**scripts, "/6": reply(200)}) as server:
        client = transport.bind("c")
        assert (await client.send(Request("GET", f"{server.url}/1"))).status == 200
        with pytest.raises(Unreachable) as caught:
            await client.send(Request("GET", f"{server.url}/0"))
    assert caught.value.code == "too_many_redirects"
    assert [one.path for one in server.ledger[6:]] == ["/0", "/1", "/2", "/3", "/4", "/5"]


@pytest.mark.parametrize("location", ["/a", "/b"])
async def test_a_circle_ends(transport: HttpTransport, location: str) -> None:
    async with serve({"/a": redirect(302, location), "/b": redirect(302, "/a")}) as server:
        with pytest.raises(Unreachable):
            await transport.bind("c").send(Request("GET", f"{server.url}/a"))
    assert len(server.ledger) == 6


@pytest.mark.hostile(79)
async def test_a_redirect_to_nowhere_is_an_answer(transport: HttpTransport) -> None:
    async with serve({"/a": reply(302, b"where?")}) as server:
        response = await transport.bind("c").send(Request("GET", f"{server.url}/a"))
    assert (response.status, response.body) == (302, b"where?")


@pytest.mark.parametrize("status", [300, 304, 305, 306])
async def test_other_3xx_are_not_followed(transport: HttpTransport, status: int) -> None:
    async with serve({"/a": redirect(status, "/b")}) as server:
        assert (await transport.bind("c").send(Request("GET", f"{server.url}/a"))).status == status


async def test_a_redirect_is_handed_back_to_who_wants_it(transport: HttpTransport) -> None:
    async with serve({"/a": redirect(302, "http://10.9.9.9/", b"moved")}) as server:
        response = await transport.bind("c").send(Request("GET", f"{server.url}/a", follow=False))
    assert (response.status, response.body, response.headers.get("location")) == (302, b"moved", "http://10.9.9.9/")


async def test_the_body_of_a_redirect_is_not_read(make_transport: MakeTransport) -> None:
    transport = make_transport(limits=Limits(body=1000))
    moved = reply(302, bomb("gzip", 64), [("Location", "/b"), ("Content-Encoding", "gzip, br")])
    async with serve({"/a": moved, "/b": reply(200, b"here")}) as server:
        assert (await transport.bind("c").send(Request("GET", f"{server.url}/a"))).body == b"here"


@pytest.mark.parametrize(
    ("first", "url", "may"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://A.EXAMPLE:443/y", True),
        ("https://a.example/x", "https://a.example./y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("http://a.example:80/x", "https://a.example:443/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("http://a.example:8080/x", "https://a.example/y", False),
        ("http://a.example/x", "https://a.example:8443/y", False),
        ("https://a.example/x", "https://a.example:8443/y", False),
        ("https://a.example/x", "https://b.example/y", False),
        ("https://a.example/x", "https://x.a.example/y", False),
        ("https://a.example/x", "https://a.example.evil/y", False),
        ("https://a.example/x", "https://a.example@evil.example/y", False),
        ("https://a.example/x", "//a.example/y", False),
        ("https://a.example/x", "/y", False),
        ("https://a.example/x", "https://[broken/", False),
        ("https://a.example/x", "", False),
        ("", "", False),
        ("http://127.0.0.1/", "http://localhost/", False),
    ],
)
def test_where_credentials_may_go(first: str, url: str, may: bool) -> None:  # noqa: FBT001  # a table
    assert may_carry_credentials(first, url) is may
