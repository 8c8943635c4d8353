"""Names under which secrets stand: header fields, query parameters, form fields, JSON keys, XML elements."""

import re
from functools import lru_cache
from typing import Final

_FILLER: Final = re.compile(r"[^a-z0-9]+")

_TELLING: Final = (
    "accesskey",
    "apikey",
    "appkey",
    "assertion",
    "authkey",
    "authorization",
    "clientkey",
    "codeverifier",
    "consumerkey",
    "cookie",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "sessionid",
    "sessionkey",
    "signature",
    "subscriptionkey",
    "token",
)
"""A name that holds one of these is one of a secret."""

_SECRET: Final = frozenset(
    {"auth", "bearer", "jsessionid", "jwt", "pass", "pagedexportstate", "pin", "pwd", "sid", "sig", "xauth"}
)

_IN_QUERY: Final = frozenset({"code", "key", "nonce", "otp", "state"})
"""Secrets as query or form parameters; as JSON keys they are everyday words."""

_HARMLESS: Final = re.compile(
    r".*(?:token|key|secret|password)(?:type|location|uri|url|path|name|expires|expiresin|expiry|count|limit|header|endpoint)"
    r"|(?:next|prev|previous|page|nextpage|continuation|sync|start|skip|max)+token|tokens|maxtokens|.*tokenstotal"
)
"""Names about secrets rather than of one, and the cursors that some systems call tokens."""


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Tell whether what stands under a name is to be masked wherever the name occurs."""
    plain = _FILLER.sub("", name.lower())
    if plain in _SECRET:
        return True
    return any(word in plain for word in _TELLING) and _HARMLESS.fullmatch(plain) is None


@lru_cache(maxsize=4096)
def is_secret_parameter(name: str) -> bool:
    """Tell the same of a query parameter or a form field."""
    return _FILLER.sub("", name.lower()) in _IN_QUERY or is_secret_name(name)
