from ipaddress import ip_address

import pytest

from isthmus.model.errors import EgressDenied
from isthmus.transport.egress import Egress
from tests.transport.test_addresses import NEVER, PUBLIC, SPECIAL


def url(address: str, port: int | None = None) -> str:
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}{'' if port is None else f':{port}'}/x"


@pytest.mark.hostile(57)
@pytest.mark.parametrize("address", SPECIAL + NEVER)
def test_special_addresses_are_closed_by_default(address: str) -> None:
    with pytest.raises(EgressDenied):
        Egress().check_url(url(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address: str) -> None:
    assert Egress().check_url(url(address)).port == 80


@pytest.mark.hostile(58)
@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.0.0.1",
        "0X7F.1",
        "0177.0.0.01",
        "127.1",
        "127.0.1",
        "1",
        "0",
        "00000127.0.0.1",
        "127.0.0.1..",
        "\uff11\uff12\uff17\u3002\uff11",
        "0x",
        "256.256.256.256",
        "1.2.3.4.5",
        "08.8.8.8",
        "[::1%25lo]",
        "[fe80::1%eth0]",
        "[::1%lo]",
        "[v1.x]",
        "[127.0.0.1]",
        "[::1]x",
        "user@127.0.0.1",
        "user:pass@example.com",
        "@example.com",
        "example.com\\@127.0.0.1",
        "127.0.0.1\\.example.com",
        "exa\tmple.com",
        "exa\nmple.com",
        "exa\rmple.com",
        "127.0.0.1\x00.example.com",
        "exa mple.com",
        " example.com",
        "example.com ",
        "%31%32%37.0.0.1",
        "127.0.0.1%00.example.com",
        "localhost%2f.example.com",
        "exam{ple.com",
        "exa|mple.com",
        "a..b",
        ".a",
        "",
        ":80",
        "example.com:99999",
        "example.com:-1",
        "example.com:0",
        "example.com:abc",
        "a" * 64 + ".example",
        "a." * 130 + "example",
        "\ud800.example",
    ],
)
def test_odd_spellings_of_a_host_are_refused(host: str) -> None:
    allowing_everything = Egress(["0.0.0.0/0", "::/0"])
    for egress in (Egress(), allowing_everything):
        with pytest.raises(EgressDenied):
            egress.check_url(f"http://{host}/x")


@pytest.mark.hostile(58)
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.",
        "\uff11\uff12\uff17.0.0.1",
        "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
        "127\u30020\u30020\u30021",
        "127\uff0e0\uff0e0\uff0e1",
        "127\uff610\uff610\uff611",
        "[::1.]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:7f00:1]",
    ],
)
def test_other_spellings_are_judged_as_the_address_that_they_mean(host: str) -> None:
    with pytest.raises(EgressDenied):
        Egress().check_url(f"http://{host}/x")


@pytest.mark.hostile(58)
@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("http://example.com#@127.0.0.1/", "example.com"),
        ("http://example.com?@127.0.0.1/", "example.com"),
        ("http://example.com/\\@127.0.0.1/", "example.com"),
        ("http://EXAMPLE.com./x", "example.com"),
        ("http://faß.de/", "xn--fa-hia.de"),
        ("http://例え.jp/", "xn--r8jz45g.jp"),
        ("http://a_b.example/", "a_b.example"),
        ("HTTPS://example.com/", "example.com"),
        ("http://example.com:/", "example.com"),
    ],
)
def test_the_host_is_the_one_that_is_connected_to(written: str, host: str) -> None:
    target = Egress().check_url(written)
    assert (target.host, target.url.raw_host) == (host, host)
    assert "#" not in str(target.url)


@pytest.mark.hostile(63)
@pytest.mark.parametrize(
    "written",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "dict://example.com:11211/",
        "gopher://example.com/",
        "ldap://example.com/",
        "jar:http://example.com!/",
        "data:text/plain,x",
        "unix:///run/x",
        "ws://example.com/",
        "javascript:alert(1)",
        "//example.com/",
        "/path",
        "example.com",
        "http:example.com",
        "http:/example.com",
        "http:\\\\example.com",
        "",
        "http://",
        "http:///x",
        "http://example.com/\nHost: x",
        "http://example.com/\x7f",
        "http://example.com/" + "a" * 70_000,
    ],
)
def test_only_absolute_http_urls_are_called(written: str) -> None:
    with pytest.raises(EgressDenied):
        Egress(["0.0.0.0/0", "::/0"]).check_url(written)


@pytest.mark.parametrize("rest", ["/a%2Fb/%7Ec?x=a%20b+c&y[]=1&z=%E2%82%AC", "/;p=1,2?a=b=c&&d", "/a/../b", "/?q=%2B"])
def test_a_url_that_needs_no_escaping_stays_as_it_was_written(rest: str) -> None:
    assert str(Egress().check_url(f"https://example.com{rest}").url) == f"https://example.com{rest}"


@pytest.mark.parametrize(
    ("rest", "sent"), [("/a b?c=d e", "/a%20b?c=d+e"), ("/€", "/%E2%82%AC"), ("/100%", "/100%25"), ("/{x}", "/%7Bx%7D")]
)
def test_a_url_that_needs_escaping_is_escaped(rest: str, sent: str) -> None:
    assert str(Egress().check_url(f"https://example.com{rest}").url) == f"https://example.com{sent}"


@pytest.mark.hostile(65)
@pytest.mark.parametrize(
    ("allow", "address", "port"),
    [
        ("127.0.0.0/8", "127.0.0.1", None),
        ("127.0.0.0/8", "127.9.9.9", 8080),
        ("127.0.0.1", "127.0.0.1", 1),
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("10.1.2.3/8", "10.200.0.1", None),
        ("::1", "::1", 80),
        ("[::1]", "::1", 80),
        ("[::1]:8080", "::1", 8080),
        ("fd00::/8", "fd12::1", None),
        (" 10.0.0.0/8 ", "10.0.0.1", None),
    ],
)
def test_an_allowance_opens_what_it_names(allow: str, address: str, port: int | None) -> None:
    assert Egress([allow]).check_url(url(address, port)).host == address


@pytest.mark.hostile(65)
@pytest.mark.parametrize(
    ("allow", "address", "port"),
    [
        ("127.0.0.1", "127.0.0.2", None),
        ("127.0.0.1:8080", "127.0.0.1", 8081),
        ("127.0.0.1:8080", "127.0.0.1", None),
        ("[::1]:8080", "::1", 80),
        ("127.0.0.0/8", "::ffff:127.0.0.1", None),
        ("127.0.0.0/8", "::1", None),
        ("::/0", "::ffff:10.0.0.1", None),
        ("::/0", "64:ff9b::10.0.0.1", None),
        ("localhost", "127.0.0.1", None),
        ("10.0.0.0/8", "11.0.0.1.example", None),
    ],
)
def test_an_allowance_opens_nothing_else(allow: str, address: str, port: int | None) -> None:
    if address.endswith("example"):
        assert not Egress([allow]).names(address, 80)
        return
    with pytest.raises(EgressDenied):
        Egress([allow]).check_url(url(address, port))


@pytest.mark.hostile(65)
@pytest.mark.parametrize("address", NEVER)
def test_no_allowance_opens_metadata_addresses(address: str) -> None:
    everything = Egress(["0.0.0.0/0", "::/0", "169.254.0.0/16", address, "*.internal", "metadata.google.internal"])
    with pytest.raises(EgressDenied):
        everything.check_url(url(address))
    assert not everything.permits(ip_address(address), 80, named=True)


@pytest.mark.hostile(65)
@pytest.mark.parametrize(
    ("allow", "host", "port", "opened"),
    [
        ("corp.example", "corp.example", 80, True),
        ("CORP.example.", "corp.example", 80, True),
        ("corp.example", "a.corp.example", 80, False),
        ("corp.example", "evilcorp.example", 80, False),
        ("corp.example", "corp.example.evil", 80, False),
        ("corp.example:8080", "corp.example", 8080, True),
        ("corp.example:8080", "corp.example", 80, False),
        ("*.corp.example", "a.corp.example", 80, True),
        ("*.corp.example", "a.b.corp.example", 80, True),
        ("*.corp.example", "corp.example", 80, False),
        ("*.corp.example", "evilcorp.example", 80, False),
        ("*.corp.example", "corp.example.evil", 80, False),
        ("*.corp.example:8080", "a.corp.example", 8080, True),
        ("*.corp.example:8080", "a.corp.example", 80, False),
        ("例え.jp", "xn--r8jz45g.jp", 80, True),
        ("\u0441\u043erp.example", "corp.example", 80, False),
        ("localhost", "localhost", 80, True),
    ],
)
def test_names_open_hosts(allow: str, host: str, port: int, opened: bool) -> None:  # noqa: FBT001  # a table
    assert Egress([allow]).names(host, port) is opened


@pytest.mark.parametrize(
    "entry",
    [
        "http://example.com",
        "*",
        "*.",
        "*example.com",
        "a.*.example",
        "10.0.0.0/33",
        "10.0.0.0/8:80",
        "example.com:0",
        "example.com:99999",
        "example.com:x",
        "127.1",
        "[example.com]:80",
        "::1:8080:x",
        "user@host",
        "a b",
        "host/path",
    ],
)
def test_an_entry_that_names_nothing_is_refused_with_a_sentence(entry: str) -> None:
    with pytest.raises(ValueError, match=r"ISTHMUS_EGRESS_ALLOW: .* is not a destination"):
        Egress([entry])


def test_empty_entries_are_left_out() -> None:
    assert Egress(["", " "]).policy == frozenset()


def test_the_message_names_the_destination_and_what_opens_it() -> None:
    with pytest.raises(EgressDenied) as caught:
        Egress().check_url("http://10.9.9.9:8080/secret-path?token=CANARY")
    assert str(caught.value) == (
        "The egress policy forbids calls to 10.9.9.9:8080. ISTHMUS_EGRESS_ALLOW opens private destinations."
    )


@pytest.mark.hostile(27)
@pytest.mark.parametrize("written", ["http://me:CANARY@127.0.0.1/", "http://me:CAN#ARY@127.0.0.1/", "http://CANARY@x/"])
def test_the_message_repeats_no_password(written: str) -> None:
    with pytest.raises(EgressDenied) as caught:
        Egress().check_url(written)
    assert "CAN" not in str(caught.value)


def test_equal_policies_are_equal() -> None:
    assert Egress(["::1", "10.0.0.0/8"]).policy == Egress(["10.0.0.0/8", "::1"]).policy
    assert Egress(["::1"]).policy != Egress().policy
