"""Rules are compiled when a document is saved: a bad one is refused with its place. mapping.md."""

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.json import Document
from tests.rig.documents import Desk, connection, export, import_

pytestmark = pytest.mark.anyio

BAD = {"type": "expression", "expression": {"version": "1", "rules": ["nonsense", 1]}}


@pytest.mark.parametrize(
    ("kind", "extra", "field"),
    [
        ("imports", {"mappings": [{"generate": "a", "dataType": "string", "extract": "$.x"}]}, "mappings"),
        ("imports", {"mapping": {"fields": [{"extract": "x"}]}}, "mapping"),
        ("imports", {"filter": BAD}, "filter"),
        ("exports", {"filter": BAD}, "filter"),
        ("exports", {"inputFilter": BAD}, "inputFilter"),
    ],
)
async def test_a_rule_that_cannot_be_compiled_is_refused(
    embedded: Desk, kind: str, extra: Document, field: str
) -> None:
    used = (await embedded.create("connections", connection()))["_id"]
    body = export(used) if kind == "exports" else import_(used)
    made = await embedded.create(kind, body)
    for call in (embedded.create(kind, {**body, **extra}), embedded.put(kind, made["_id"], {**body, **extra})):
        with pytest.raises(InvalidDocument) as caught:
            await call
        assert all((problem.field or "").startswith(field) for problem in caught.value.problems)
