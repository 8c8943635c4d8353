"""The one account of an installation: it stands in the keys of the store and of seals, so that several may follow."""

from typing import Final

ACCOUNT: Final = "main"
