"""Which IP addresses belong to the public internet, and which are never called whatever a policy opens.

The ranges are those of the IANA special-purpose registries (RFC 6890 and its updates), multicast, and the addresses
where large clouds serve the credentials of the machine itself. `ipaddress.is_global` follows other rules.
"""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_SPECIAL_V4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

_GLOBAL_V6: Final = IPv6Network("2000::/3")
_SPECIAL_V6: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

_NEVER: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",  # AWS, Azure, Google, Oracle, DigitalOcean, Tencent, Scaleway: every v4 link-local one
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure's host, a public address
        "192.0.0.192/32",  # Oracle, the older one
        "fe80::/10",  # link-local
        "fd00:ec2::/32",  # AWS
        "fd20:ce::/32",  # Google
        "fd00:42::42/128",  # Scaleway
        "fd00:c1::a9fe:a9fe/128",  # Oracle
    )
)

_SUFFIXED: Final = tuple(
    IPv6Network(text)
    for text in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
    )
)
_6TO4: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
_LOW32: Final = 0xFFFFFFFF


def embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """Give every IPv4 address that an IPv6 address carries inside, by any of the published schemes."""
    number = int(address)
    if any(address in network for network in _SUFFIXED):
        yield IPv4Address(number & _LOW32)
    if address in _6TO4:
        yield IPv4Address(number >> 80 & _LOW32)
    if address in _TEREDO:
        yield IPv4Address(number >> 64 & _LOW32)
        yield IPv4Address(number & _LOW32 ^ _LOW32)
    if number >> 32 & _LOW32 in _ISATAP:
        yield IPv4Address(number & _LOW32)


@lru_cache(maxsize=4096)
def is_public(address: Address) -> bool:
    """Tell whether an address is an ordinary one of the internet, with no other one hidden in it."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4) and not is_never(address)
    ordinary = address in _GLOBAL_V6 and not any(address in network for network in _SPECIAL_V6)
    return ordinary and not is_never(address) and all(is_public(inner) for inner in embedded(address))


@lru_cache(maxsize=4096)
def is_never(address: Address) -> bool:
    """Tell whether an address stays closed whatever a policy opens: cloud metadata and link-local ones."""
    if any(address in network for network in _NEVER if network.version == address.version):
        return True
    return isinstance(address, IPv6Address) and any(is_never(inner) for inner in embedded(address))


def read_address(text: str) -> Address | None:
    """Read an address in its one canonical way of writing (no zone, no short or octal form); None for anything else."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id is not None else address
