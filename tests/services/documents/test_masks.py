from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.json import Document
from isthmus.model.secret import MASK, Secret, SecretPath
from isthmus.services.resources.destinations import changed_destinations
from isthmus.services.resources.masks import NOTHING, Held, merge
from tests.rig.documents import Desk, connection, replace

pytestmark = pytest.mark.anyio


def fields_of(error: pytest.ExceptionInfo[InvalidDocument]) -> list[str | None]:
    return [problem.field for problem in error.value.problems]


def basic(password: str | None, base: str = "https://a.example/x", **more: Any) -> Document:
    auth = {"type": "basic", "basic": {"username": "u", **({} if password is None else {"password": password})}}
    return {"type": "http", "name": "n", "http": {"baseURI": base, "mediaType": "json", "auth": auth, **more}}


@pytest.mark.hostile(15)
async def test_secrets_are_masked_in_every_answer_and_kept(docs: Desk) -> None:
    made = await docs.create("connections", basic("CANARY-1"))
    assert made["http"]["auth"]["basic"] == {"username": "u", "password": MASK}
    assert (await docs.get("connections", made["_id"]))["http"]["auth"]["basic"]["password"] == MASK
    assert (await docs.whole("connections", made["_id"]))["http"]["auth"]["basic"]["password"] == "CANARY-1"


@pytest.mark.hostile(16)
async def test_a_put_keeps_replaces_or_erases_a_secret(docs: Desk) -> None:
    made = await docs.create("connections", basic("CANARY-1"))
    known = made["_id"]
    await docs.put("connections", known, made)
    assert (await docs.whole("connections", known))["http"]["auth"]["basic"]["password"] == "CANARY-1"
    await docs.put("connections", known, basic("CANARY-2"))
    assert (await docs.whole("connections", known))["http"]["auth"]["basic"]["password"] == "CANARY-2"
    erased = await docs.put("connections", known, basic(None))
    assert erased["http"]["auth"]["basic"] == {"username": "u"}
    assert "password" not in (await docs.whole("connections", known))["http"]["auth"]["basic"]
    with pytest.raises(InvalidDocument) as caught:
        await docs.put("connections", known, basic(MASK))
    assert fields_of(caught) == ["http.auth.basic.password"]
    assert "give the secret itself" in str(caught.value)


@pytest.mark.hostile(19)
async def test_a_mask_without_a_stored_secret_is_a_problem(embedded: Desk) -> None:
    with pytest.raises(InvalidDocument) as caught:
        await embedded.create("connections", basic(MASK))
    assert fields_of(caught) == ["http.auth.basic.password"]


@pytest.mark.hostile(20)
@pytest.mark.parametrize("value", ["*****", "*******", "\uff0a" * 6, "****** ", " ******", "a******b", "0"])
async def test_what_only_looks_like_a_mask_is_a_value(embedded: Desk, value: str) -> None:
    made = await embedded.create("connections", basic("CANARY-1"))
    shown = await embedded.put("connections", made["_id"], basic(value))
    assert shown["http"]["auth"]["basic"]["password"] == MASK
    assert (await embedded.whole("connections", made["_id"]))["http"]["auth"]["basic"]["password"] == value


@pytest.mark.hostile(16)
async def test_encrypted_is_one_mask_and_a_mask_inside_it_keeps_its_own_key(docs: Desk) -> None:
    def body(encrypted: Any) -> Document:
        return connection("e", http={"baseURI": "https://a.example", "mediaType": "json", "encrypted": encrypted})

    made = await docs.create("connections", body({"a": "CANARY-a", "b": "CANARY-b", "c": {"d": ["CANARY-d", 1]}}))
    assert made["http"]["encrypted"] == MASK
    shown = await docs.put("connections", made["_id"], body({"a": MASK, "c": {"d": [MASK, 2]}, "x": "CANARY-x"}))
    assert shown["http"]["encrypted"] == MASK
    whole = await docs.whole("connections", made["_id"])
    assert whole["http"]["encrypted"] == {"a": "CANARY-a", "c": {"d": ["CANARY-d", 2]}, "x": "CANARY-x"}
    with pytest.raises(InvalidDocument) as caught:
        await docs.put("connections", made["_id"], body({"a": MASK, "gone": MASK}))
    assert fields_of(caught) == ["http.encrypted.gone"]
    moved = body({"a": MASK, "x": "CANARY-new"})
    moved["http"]["baseURI"] = "https://b.example"
    with pytest.raises(InvalidDocument) as caught:
        await docs.put("connections", made["_id"], moved)
    assert fields_of(caught) == ["http.baseURI"]


async def test_the_values_of_an_iclients_encrypted_are_masked_one_by_one(docs: Desk) -> None:
    oauth2 = {"encrypted": {"a.b/c": "CANARY-1", "d": "CANARY-2"}, "auth": {"queryParameters": {"k": "CANARY-3"}}}
    made = await docs.create("iclients", {"provider": "google", "name": "g", "oauth2": oauth2})
    assert made["oauth2"]["encrypted"] == {"a.b/c": MASK, "d": MASK}
    assert made["oauth2"]["auth"] == {"queryParameters": "****"}
    await docs.put("iclients", made["_id"], {**made, "name": "h"})
    assert (await docs.whole("iclients", made["_id"]))["oauth2"] == oauth2


@pytest.mark.hostile(17)
async def test_a_kept_mask_is_refused_where_the_destination_changed(docs: Desk) -> None:
    made = await docs.create("connections", basic("CANARY-1"))
    with pytest.raises(InvalidDocument) as caught:
        await docs.put("connections", made["_id"], basic(MASK, "https://evil.example/x", disableStrictSSL=True))
    assert fields_of(caught) == ["http.baseURI", "http.disableStrictSSL"]
    assert "http.auth.basic.password" in str(caught.value)
    assert (await docs.get("connections", made["_id"])) == made
    await docs.put("connections", made["_id"], basic("CANARY-2", "https://evil.example/x"))
    await docs.put("connections", made["_id"], basic(None, "https://third.example/x"))


@pytest.mark.hostile(18)
@pytest.mark.parametrize("path", ["/http/ping/relativeURI", "/http/auth/token/refreshRelativeURI"])
async def test_a_patch_of_the_destination_falls_under_the_same_rule(docs: Desk, path: str) -> None:
    made = await docs.create("connections", connection())
    with pytest.raises(InvalidDocument) as caught:
        await docs.patch("connections", made["_id"], replace(path, "https://evil.example/steal"))
    assert fields_of(caught) == [path[1:].replace("/", ".")]
    await docs.patch("connections", made["_id"], replace(path, "/relative"))
    assert (await docs.whole("connections", made["_id"]))["http"]["auth"]["token"]["token"] == "CANARY-token"


def http(**fields: Any) -> Document:
    return {"type": "http", "http": fields}


BASE = "https://a.example:8443/x"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (http(baseURI=BASE), http(baseURI="HTTPS://A.example:8443/x/")),
        (http(baseURI="https://a.example"), http(baseURI="https://a.example:443/")),
        (http(baseURI=BASE), http(baseURI=BASE + "?q=1#f")),
        (http(baseURI=BASE), http(baseURI=BASE, disableStrictSSL=False)),
        (http(baseURI=BASE, ping={"relativeURI": "/a"}), http(baseURI=BASE, ping={"relativeURI": "/b/{{x}}"})),
        (http(baseURI=BASE), http(baseURI=BASE, ping={"relativeURI": "api.test"})),
        (
            http(baseURI="https://{{connection.http.unencrypted.host}}/", unencrypted={"host": "a", "other": 1}),
            http(baseURI="https://{{connection.http.unencrypted.host}}/", unencrypted={"host": "a", "other": 2}),
        ),
    ],
)
def test_what_leads_to_the_same_place_may_change(old: Document, new: Document) -> None:
    fields = ("http.baseURI", "http.disableStrictSSL", "http.ping.relativeURI")
    assert changed_destinations(old, new, fields) == []


@pytest.mark.hostile(17)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (http(baseURI=BASE), http(baseURI="http://a.example:8443/x")),
        (http(baseURI=BASE), http(baseURI="https://a.example/x")),
        (http(baseURI=BASE), http(baseURI="https://b.example:8443/x")),
        (http(baseURI=BASE), http(baseURI="https://a.example:8443/y")),
        (http(baseURI=BASE), http(baseURI="https://u@a.example:8443/x")),
        (http(baseURI=BASE), http(baseURI="https://a.example:8443/X")),
        (http(baseURI=BASE), http(baseURI="{{settings.base}}")),
        (http(baseURI=BASE), http()),
        (
            http(baseURI="https://{{connection.http.unencrypted.host}}/", unencrypted={"host": "a"}),
            http(baseURI="https://{{connection.http.unencrypted.host}}/", unencrypted={"host": "b"}),
        ),
        (
            http(baseURI="{{#with connection}}{{http.unencrypted.host}}{{/with}}", unencrypted={"host": "a"}),
            http(baseURI="{{#with connection}}{{http.unencrypted.host}}{{/with}}", unencrypted={"host": "b"}),
        ),
        (
            http(baseURI='https://{{lookup connection.http.unencrypted "host"}}', unencrypted={"host": "a"}),
            http(baseURI='https://{{lookup connection.http.unencrypted "host"}}', unencrypted={"host": "b"}),
        ),
        (http(baseURI="https://{{x}}"), http(baseURI="https://{{{x}}}")),
        (
            {"settings": {"h": "a"}, **http(baseURI="https://{{settings.connection.h}}")},
            {"settings": {"h": "b"}, **http(baseURI="https://{{settings.connection.h}}")},
        ),
    ],
)
def test_what_leads_elsewhere_is_noticed(old: Document, new: Document) -> None:
    assert changed_destinations(old, new, ("http.baseURI",)) == ["http.baseURI"]


@pytest.mark.hostile(17)
async def test_a_new_secret_that_makes_up_the_host_does_not_take_the_others_along(embedded: Desk) -> None:
    """`{{connection.http.encrypted.host}}` as base, with a new host given and the token kept."""

    def body(encrypted: Any, token: str) -> Document:
        auth = {"type": "token", "token": {"token": token, "location": "header"}}
        base = "https://{{connection.http.encrypted.host}}/"
        fields = {"baseURI": base, "mediaType": "json", "auth": auth, "encrypted": encrypted}
        return {"type": "http", "name": "n", "http": fields}

    made = await embedded.create("connections", body({"host": "a.example"}, "CANARY-t"))
    with pytest.raises(InvalidDocument) as caught:
        await embedded.put("connections", made["_id"], body({"host": "evil.example"}, MASK))
    assert fields_of(caught) == ["http.baseURI"]
    await embedded.put("connections", made["_id"], body(MASK, "CANARY-t2"))


@pytest.mark.hostile(17)
async def test_a_new_host_inside_encrypted_does_not_take_along_the_key_kept_beside_it(embedded: Desk) -> None:
    """`encrypted` is one secret of many parts: those given anew count as changed, those masked as kept."""

    def body(**encrypted: Any) -> Document:
        base = "https://{{connection.http.encrypted.host}}/"
        fields = {"baseURI": base, "mediaType": "json", "auth": {"type": "custom"}, "encrypted": encrypted}
        return {"type": "http", "name": "n", "http": fields}

    made = await embedded.create("connections", body(host="a.example", key="CANARY-k"))
    for taken in (body(host="evil.example", key=MASK), body(key=MASK)):
        with pytest.raises(InvalidDocument) as caught:
            await embedded.put("connections", made["_id"], taken)
        assert fields_of(caught) == ["http.baseURI"]
    await embedded.put("connections", made["_id"], body(host=MASK, key="CANARY-k2"))
    whole = await embedded.whole("connections", made["_id"])
    assert whole["http"]["encrypted"] == {"host": "a.example", "key": "CANARY-k2"}


@pytest.mark.hostile(17)
@pytest.mark.parametrize(
    "uri",
    [
        "http{{{connection.http.unencrypted.rest}}}",
        " HTTPS{{{x}}}",
        "h{{{concat 'ttp://evil.example'}}}",
        "{{{x}}}",
        "//evil.example/x",
        "/\\evil.example",
    ],
)
def test_a_relative_uri_whose_template_may_name_a_host_counts_as_a_destination(uri: str) -> None:
    field = "http.auth.token.refreshRelativeURI"
    old = http(baseURI=BASE, auth={"token": {"refreshRelativeURI": "/token"}})
    new = http(baseURI=BASE, auth={"token": {"refreshRelativeURI": uri}}, unencrypted={"rest": "://evil.example"})
    assert changed_destinations(old, new, (field,)) == [field]


def test_a_mask_in_an_array_stands_for_the_secret_of_its_own_item() -> None:
    paths: dict[SecretPath, Secret] = {("items", "*", "key"): Secret()}
    stored = {"items": [{"host": "a", "key": MASK}, {"host": "b", "key": MASK}]}
    held = Held(stored, {"/items/0/key": "CANARY-a", "/items/1/key": "CANARY-b"})
    assert dict(merge(stored, paths, held).secrets) == held.secrets
    swapped = {"items": list(reversed(stored["items"]))}
    with pytest.raises(InvalidDocument) as caught:
        merge(swapped, paths, held)
    assert fields_of(caught) == ["items[0].key", "items[1].key"]
    longer = {"items": [*stored["items"], {"host": "c", "key": MASK}]}
    with pytest.raises(InvalidDocument) as caught:
        merge(longer, paths, held)
    assert fields_of(caught) == ["items[2].key"]
    with pytest.raises(InvalidDocument):
        merge(stored, paths, NOTHING)
