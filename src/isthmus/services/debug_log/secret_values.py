"""The values of a connection's secrets, as far as they are known: what the debug log masks by value."""

from collections.abc import Collection, Iterable
from typing import Final

from isthmus.model.json import Json
from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.redact import Redactor, secret_strings

EXCERPT: Final = 16 * 1024
"""Characters of a body that the debug log keeps."""


class SecretValues:
    """Grows as an adaptor learns new secrets; never shrinks, since an old one may still be echoed."""

    def __init__(self, secrets: Iterable[Json] = ()) -> None:
        self._texts: set[str] = set()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Json) -> None:
        """Note every text inside a secret, which may be an object."""
        self._texts.update(secret_strings(secret))

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def texts(self) -> Collection[str]:
        """Every text that is secret."""
        return self._texts


class Masking:
    """Masks exchanges by name and by the values that are known so far, their bodies cut to an excerpt."""

    def __init__(self, values: SecretValues) -> None:
        self._values = values
        self._known = len(values)
        self._redactor = Redactor(values.texts, EXCERPT)

    def __call__(self, exchange: Exchange) -> Exchange:
        """Mask one exchange."""
        if len(self._values) != self._known:
            self._known = len(self._values)
            self._redactor = Redactor(self._values.texts, EXCERPT)
        return self._redactor(exchange)
