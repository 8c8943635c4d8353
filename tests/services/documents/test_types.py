"""All 15 connection types: masked everywhere, kept by a PUT of what was read, refused where the destination moved."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.json import Document
from isthmus.model.secret import MASK, join, split
from isthmus.sdk.documents import connection_secrets
from isthmus.sdk.registry import connection_types
from isthmus.services.documents import compose
from isthmus.services.resources import ListQuery
from isthmus.store import Stored
from tests.rig.connections import ID, VARIANTS, example
from tests.rig.documents import ADMIN, Desk, read, replace

pytestmark = pytest.mark.anyio

OTHER = "5f8d43a1b9e5a80011a35fff"
ELSEWHERE = "https://elsewhere.example/x"

MOVED: dict[str, Any] = {
    "http.disableStrictSSL": True,
    "rest.disableStrictSSL": True,
    "rdbms.disableStrictSSL": True,
    "ftp.type": "sftp",
    "ftp.hostURI": "elsewhere.example",
    "ftp.port": 2222,
    "jdbc.type": "sqlserver",
    "jdbc.host": "elsewhere.example",
    "jdbc.port": 5001,
    "jdbc.properties": [{"name": "serverName", "value": "elsewhere.example"}],
    "mongodb.host": ["elsewhere.example:27017"],
    "mongodb.replicaSet": "other",
    "netsuite.account": "7654321",
    "netsuite.environment": "beta",
    "rdbms.type": "postgresql",
    "rdbms.host": "elsewhere.example",
    "rdbms.port": 3307,
    "rdbms.instanceName": "other",
    "rdbms.options": [{"name": "serverName", "value": "elsewhere.example"}],
    "rdbms.redshift.region": "eu-west-1",
    "salesforce.sandbox": False,
    "wrapper._stackId": OTHER,
}
"""Other values for destination fields; ids of iClients become another one, everything else another URL."""


async def with_iclients(docs: Desk) -> None:
    async with docs.store.write() as session:
        for known in (ID, OTHER):
            await session.documents.insert(Stored("iclients", known, compose({"_id": known}, {"name": "G"})))


def sealed(document: Document) -> dict[str, Any]:
    return split(document, connection_secrets(document["type"]))[1]


def files_holding(needle: bytes, folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and needle in file.read_bytes()]


def canaries(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from canaries(value)
    elif isinstance(node, list):
        for value in node:
            yield from canaries(value)
    elif isinstance(node, str) and "CANARY" in node:
        yield node


@pytest.mark.hostile(1)
@pytest.mark.hostile(15)
@pytest.mark.hostile(16)
@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=["-".join(pair) for pair in VARIANTS])
async def test_a_connection_of_every_type(embedded: Desk, tmp_path: Path, name: str, variant: str) -> None:
    await with_iclients(embedded)
    body = example(name, variant)
    resources = embedded.resources["connections"]
    made = await resources.create(ADMIN, copy.deepcopy(body))
    known = read(made)["_id"]
    seen = [made, await resources.replace(ADMIN, known, read(made)), await resources.get(ADMIN, known)]
    seen.append(await resources.patch(ADMIN, known, [replace("/name", "Patched")]))
    seen += (await resources.list(ADMIN, ListQuery())).items
    seen += (await resources.list(ADMIN, ListQuery(include=(name,)))).items
    assert all(b"CANARY" not in body for body in seen)
    whole = await embedded.whole("connections", known)
    assert set(canaries(whole)) == set(canaries(body))
    assert sealed(whole) == sealed(body)
    assert set(canaries(read(made))) == set()
    assert b"CANARY" not in repr(await embedded.rows()).encode()
    assert files_holding(b"CANARY", tmp_path) == []


DESTINATIONS = [(spec.name, field) for spec in connection_types().values() for field in spec.destination]


def bearer_of_secrets(name: str) -> list[Document]:
    return [body for known, variant in VARIANTS if known == name and sealed(body := example(known, variant))]


def moved(body: Document, field: str) -> Document:
    value = MOVED.get(field, OTHER if field.endswith("_iClientId") else ELSEWHERE)
    new = join(body, {"/" + field.replace(".", "/"): value})
    if field == "as2.userStationInfo.mdn.mdnURL":
        new = join(new, {"/as2/userStationInfo/mdn/mdnSigning": "NONE"})
    return new


@pytest.mark.hostile(17)
@pytest.mark.parametrize(("name", "field"), DESTINATIONS, ids=[field for _, field in DESTINATIONS])
async def test_no_secret_follows_a_changed_destination(embedded: Desk, name: str, field: str) -> None:
    await with_iclients(embedded)
    tried = 0
    for body in bearer_of_secrets(name):
        try:
            fresh = await embedded.create("connections", moved(body, field))
        except InvalidDocument:
            continue  # this variant cannot have the field at all
        if moved(body, field) == body:
            continue
        made = await embedded.create("connections", body)
        with pytest.raises(InvalidDocument) as caught:
            await embedded.put("connections", made["_id"], moved(made, field))
        assert field in {problem.field for problem in caught.value.problems}, body
        assert "CANARY" not in str(caught.value)
        assert sealed(await embedded.whole("connections", made["_id"])) == sealed(body)
        given = await embedded.put("connections", made["_id"], moved(body, field))
        assert {**given, "_id": 0, "createdAt": 0, "lastModified": 0, "queues": 0} == {
            **fresh,
            "_id": 0,
            "createdAt": 0,
            "lastModified": 0,
            "queues": 0,
        }
        tried += 1
    assert tried


@pytest.mark.parametrize(("name", "field"), [(s.name, f) for s in connection_types().values() for f in s.immutable])
async def test_what_is_immutable_stays(embedded: Desk, name: str, field: str) -> None:
    variant = next(variant for known, variant in VARIANTS if known == name)
    made = await embedded.create("connections", example(name, variant))
    with pytest.raises(InvalidDocument) as caught:
        await embedded.put("connections", made["_id"], join(made, {"/" + field.replace(".", "/"): "other"}))
    assert [problem.field for problem in caught.value.problems] == [field]


async def test_an_iclients_secrets_do_not_follow_its_token_uri(embedded: Desk) -> None:
    oauth2 = {"clientSecret": "CANARY-1", "token": {"uri": "https://idp.example/token"}}
    made = await embedded.create("iclients", {"provider": "google", "name": "G", "oauth2": oauth2})
    with pytest.raises(InvalidDocument) as caught:
        await embedded.put("iclients", made["_id"], moved(made, "oauth2.token.uri"))
    assert [problem.field for problem in caught.value.problems] == ["oauth2.token.uri"]
    assert (await embedded.get("iclients", made["_id"]))["oauth2"]["clientSecret"] == MASK
