"""Totals that a page may state: how many pages there are, how many records."""

from isthmus.adaptors.http.fields import text
from isthmus.adaptors.http.paging.base import Seen
from isthmus.adaptors.http.texts import as_number
from isthmus.model.json import Document


def total(paging: Document, field: str, seen: Seen) -> float | None:
    """Read the number at `maxPagePath` or `maxCountPath`; None where it is not configured, not there or no number."""
    path = text(paging, field)
    return as_number(seen.answer.at(path)) if path else None
