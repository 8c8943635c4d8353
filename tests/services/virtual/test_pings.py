import pytest

from isthmus.model.errors import (
    CredentialsRejected,
    Forbidden,
    InvalidDocument,
    NotFound,
    RemoteError,
    Throttled,
    Unreachable,
    Unsupported,
)
from isthmus.model.json import Document
from isthmus.sdk import Fault, PingResult
from tests.rig.documents import ADMIN, LIMITED
from tests.rig.virtual import Bench, fields_of

pytestmark = pytest.mark.anyio

REFUSED = PingResult(401, (Fault("401", "token revoked"),))
UNSAVED: Document = {
    "type": "http",
    "http": {
        "baseURI": "https://acme.example",
        "mediaType": "json",
        "auth": {"type": "token", "token": {"token": "t"}},
    },
}


async def test_a_good_ping_answers_200_and_writes_nothing(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    before = await isthmus.desk.get("connections", id_)
    assert await isthmus.pings.saved(ADMIN, id_) == {"code": 200}
    assert await isthmus.desk.get("connections", id_) == before
    assert len(await isthmus.desk.rows()) == 1


async def test_a_failed_ping_sets_offline_and_a_good_one_clears_it(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    before = await isthmus.desk.get("connections", id_)
    isthmus.system.ping = REFUSED
    for _ in range(2):
        answer = await isthmus.pings.saved(ADMIN, id_)
        assert answer == {"code": 401, "errors": [{"code": "401", "message": "token revoked"}]}
    offline = await isthmus.desk.get("connections", id_)
    assert offline == {**before, "offline": True}, "lastModified stays: nobody edited the connection"
    isthmus.system.ping = PingResult()
    for _ in range(2):
        assert await isthmus.pings.saved(ADMIN, id_) == {"code": 200}
    assert (await isthmus.desk.get("connections", id_))["offline"] is False
    changes = [(row.source, row.event, row.field_changes) for row in await isthmus.desk.rows()][:-1]
    assert changes == [
        ("system", "update", [{"fieldPath": "offline", "oldValue": True, "newValue": False}]),
        ("system", "update", [{"fieldPath": "offline", "newValue": True}]),
    ]
    assert len(isthmus.system.openings) == 1, "the flag is no reason to open the connection anew"
    assert (await isthmus.desk.whole("connections", id_))["http"]["auth"]["token"]["token"] == "CANARY-0123456789abcdef"


@pytest.mark.parametrize(
    ("error", "code", "offline"),
    [
        (Unreachable("unreachable", "No answer."), "unreachable", True),
        (CredentialsRejected("401", "token revoked", status=401), "401", True),
        (Throttled("429", "Too many requests.", status=429), "429", False),
    ],
)
async def test_a_target_that_fails_is_an_answer(isthmus: Bench, error: RemoteError, code: str, offline: bool) -> None:  # noqa: FBT001  # a parameter of the table
    id_ = await isthmus.connection()
    isthmus.system.broken = error
    answer = await isthmus.pings.saved(ADMIN, id_)
    assert answer == {"code": 401, "errors": [{"code": code, "message": error.message}]}
    assert (await isthmus.desk.get("connections", id_)).get("offline", False) is offline


async def test_a_ping_of_something_edited_meanwhile_says_nothing_about_it(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    async with isthmus.connections.saved(ADMIN, id_) as used:
        await isthmus.desk.patch("connections", id_, {"op": "replace", "path": "/name", "value": "New"})
        from isthmus.services.offline_marks import OfflineMarks  # noqa: PLC0415  # the one test that marks by hand

        await OfflineMarks(isthmus.desk.context).mark(used, ADMIN, offline=True)
    assert "offline" not in await isthmus.desk.get("connections", id_)


async def test_a_virtual_ping_writes_nothing(isthmus: Bench) -> None:
    assert await isthmus.pings.virtual(ADMIN, UNSAVED) == {"code": 200}
    isthmus.system.ping = REFUSED
    assert (await isthmus.pings.virtual(ADMIN, UNSAVED))["code"] == 401
    assert await isthmus.desk.rows() == []
    assert isthmus.system.open_now == 0
    assert isthmus.system.openings[0].connection["http"]["auth"]["token"]["token"] == "t"
    assert isthmus.system.openings[0].display["http"]["auth"]["token"]["token"] == ""


@pytest.mark.hostile(22)
async def test_a_masked_secret_with_a_known_id_is_the_stored_one(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    sent = await isthmus.desk.get("connections", id_)
    assert await isthmus.pings.virtual(ADMIN, sent) == {"code": 200}
    assert isthmus.system.openings[0].connection["http"]["auth"]["token"]["token"] == "CANARY-0123456789abcdef"


@pytest.mark.hostile(17)
@pytest.mark.hostile(22)
@pytest.mark.parametrize("base_uri", ["http://127.0.0.2:1/api", "http://127.0.0.1:2/api", "http://127.0.0.1:1/other"])
async def test_a_masked_secret_goes_nowhere_else(isthmus: Bench, base_uri: str) -> None:
    sent = await isthmus.desk.get("connections", await isthmus.connection())
    sent["http"]["baseURI"] = base_uri
    with pytest.raises(InvalidDocument) as refusal:
        await isthmus.pings.virtual(ADMIN, sent)
    assert fields_of(refusal.value) == ["http.baseURI"]
    assert isthmus.system.openings == []


@pytest.mark.parametrize("known", [None, "f" * 24, "nonsense", 7])
async def test_a_mask_without_a_stored_secret_is_refused(isthmus: Bench, known: object) -> None:
    sent = {
        **UNSAVED,
        "_id": known,
        "http": {**UNSAVED["http"], "auth": {"type": "token", "token": {"token": "******"}}},
    }
    with pytest.raises(InvalidDocument) as refusal:
        await isthmus.pings.virtual(ADMIN, sent)
    assert fields_of(refusal.value) == ["http.auth.token.token"]


@pytest.mark.parametrize("body", [None, [], "x", 3])
async def test_a_virtual_ping_of_no_document_is_refused(isthmus: Bench, body: object) -> None:
    with pytest.raises(InvalidDocument):
        await isthmus.pings.virtual(ADMIN, body)


async def test_a_type_that_nothing_can_call_says_what_works(isthmus: Bench) -> None:
    s3 = {"type": "s3", "name": "S3", "s3": {"accessKeyId": "a", "secretAccessKey": "b"}}
    created = await isthmus.desk.create("connections", s3)
    for refused in (isthmus.pings.saved(ADMIN, created["_id"]), isthmus.pings.virtual(ADMIN, s3)):
        with pytest.raises(Unsupported, match="http and rest") as refusal:
            await refused
        assert refusal.value.problems[0].field == "type"


@pytest.mark.hostile(40)
async def test_a_custom_token_pings_what_it_lists_and_nothing_else(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    with pytest.raises(NotFound):
        await isthmus.pings.saved(LIMITED, id_)
    with pytest.raises(Forbidden):
        await isthmus.pings.virtual(LIMITED, UNSAVED)


@pytest.mark.parametrize("unknown", ["f" * 24, "x", ""])
async def test_an_unknown_connection_is_not_found(isthmus: Bench, unknown: str) -> None:
    with pytest.raises(NotFound):
        await isthmus.pings.saved(ADMIN, unknown)


async def test_the_pinger_brings_connections_back(isthmus: Bench) -> None:
    isthmus.system.ping = REFUSED
    ids = [await isthmus.connection(name=f"c{n}") for n in range(6)]
    for id_ in ids[:5]:
        await isthmus.pings.saved(ADMIN, id_)
    isthmus.system.calls.clear()
    isthmus.system.ping = PingResult()
    assert await isthmus.pinger.once() == 5
    assert isthmus.system.calls == ["ping"] * 5
    assert await isthmus.pinger.once() == 0
    for id_ in ids:
        assert not (await isthmus.desk.get("connections", id_)).get("offline")


async def test_a_ping_that_breaks_does_not_stop_the_pinger(isthmus: Bench) -> None:
    isthmus.system.ping = REFUSED
    for n in range(3):
        await isthmus.pings.saved(ADMIN, await isthmus.connection(name=f"c{n}"))
    isthmus.system.broken = RuntimeError("a fault of an adaptor")  # type: ignore[assignment]  # what must not happen, happening
    assert await isthmus.pinger.once() == 3
