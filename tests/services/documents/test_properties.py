"""Whatever is sent, no secret comes back: any document, any mask, any PATCH, over every type of connection."""

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.model.errors import Refused
from isthmus.model.json import Document
from isthmus.model.patchable import allowed
from isthmus.model.secret import MASK, from_pointer, join, split
from isthmus.sdk.documents import connection_secrets
from isthmus.services.documents import compose
from isthmus.services.resources import ListQuery
from isthmus.store import Stored
from tests.rig.connections import ID, VARIANTS, example
from tests.rig.documents import ADMIN, Desk, desk, read

pytestmark = pytest.mark.anyio

BODIES = [body for pair in VARIANTS if split(body := example(*pair), connection_secrets(pair[0]))[1]]
SECRETS = sorted({f"/{'/'.join(path)}" for name, _ in VARIANTS for path in connection_secrets(name)})
VALUES = st.sampled_from(
    [MASK, "CANARY-new", "", None, 7, True, [MASK], {"a": MASK}, {"a": "CANARY-in"}, {"a": [{"b": MASK}]}, ["CANARY-l"]]
)
PLAIN = st.sampled_from([MASK, "plain", "", None, 7, True, ["x"], {"a": MASK}, "2026-03-28T15:30:00Z"])
NAMES = st.sampled_from(["replace", "add", "remove", "test", "copy", "move"])
OPERATIONS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"op": NAMES, "path": st.sampled_from(sorted(allowed("connections")))}, optional={"value": PLAIN}
        ),
        st.fixed_dictionaries(
            {"op": NAMES, "path": st.sampled_from([*SECRETS, "/type", "/_id", "/settings", "", "/x", "x"])},
            optional={"from": st.sampled_from(SECRETS), "value": VALUES},
        ),
    ),
    max_size=4,
)


@pytest.fixture
async def docs(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as opened:
        async with opened.store.write() as session:
            await session.documents.insert(Stored("iclients", ID, compose({"_id": ID}, {"name": "G"})))
        yield opened


def without(document: Document, pointer: str) -> Document:
    result = copy.deepcopy(document)
    *parents, last = from_pointer(pointer)
    node: Any = result
    for key in parents:
        node = node.get(key) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node.pop(last, None)
    return result


@st.composite
def edits(draw: st.DrawFn) -> tuple[Document, list[tuple[str, Any]], list[Document]]:
    """A stored connection, values to set in it (absent: leave out), and a PATCH."""
    body = draw(st.sampled_from(BODIES))
    secrets = st.sampled_from([f"/{'/'.join(path)}" for path in connection_secrets(body["type"])])
    others = st.sampled_from(["/name", "/settings", "/externalId"])
    place = st.one_of(st.tuples(secrets, VALUES | st.just(...)), st.tuples(others, PLAIN | st.just(...)))
    places = draw(st.lists(place, max_size=3))
    return body, places, draw(OPERATIONS)


def edited(document: Document, places: list[tuple[str, Any]]) -> Document:
    for pointer, value in places:
        document = without(document, pointer) if value is ... else join(document, {pointer: value})
    return document


@pytest.mark.hostile(15)
@pytest.mark.hostile(16)
@given(edit=edits())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_secret_is_ever_shown(
    docs: Desk, edit: tuple[Document, list[tuple[str, Any]], list[Document]]
) -> None:
    body, places, operations = edit
    resources = docs.resources["connections"]
    made = await resources.create(ADMIN, body)
    known = read(made)["_id"]
    shown: list[object] = [made]
    sent = edited(read(made), places)
    for call in (resources.replace(ADMIN, known, sent), resources.patch(ADMIN, known, operations)):
        try:
            shown.append(await call)
        except Refused as refusal:
            shown.append(refusal.problems)
    shown += [await resources.get(ADMIN, known), await docs.audit.of(ADMIN, "connections", known)]
    shown.append((await resources.list(ADMIN, ListQuery(exclude=("name",), filters={"type": body["type"]}))).items)
    assert [text for text in map(repr, shown) if "CANARY" in text] == []
    stored = await docs.whole("connections", known)
    assert MASK not in repr(list(split(stored, connection_secrets(body["type"]))[1].values()))
    await resources.delete(ADMIN, known)
