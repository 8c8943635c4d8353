"""Groups records into batches, and finds each record's part in the answer to a batch. Source: imports.md section 3."""

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from typing import Final

from isthmus.adaptors.http.texts import as_text
from isthmus.model.json import Json
from isthmus.sdk import Outgoing

Batch = tuple[Outgoing, ...]
MAX_KEYS: Final = 50
"""So many fields of a batch are compared with its answer."""


async def batched(records: AsyncIterable[Outgoing], size: int) -> AsyncIterator[Batch]:
    """Group records that follow one another and have the same operation."""
    waiting: list[Outgoing] = []
    async for record in records:
        if waiting and (len(waiting) >= size or waiting[0].operation != record.operation):
            yield tuple(waiting)
            waiting = []
        waiting.append(record)
        if len(waiting) >= size:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)


def why_not_matched(sent: Sequence[Json], answered: Json) -> str:
    """Say why the answers cannot be told apart by their place; "" when they can. Positions are never guessed."""
    if not isinstance(answered, list):
        return "has no list of results at response.resourcePath"
    if len(answered) != len(sent):
        return f"has {len(answered)} results for {len(sent)} records"
    if _reordered(sent, answered):
        return "has its results in another order than the records were sent"
    return ""


def _reordered(sent: Sequence[Json], answered: Sequence[Json]) -> bool:
    """Whether a field that every record and every result has holds the same values in another order."""
    first_sent, first_answered = sent[0], answered[0]
    if not isinstance(first_sent, dict) or not isinstance(first_answered, dict):
        return False
    for key in list(first_sent)[:MAX_KEYS]:
        ours, theirs = _column(sent, key), _column(answered, key)
        if ours is not None and theirs is not None and ours != theirs and Counter(ours) == Counter(theirs):
            return True
    return False


def _column(rows: Sequence[Json], key: str) -> list[str] | None:
    """The values of a field as text; None unless every row has a plain one."""
    values = []
    for row in rows:
        value = row.get(key) if isinstance(row, dict) else None
        if value is None or isinstance(value, dict | list):
            return None
        values.append(as_text(value))
    return values
