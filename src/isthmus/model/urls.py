"""What may stand in a field that holds a URL. Templates are allowed anywhere in it; a password never is.

A password in a URL would be a secret in a field that is shown. Source: connections.md "http", decisions.md.
"""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_TEMPLATE: Final = re.compile(r"\{\{.*?\}\}+", re.DOTALL)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f\\]")


def _split(text: str) -> SplitResult | None:
    """Take a URL apart with every template replaced by a letter; None when it cannot be read."""
    plain = _TEMPLATE.sub("x", text.strip())
    if _CONTROL.search(plain.split("?", 1)[0]):
        return None
    try:
        parts = urlsplit(plain)
        parts.port  # noqa: B018  # reading the port is what checks it
    except ValueError:
        return None
    return parts


def is_template(text: str) -> bool:
    """Tell whether a URL begins with a template, so that its scheme and host are known only when it is rendered."""
    return text.lstrip().startswith("{{")


def is_absolute(text: str) -> bool:
    """Tell whether a URI names its own scheme or host, and so does not go to the base URI."""
    plain = text.strip()
    return is_template(plain) or plain.startswith(("//", "\\\\", "/\\", "\\/")) or _SCHEME.match(plain) is not None


def why_not_absolute(text: str) -> str:
    """Say what is wrong with an absolute URL; "" when nothing is."""
    parts = _split(text)
    if parts is not None and "@" in parts.netloc:
        return "must not hold a user name or password: give them in the fields for authentication."
    if is_template(text) and parts is not None:
        return ""
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return "must be an absolute URL that begins with http:// or https://."
    return ""


def why_not_uri(text: str) -> str:
    """Say what is wrong with a URI that may be relative; "" when nothing is."""
    parts = _split(text)
    if parts is not None and "@" in parts.netloc:
        return "must not hold a user name or password: give them in the fields for authentication."
    return ""
