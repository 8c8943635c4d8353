"""One entry of `ISTHMUS_EGRESS_ALLOW`: a destination that the operator opens."""

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from yarl import URL

from isthmus.transport.addresses import Address, Network

_PORTED: Final = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]@%?#\\]+))(?::(?P<port>[0-9]{1,5}))?")
_NAME: Final = re.compile(r"(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_HIGHEST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class Allowance:
    """Opens a host by name, the sub-domains of `*.suffix`, or a network; one port of it, or all for None."""

    name: str | None = None
    network: Network | None = None
    port: int | None = None

    def names(self, host: str, port: int) -> bool:
        """Tell whether it opens this host by name."""
        if self.name is None or self.port not in {None, port}:
            return False
        return host.endswith(self.name[1:]) if self.name.startswith("*.") else host == self.name

    def holds(self, address: Address, port: int) -> bool:
        """Tell whether it opens this address."""
        network = self.network
        return (
            network is not None
            and network.version == address.version
            and address in network
            and self.port in {None, port}
        )


def read_allowance(entry: str) -> Allowance:
    """Read one entry; raises ValueError with a sentence that names it."""
    text = entry.strip()
    network = _network(text)
    if network is not None:
        return Allowance(network=network)
    parts = _PORTED.fullmatch(text)
    port = int(parts["port"]) if parts and parts["port"] else None
    if parts is None or (port is not None and not 0 < port <= _HIGHEST_PORT):
        raise _unknown(entry)
    network = _network(parts["six"] or parts["host"])
    if network is not None:
        return Allowance(network=network, port=port)
    if parts["six"]:
        raise _unknown(entry)
    return Allowance(name=_name(entry, parts["host"]), port=port)


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _name(entry: str, host: str) -> str:
    star, bare = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    try:
        plain = (URL.build(scheme="http", host=bare).raw_host or "").removesuffix(".")
    except ValueError:
        raise _unknown(entry) from None
    if _NAME.fullmatch(star + plain) is None or plain.rpartition(".")[2].isdigit():
        raise _unknown(entry)
    return star + plain


def _unknown(entry: str) -> ValueError:
    return ValueError(
        f"ISTHMUS_EGRESS_ALLOW: {entry.strip()!r} is not a destination. Use a host name, *.domain, an address or a "
        "network such as 10.0.0.0/8; a host name or address may end in :port, an IPv6 address then stands in [ ]."
    )
