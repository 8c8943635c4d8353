"""The egress guard."""

from collections.abc import Sequence
from dataclasses import dataclass

from yarl import URL


@dataclass(frozen=True, slots=True)
class Target:
    """A destination that passed the guard."""

    url: URL
    host: str
    port: int
    shown: str


class Egress:
    """Says where outbound calls may go."""

    def __init__(self, allow: Sequence[str] = ()) -> None:
        self.allow = tuple(allow)

    def check_url(self, url: str) -> Target:
        """Read a URL and check its destination; raises EgressDenied."""
        parsed = URL(url)
        return Target(parsed, parsed.host or "", parsed.port or 0, parsed.host or "")
