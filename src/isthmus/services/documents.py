"""The bytes of a document: what is stored is what a client reads, but for `queues`, which lives outside the store.

Source: api.md sections 1 and 2.
"""

from typing import Final

import orjson

from isthmus.model.json import Document

LENDER: Final = "_borrowConcurrencyFromConnectionId"

HEAD: Final = ("_id", "createdAt", "lastModified")
"""The fields that stand in front and that only the service writes."""

_INSTANT: Final = "2025-03-28T15:22:51.518Z"
_ID: Final = 24
_LENDER_KEY: Final = f',"{LENDER}":"'.encode()
_LENDER_AT: Final = len(orjson.dumps({"_id": "0" * _ID, "createdAt": _INSTANT, "lastModified": _INSTANT})) - 1


def compose(head: Document, fields: Document) -> bytes:
    """Write a document with its id and times in front, then the lender of its queue where it has one.

    The lender's place is fixed so that a read finds it without parsing.
    """
    lender = {LENDER: fields[LENDER]} if LENDER in fields else {}
    rest = {key: value for key, value in fields.items() if key not in HEAD and key != LENDER}
    return orjson.dumps({**head, **lender, **rest})


def parse(body: bytes) -> Document:
    """Read a stored document."""
    document: Document = orjson.loads(body)
    return document


def split_head(document: Document) -> tuple[Document, Document]:
    """Part the id and the times, which the service writes, from the fields, which a client may write."""
    head = {key: value for key, value in document.items() if key in HEAD}
    return head, {key: value for key, value in document.items() if key not in HEAD}


def lender_of(body: bytes) -> str | None:
    """Tell whose queue a stored connection shares, None for its own."""
    start = _LENDER_AT + len(_LENDER_KEY)
    return body[start : start + _ID].decode() if body.startswith(_LENDER_KEY, _LENDER_AT) else None


def with_queue(body: bytes, name: str, size: int) -> bytes:
    """Append `queues` to a stored connection; `name` is an id."""
    return b'%b,"queues":[{"name":"%b","size":%d}]}' % (body[:-1], name.encode(), size)
