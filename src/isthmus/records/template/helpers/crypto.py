"""Digests and signatures. Source: handlebars.md section 4."""

import base64
import binascii
import hashlib
import hmac as hmac_module
from typing import Any, Final

from isthmus.records.errors import RecordError
from isthmus.records.paths.read import MISSING
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import to_text

_ALGORITHMS: Final = frozenset(
    {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"}
)


def _algorithm(value: Any) -> str:
    name = to_text(value).lower()
    name = name.replace("-", "", 1) if name.startswith("sha-") else name
    if name not in _ALGORITHMS:
        raise RecordError("helper_failed", f"The hash algorithm is not one of {' '.join(sorted(_ALGORITHMS))}.")
    return name.replace("-", "_")


def _bytes(text: Any) -> bytes:
    return to_text(text).encode("utf-8", "replace")


def _shown(digest: bytes, encoding: Any) -> str:
    form = to_text(encoding).lower() or "hex"
    if form == "hex":
        return digest.hex()
    if form == "base64":
        return base64.b64encode(digest).decode("ascii")
    if form == "base64url":
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
    raise RecordError("helper_failed", "The encoding of a digest is hex or base64.")


@inline(
    "hash algorithm encoding value",
    Example('{{hash "md5" "hex" "abc"}}', "900150983cd24fb0d6963f7d28e17f72"),
    Example('{{{hash "sha256" "base64" "abc"}}}', "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    Example('{{hash "md5" "key" "hex" "abc"}}', "900150983cd24fb0d6963f7d28e17f72"),
)
def hash_(algorithm: Any, encoding: Any, value: Any, fourth: Any = MISSING) -> str:
    """Give a digest; with four arguments the second is a key, which a plain digest does not use.

    Samples with a key in second place are understood, and the key changes nothing; see `hmac`.
    """
    if fourth is not MISSING:
        encoding, value = value, fourth
    return _shown(hashlib.new(_algorithm(algorithm), _bytes(value), usedforsecurity=False).digest(), encoding)


@inline(
    "hmac algorithm key encoding value [keyEncoding]",
    Example('{{hmac "sha256" "key" "hex" "abc"}}', "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab"),
)
def hmac(algorithm: Any, key: Any, encoding: Any, value: Any, key_encoding: Any = "utf8") -> str:
    """Sign with a key, which is text or base64."""
    secret = _bytes(key)
    if to_text(key_encoding).lower() == "base64":
        try:
            secret = base64.b64decode(secret, validate=False)
        except binascii.Error as error:
            raise RecordError("helper_failed", "The key is not base64.") from error
    return _shown(hmac_module.new(secret, _bytes(value), _algorithm(algorithm)).digest(), encoding)
