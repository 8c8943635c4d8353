"""Sealing: AES-256-GCM, a data key per document, wrapped by a key-encryption key. Source: architecture.md decision 2.

A data key has a random name. The value's authenticated data holds the account, the document, the pointer, the revision
and that name; the wrapping's holds the key-encryption key's id and that name. So a rotation wraps data keys anew and
touches no value, while no part can be moved, rolled back to another revision or changed unseen.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from isthmus.model.json import Json
from isthmus.model.sealed import Sealed
from isthmus.vault.errors import SealBroken
from isthmus.vault.keyfile import read_keys

_NONCE: Final = 12
_DATA_KEY: Final = 32
_KEY_NAME: Final = 16
_WRAPPED: Final = _KEY_NAME + _NONCE + _DATA_KEY + 16


@dataclass(frozen=True, slots=True)
class Aad:
    """What a sealed value is bound to: it opens nowhere else. `revision` is the document's at the sealing."""

    account: str
    kind: str
    id: str
    pointer: str
    revision: int


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key, wrapped: its random name, a nonce and the ciphertext. One document's secrets may share one."""

    key: bytes
    key_id: str

    @classmethod
    def of(cls, sealed: Sealed) -> Self:
        """Take the data key of a sealed value, to seal a neighbour with it."""
        return cls(sealed.key, sealed.key_id)


class _KeyEncryptionKey:
    """One line of the key file; its uses are kept apart by derivation."""

    __slots__ = ("_material", "cipher", "id")

    def __init__(self, material: bytes) -> None:
        self._material = material
        self.id = _derive(material, "fingerprint")[:16].hex()
        self.cipher = AESGCM(_derive(material, "wrap data keys"))

    def derive(self, purpose: str) -> bytes:
        return _derive(self._material, f"purpose: {purpose}")


def _derive(material: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"isthmus: {use}".encode()).derive(material)


class Vault:
    """Seals and opens values. The first key of the file is current; the others still open what they sealed."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        found = [_KeyEncryptionKey(key) for key in keys]
        self._current = found[0]
        self._keys = {key.id: key for key in found}
        self._derived = lru_cache(maxsize=64)(self._derive_all)

    @classmethod
    def load(cls, key_file: Path, *, create: bool) -> Self:
        """Read the key file, making it first where it is absent and `create` says so. Raises KeyFileRefused."""
        return cls(read_keys(key_file, create=create))

    @property
    def key_id(self) -> str:
        """The fingerprint of the current key."""
        return self._current.id

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprints of every key of the file, the current one first. They tell nothing about the keys."""
        return tuple(self._keys)

    def new_data_key(self) -> WrappedKey:
        """Make a data key, for one document; good for 2**32 values."""
        name = os.urandom(_KEY_NAME)
        return WrappedKey(self._wrap(name, os.urandom(_DATA_KEY)), self.key_id)

    def seal(self, key: WrappedKey, aad: Aad, value: Json) -> Sealed:
        """Seal a JSON value for one place. Raises SealBroken where the data key itself does not open."""
        name, data_key = self._unwrap(key.key, key.key_id)
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(data_key).encrypt(nonce, orjson.dumps(value), _value_aad(aad, name))
        return Sealed(key.key, nonce + sealed, key.key_id, aad.revision)

    def open(self, sealed: Sealed, aad: Aad) -> Json:
        """Open a sealed value. Raises SealBroken for one that was changed or belongs elsewhere, never garbage."""
        if sealed.revision != aad.revision:
            raise SealBroken("A sealed secret is of another revision than its place says.")
        name, data_key = self._unwrap(sealed.key, sealed.key_id)
        nonce, body = sealed.value[:_NONCE], sealed.value[_NONCE:]
        try:
            return orjson.loads(AESGCM(data_key).decrypt(nonce, body, _value_aad(aad, name)))
        except (InvalidTag, ValueError):
            raise SealBroken("A sealed secret was changed, or moved here from another place.") from None

    def rewrap(self, sealed: Sealed) -> Sealed:
        """Wrap the data key with the current key; the value stays. One that is current already is returned itself."""
        if sealed.key_id == self.key_id:
            return sealed
        name, data_key = self._unwrap(sealed.key, sealed.key_id)
        return Sealed(self._wrap(name, data_key), sealed.value, self.key_id, sealed.revision)

    def derive(self, purpose: str) -> bytes:
        """Derive 32 bytes for a purpose from the current key; the same each time, and unrelated to other purposes."""
        return self._derived(purpose)[0]

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """Derive from every key of the file, the current one first: to check what an older key signed."""
        return self._derived(purpose)

    def _derive_all(self, purpose: str) -> tuple[bytes, ...]:
        return tuple(key.derive(purpose) for key in self._keys.values())

    def _wrap(self, name: bytes, data_key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return name + nonce + self._current.cipher.encrypt(nonce, data_key, _key_aad(name, self.key_id))

    def _unwrap(self, wrapped: bytes, key_id: str) -> tuple[bytes, bytes]:
        key = self._keys.get(key_id)
        if key is None:
            raise SealBroken(
                "A secret is sealed with a key that the key file does not hold; add that key as a further line."
            )
        name, nonce, body = wrapped[:_KEY_NAME], wrapped[_KEY_NAME : _KEY_NAME + _NONCE], wrapped[_KEY_NAME + _NONCE :]
        if len(wrapped) != _WRAPPED:
            raise SealBroken("The data key of a sealed secret is cut.")
        try:
            return name, key.cipher.decrypt(nonce, body, _key_aad(name, key_id))
        except InvalidTag:
            raise SealBroken("The data key of a sealed secret was changed.") from None


def _value_aad(aad: Aad, key_name: bytes) -> bytes:
    return _joined(["value", aad.account, aad.kind, aad.id, aad.pointer, key_name.hex(), str(aad.revision)])


def _key_aad(key_name: bytes, key_id: str) -> bytes:
    return _joined(["data key", key_name.hex(), key_id])


def _joined(parts: Iterable[str]) -> bytes:
    # A JSON array: no two lists of parts are written alike.
    return orjson.dumps(list(parts))
