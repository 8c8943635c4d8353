"""Where a request goes, and whether it may carry what belongs to the connection. The one place that decides.

A final URL of another origin than the connection's base URI (an absolute relativeURI, a next URL out of a body or a
Link header) goes without authentication, without the connection's headers, and its templates see no secret.
"""

import re
from typing import Final
from urllib.parse import urljoin

from isthmus.model.errors import InvalidDocument, invalid
from isthmus.transport.http.redirect import may_carry_credentials

__all__ = ["checked_base", "follow", "is_absolute", "join", "may_carry_credentials"]

_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)


def is_absolute(uri: str) -> bool:
    """Tell a URI that stands for itself from one that is appended to the base URI."""
    return _ABSOLUTE.match(uri) is not None


def join(base: str, relative: str) -> str:
    """Join base and relative URI with exactly one `/`; an absolute one replaces the base, a bare query is appended.

    Slashes at the seam collapse, so `//elsewhere/x` stays under the base: it names no host here.
    """
    relative, base = relative.strip(), base.strip()
    if is_absolute(relative):
        return relative
    if not relative:
        return base
    return base.rstrip("/") + relative if relative[0] in "?#" else f"{base.rstrip('/')}/{relative.lstrip('/')}"


def follow(url: str, reference: str) -> str:
    """Resolve a next URL against the address of the page that named it."""
    reference = reference.strip()
    return reference if is_absolute(reference) else urljoin(url, reference)


def checked_base(base: str) -> str:
    """Give a rendered base URI, or refuse one that is no absolute URL."""
    base = base.strip()
    if not is_absolute(base) or not may_carry_credentials(base, base):
        raise InvalidDocument(invalid("http.baseURI", "The base URI does not render to an absolute http(s) URL."))
    return base
