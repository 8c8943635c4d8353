"""Keeps secrets out of messages: whatever a target echoes is searched for every secret that this connection knows."""

from collections.abc import Iterable, Iterator
from typing import Final

from isthmus.model.json import Json
from isthmus.transport.http.redact.values import ValueMask

EXCERPT: Final = 400


class Masker:
    """Replaces the secrets that it knows, however they are written, by six asterisks."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = frozenset(secrets)
        self._values: ValueMask | None = None

    def learn(self, *secrets: str) -> None:
        """Add secrets: refreshed tokens, cookies, encoded credentials."""
        if not self._known.issuperset(secrets):
            self._known |= frozenset(secrets)
            self._values = None

    def excerpt(self, text: str, limit: int = EXCERPT) -> str:
        """Mask the beginning of a text and cut it so that no half of a secret is left at the cut."""
        if self._values is None:
            self._values = ValueMask(self._known)
        masked = self._values.mask(text[: limit + self._values.needed], limit)
        masked = " ".join(masked.split())
        return f"{masked}..." if len(text) > limit else masked


def differing(whole: Json, display: Json) -> Iterator[str]:
    """Find the secrets of a document: every text that its display form does not show."""
    if isinstance(whole, dict):
        shown = display if isinstance(display, dict) else {}
        for key, value in whole.items():
            yield from differing(value, shown.get(key))
    elif isinstance(whole, list):
        shown_items = display if isinstance(display, list) and len(display) == len(whole) else [None] * len(whole)
        for value, item in zip(whole, shown_items, strict=True):
            yield from differing(value, item)
    elif isinstance(whole, str) and whole != display:
        yield whole
