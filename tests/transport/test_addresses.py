from ipaddress import ip_address

import pytest

from isthmus.transport.addresses import embedded, is_never, is_public, read_address

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "3fff:1000::1",
]

SPECIAL = [
    "0.0.0.0",  # noqa: S104  # an address of the table, nothing binds it
    "0.1.2.3",
    "10.0.0.0",
    "10.9.9.9",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::808:808",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "2a00:1450::5efe:10.0.0.1",
    "2a00:1450::200:5efe:127.0.0.1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]

NEVER = [
    "169.254.0.1",
    "fe80::1",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "169.254.0.23",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "fd00:42::42",
    "fe80::a9fe:a9fe",
    "::ffff:169.254.169.254",
    "::a9fe:a9fe",
    "::ffff:0:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",
    "2001:0:1:2:3:4:5601:5601",
    "2a00:1450::5efe:169.254.169.254",
]

pytestmark = pytest.mark.hostile(57)


@pytest.mark.parametrize("text", PUBLIC)
def test_an_ordinary_address_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", SPECIAL + NEVER)
def test_a_special_address_is_not(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", NEVER)
def test_metadata_addresses_are_never_open(text: str) -> None:
    assert is_never(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC + SPECIAL)
def test_other_addresses_may_be_opened(text: str) -> None:
    assert not is_never(ip_address(text))


def test_teredo_carries_its_server_and_its_client() -> None:
    address = ip_address("2001:0:4136:e378:8000:63bf:3fff:fdd2")
    assert address.version == 6
    assert [str(one) for one in embedded(address)] == ["65.54.227.120", "192.0.2.45"]


@pytest.mark.parametrize(
    "text", ["127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "127.0.0.01", "fe80::1%eth0", "1.2.3.4 ", "", "a.b"]
)
def test_only_the_canonical_spelling_is_an_address(text: str) -> None:
    assert read_address(text) is None
