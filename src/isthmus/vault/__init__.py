"""The vault: seals secrets so that only who holds the key file can read them."""

from isthmus.model.sealed import Sealed
from isthmus.vault.errors import KeyFileRefused, SealBroken
from isthmus.vault.vault import Aad, Vault, WrappedKey

__all__ = ["Aad", "KeyFileRefused", "SealBroken", "Sealed", "Vault", "WrappedKey"]
