"""Sealing small texts that leave the service and come back: AES-256-GCM under a key derived for one purpose."""

import base64
import binascii
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12


class Unreadable(Exception):  # an outcome that the caller turns into its own refusal
    """The text was not sealed here, not for this context, or was touched."""


class Sealer:
    """Seals bytes for one context; only the same context opens them. Safe for 2^32 seals a key.

    The first key seals, each of them opens.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = [AESGCM(key) for key in keys]

    def seal(self, content: bytes, context: bytes) -> bytes:
        """Encrypt and authenticate; the nonce stands in front."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, content, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Give the content back. Raises Unreadable."""
        for cipher in self._ciphers:
            with suppress(InvalidTag, ValueError):
                return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)
        raise Unreadable


def to_text(sealed: bytes) -> str:
    """Write bytes so that they stand in JSON and in URLs (base64url without padding)."""
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Read what `to_text` wrote. Raises Unreadable."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
