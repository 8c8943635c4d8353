"""Finds secrets by their value, however they were written: plain, percent-encoded, as JSON, in base64, in hex."""

import base64
import json
import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from isthmus.model.secret import MASK

SHORTEST: Final = 6
"""A shorter value is not looked for: it would blot out ordinary text."""

_HEAD: Final = 128
_CONSIDERED: Final = 64 * 1024
_LINE: Final = 16
_CODED: Final = 4096
_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")


class ValueMask:
    """Masks every known way of writing a set of secrets, in time linear in the text."""

    def __init__(self, secrets: Collection[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        heads: dict[str, list[str]] = {}
        for form in sorted(forms, key=lambda form: (-len(form), form)):
            heads.setdefault(form[:_HEAD], []).append(form)
        self._whole = heads
        self._pattern = re.compile("|".join(map(re.escape, heads))) if heads else None
        self.needed = max(map(len, heads), default=0)
        """How many characters from its beginning tell that a secret stands there."""

    def mask(self, text: str, cut: int | None = None) -> str:
        """Mask a text, and leave out what begins at `cut` or later.

        With a `cut`, hand in at least `needed` characters more, so that no half of a secret is taken for plain text.
        """
        end = len(text) if cut is None else min(cut, len(text))
        if self._pattern is None:
            return text[:end]
        parts: list[str] = []
        at = 0
        while (found := self._pattern.search(text, at)) is not None and found.start() < end:
            parts += (text[at : found.start()], MASK)
            at = found.end() + max(_more(text, found.end(), form) for form in self._whole[found[0]])
        parts.append(text[at:end])
        return "".join(parts)


def _more(text: str, at: int, form: str) -> int:
    """Tell how far a text goes on like a long secret after its head; a secret may be cut off anywhere."""
    done, step = 0, _HEAD
    while step and done + _HEAD < len(form):
        piece = form[_HEAD + done : _HEAD + done + step]
        if text.startswith(piece, at + done):
            done += len(piece)
            step *= 2
        else:
            step //= 2
    return done


def _forms(secret: str) -> Iterator[str]:
    if len(secret) < SHORTEST:
        return
    text = secret[:_CONSIDERED]
    yield from _written(text)
    if "\n" in text:
        for line in text.splitlines():
            if len(line) >= _LINE:
                yield from _written(line)
    yield from _coded(text[:_CODED].encode("utf-8", "surrogatepass"))


def _written(text: str) -> Iterator[str]:
    yield text
    for escaped in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield escaped
        yield escaped.replace("/", "\\/")
    raw = text.encode("utf-8", "surrogatepass")
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield _ESCAPE.sub(lambda found: found[0].lower(), quoted)
    yield text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _coded(raw: bytes) -> Iterator[str]:
    """Base64 looks different at each of three offsets; the inner characters of each tell, whoever stands around it."""
    yield raw.hex()
    yield raw.hex().upper()
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw).decode()
        inner = text[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")
        yield quote(inner, safe="")
