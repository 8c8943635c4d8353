"""A sealed secret as the store keeps it and the vault makes it. Source: architecture.md decision 2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sealed:
    """One secret of one document, readable only with the key file.

    `key` is the wrapped data key, `value` a nonce and the ciphertext, `key_id` the key-encryption key that wraps `key`,
    `revision` the document's revision at which the secret was sealed. None of the four can be changed unseen.
    """

    key: bytes
    value: bytes
    key_id: str
    revision: int
