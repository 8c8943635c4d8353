"""Records out of a response. Source: exports.md section 2 "response"."""

from typing import Final

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.fields import block
from isthmus.model.json import Document, Json, Record
from isthmus.records.paths import MISSING

NO_CONTENT: Final = 204


def records_of(answer: Answer, resource_path: str, response_rules: Document) -> list[Record]:
    """Take the records out of an answer.

    Without a path a list gives its members and anything else is one record; a path that leads nowhere gives none.
    Raises Rejected for a body that cannot be read.
    """
    if answer.status == NO_CONTENT or answer.empty:
        return []
    value = answer.content()
    if resource_path and answer.media != "csv":
        value = answer.all_at(resource_path)
    rows = block(response_rules, "twoDArray")
    found = _listed(value)
    return _named(found, rows) if "twoDArray" in response_rules else found


def _listed(value: Json) -> list[Record]:
    if value is MISSING or value is None:
        return []
    return value if isinstance(value, list) else [value]


def _named(rows: list[Json], rules: Document) -> list[Record]:
    """Turn rows of cells into records: by the header row, else by `Column0`, `Column1` ..."""
    if rules.get("doNotNormalize") is True or not all(isinstance(row, list) for row in rows):
        return rows
    if rules.get("hasHeader") is True:
        header, rows = [str(name) for name in rows[0]] if rows else [], rows[1:]
    else:
        header = []
    return [{_name(header, index): cell for index, cell in enumerate(row)} for row in rows]


def _name(header: list[str], index: int) -> str:
    return header[index] if index < len(header) else f"Column{index}"
