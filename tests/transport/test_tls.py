import base64
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from isthmus.model.errors import InvalidDocument, Unreachable
from isthmus.transport.http.message import Headers, Request
from isthmus.transport.limits import Limits
from isthmus.transport.tls import PLAIN, TlsOptions, build_context
from tests.rig.hostile_server import HostileServer, raw, redirect, reply, serve
from tests.rig.names import Names
from tests.transport.conftest import MakeTransport

pytestmark = [pytest.mark.anyio, pytest.mark.hostile(68)]

NAMES = {"good.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]}


class Authority:
    """A certificate authority, a server's context and a client's certificate in every form."""

    def __init__(self) -> None:
        self.ca = trustme.CA()
        self.pem = self.ca.cert_pem.bytes().decode()
        self.client = self.ca.issue_cert("client@isthmus.test")
        self.key = self.client.private_key_pem.bytes().decode()
        self.cert = "".join(blob.bytes().decode() for blob in self.client.cert_chain_pems)

    def server(self, *names: str, demand: bool = False, until: datetime | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, not_after=until).configure_cert(context)
        if demand:
            self.ca.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def sealed_key(self, passphrase: str) -> str:
        key = load_pem_private_key(self.key.encode(), None)
        sealing = BestAvailableEncryption(passphrase.encode())
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing).decode()

    def pfx(self, passphrase: str | None) -> str:
        key = load_pem_private_key(self.key.encode(), None)
        sealing = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        chain = x509.load_pem_x509_certificates(self.cert.encode())
        bundle = pkcs12.serialize_key_and_certificates(b"x", key, chain[0], chain[1:], sealing)  # type: ignore[arg-type]  # an EC key is fine
        return base64.b64encode(bundle).decode()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


async def get(make_transport: MakeTransport, url: str, tls: TlsOptions = PLAIN) -> bytes:
    transport = make_transport(names=Names(NAMES))
    return (await transport.bind("c", tls=tls).send(Request("GET", url))).body


def at(server: HostileServer, name: str = "good.test") -> str:
    return f"https://{name}:{server.port}/"


async def failure(make_transport: MakeTransport, url: str, tls: TlsOptions) -> str:
    with pytest.raises(Unreachable) as caught:
        await get(make_transport, url, tls)
    assert caught.value.code == "tls_failed"
    return caught.value.message


async def test_an_authority_of_the_connection_is_trusted(make_transport: MakeTransport, authority: Authority) -> None:
    async with serve({"/": reply(200, b"x")}, tls=authority.server("good.test")) as server:
        assert await get(make_transport, at(server), TlsOptions(ca=authority.pem)) == b"x"


async def test_an_unknown_authority_is_refused(make_transport: MakeTransport, authority: Authority) -> None:
    async with serve({"/": reply(200)}, tls=authority.server("good.test")) as server:
        assert "not trusted" in await failure(make_transport, at(server), PLAIN)
    assert server.ledger == []


async def test_another_name_is_refused(make_transport: MakeTransport, authority: Authority) -> None:
    async with serve({"/": reply(200)}, tls=authority.server("good.test")) as server:
        tls = TlsOptions(ca=authority.pem)
        assert "other.test" in await failure(make_transport, at(server, "other.test"), tls)
        await failure(make_transport, at(server, "127.0.0.1"), tls)
    assert server.ledger == []


async def test_an_address_in_the_certificate_will_do(make_transport: MakeTransport, authority: Authority) -> None:
    async with serve({"/": reply(200, b"x")}, tls=authority.server("127.0.0.1")) as server:
        assert await get(make_transport, at(server, "127.0.0.1"), TlsOptions(ca=authority.pem)) == b"x"


async def test_an_expired_certificate_is_refused(make_transport: MakeTransport, authority: Authority) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    async with serve({"/": reply(200)}, tls=authority.server("good.test", until=past)) as server:
        assert "expired" in await failure(make_transport, at(server), TlsOptions(ca=authority.pem))


async def test_disable_strict_ssl_takes_any_certificate(make_transport: MakeTransport, authority: Authority) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    async with serve({"/": reply(200, b"x")}, tls=authority.server("good.test", until=past)) as server:
        assert await get(make_transport, at(server, "other.test"), TlsOptions(verify=False)) == b"x"


def test_old_versions_are_not_spoken() -> None:
    for options in (PLAIN, TlsOptions(verify=False)):
        assert build_context(options).minimum_version == ssl.TLSVersion.TLSv1_2


async def test_plain_http_on_the_port_is_a_failure_of_tls(make_transport: MakeTransport) -> None:
    async with serve({"*": raw(b"HTTP/1.1 200 OK\r\n\r\n")}) as server:
        with pytest.raises(Unreachable):
            await (
                make_transport(limits=Limits(connect=0.3)).bind("c").send(Request("GET", f"https://{server.address}/"))
            )


async def test_client_certificates_in_every_form(make_transport: MakeTransport, authority: Authority) -> None:
    forms = [
        TlsOptions(ca=authority.pem, cert=authority.cert, key=authority.key),
        TlsOptions(ca=authority.pem, cert=authority.cert, key=authority.key, passphrase="not needed"),
        TlsOptions(
            ca=authority.pem, cert=authority.cert, key=authority.sealed_key("pass phrase"), passphrase="pass phrase"
        ),
        TlsOptions(ca=authority.pem, pfx=authority.pfx("pässword"), passphrase="pässword"),
        TlsOptions(ca=authority.pem, pfx=authority.pfx(None)),
        TlsOptions(verify=False, cert=authority.cert, key=authority.key),
    ]
    async with serve({"/": reply(200, b"x")}, tls=authority.server("good.test", demand=True)) as server:
        for tls in forms:
            assert await get(make_transport, at(server), tls) == b"x"
        with pytest.raises(Unreachable):
            await get(make_transport, at(server), TlsOptions(ca=authority.pem))


@pytest.mark.parametrize(
    "broken",
    [
        {"ca": "no certificate"},
        {"ca": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
        {"cert": "no certificate"},
        {"key": "no key"},
        {"key": None},
        {"cert": None},
        {"key": "sealed", "passphrase": None},
        {"key": "sealed", "passphrase": "CANARY-wrong"},
        {"cert": "another"},
        {"pfx": "@@@@"},
        {"pfx": base64.b64encode(b"junk").decode()},
        {"pfx": "good", "passphrase": "CANARY-wrong"},
        {"key": "\ud800"},
        {"ca": "\ud800"},
    ],
)
async def test_what_cannot_be_used_is_named_without_secrets(
    authority: Authority, broken: dict[str, str | None]
) -> None:
    real = {
        "sealed": authority.sealed_key("CANARY-right"),
        "good": authority.pfx("CANARY-right"),
        "another": trustme.CA().issue_cert("x@isthmus.test").cert_chain_pems[0].bytes().decode(),
    }
    fields = {"cert": authority.cert, "key": authority.key} if "ca" not in broken else {}
    given = {name: real.get(value or "", value) for name, value in broken.items()}
    with pytest.raises(InvalidDocument) as caught:
        build_context(TlsOptions(**{**fields, **given}))  # type: ignore[arg-type]  # none of these is `verify`
    message = str(caught.value)
    assert message.endswith(".")
    assert "CANARY" not in message
    assert "BEGIN" not in message


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Path]:
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path)
    yield tmp_path
    tempfile.tempdir = before


@pytest.mark.hostile(181)
def test_a_key_leaves_no_file_behind(watched: Path, authority: Authority) -> None:
    seen: list[tuple[int, bytes]] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for path in watched.iterdir():
                with suppress(FileNotFoundError):
                    seen.append((path.stat().st_mode & 0o777, path.read_bytes()))

    looking = threading.Thread(target=look)
    looking.start()
    build_context(TlsOptions(cert=authority.cert, key=authority.key))
    done.set()
    looking.join()
    assert list(watched.iterdir()) == []
    assert all(mode == 0o600 for mode, _ in seen)
    assert all(b"BEGIN PRIVATE KEY" not in data and b"BEGIN EC PRIVATE KEY" not in data for _, data in seen)


async def test_options_do_not_show_their_secrets(authority: Authority) -> None:
    options = TlsOptions(cert="c", key="CANARY-key", passphrase="CANARY-pass", pfx="CANARY-pfx")
    assert "CANARY" not in repr(options)
    assert options.policy == TlsOptions(cert="c", key="CANARY-key", passphrase="CANARY-pass", pfx="CANARY-pfx").policy
    assert options.policy != TlsOptions(cert="c", key="CANARY-kez", passphrase="CANARY-pass", pfx="CANARY-pfx").policy


@pytest.mark.hostile(61)
async def test_connections_of_other_options_are_not_shared(make_transport: MakeTransport, authority: Authority) -> None:
    transport = make_transport(names=Names(NAMES))
    strict, lax = TlsOptions(ca=authority.pem), TlsOptions(verify=False)
    async with serve({"/": reply(200)}, tls=authority.server("good.test")) as server:
        for tls in (strict, strict, lax, lax, strict):
            await transport.bind("c", tls=tls).send(Request("GET", at(server)))
        with pytest.raises(Unreachable):
            await transport.bind("c").send(Request("GET", at(server)))
    assert [one.connection for one in server.ledger] == [0, 0, 1, 1, 0]


@pytest.mark.hostile(60)
async def test_a_downgrade_drops_credentials(make_transport: MakeTransport, authority: Authority) -> None:
    transport = make_transport(names=Names(NAMES))
    async with serve({"*": reply(200)}) as clear:
        moved = {"/": redirect(302, f"http://good.test:{clear.port}/")}
        async with serve(moved, tls=authority.server("good.test")) as server:
            request = Request("GET", at(server), Headers([("Authorization", "Bearer CANARY")]))
            await transport.bind("c", tls=TlsOptions(ca=authority.pem)).send(request)
    assert "CANARY" not in clear.ledger[0].raw
