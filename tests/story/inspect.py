"""Holds a service that came back to what it acknowledged before it died."""

from typing import Any

from tests.rig.black_box import Service
from tests.story.ledger import Known, Ledger
from tests.story.writers import masked


def inspect(service: Service, ledger: Ledger) -> None:
    """Check every document, audit row, secret and token; what was in doubt is settled by what is found."""
    for id_, known in ledger.documents.items():
        ledger.documents[id_] = _settled(service, id_, known, ledger.doubts.pop(id_, None))
    _check_unknown(service, ledger)
    for token in ledger.live_tokens:
        assert _as(service, token).call("GET", "/v1/tokenInfo").status_code == 200
    for token in ledger.dead_tokens:
        assert _as(service, token).call("GET", "/v1/tokenInfo").status_code == 401


def _settled(service: Service, id_: str, known: Known, doubtful: Known | None) -> Known:
    events = _events(service, known.resource, id_)
    found = doubtful if doubtful is not None and events == doubtful.events else known
    assert events == found.events, (known, doubtful)
    answer = service.call("GET", f"/v1/{known.kind}/{id_}")
    if found.content is None:
        assert answer.status_code == 404
        return found
    assert answer.status_code == 200, (answer.text, found)
    _check_content(answer.json(), id_, found)
    if found.kind == "connections":
        assert service.call("POST", f"/v1/connections/{id_}/ping").json() == {"code": 200}, "the secret is another one"
    return found


def _check_content(shown: dict[str, Any], id_: str, found: Known) -> None:
    assert found.content is not None
    expected = masked(found.content) if found.kind == "connections" else found.content
    assert shown["_id"] == id_
    assert shown["name"] == expected["name"]
    assert shown["http"].items() >= expected["http"].items()


def _events(service: Service, resource: str, id_: str) -> tuple[str, ...]:
    rows = service.call("GET", f"/v1/audit?resourceType={resource}&_resourceId={id_}&limit=1000").json()
    assert {row["_resourceId"] for row in rows} <= {id_}
    return tuple(row["event"] for row in reversed(rows))


def _check_unknown(service: Service, ledger: Ledger) -> None:
    """A create that got no answer made a whole document with its one audit row, or nothing."""
    strangers = [
        (kind, document)
        for kind in ("connections", "exports")
        for document in _all(service, kind)
        if document["_id"] not in ledger.documents
    ]
    assert len(strangers) <= ledger.unanswered_creates
    for kind, document in strangers:
        assert _events(service, kind[:-1], document["_id"]) == ("create",)
        if kind == "connections":
            assert service.call("POST", f"/v1/connections/{document['_id']}/ping").json() == {"code": 200}


def _all(service: Service, kind: str) -> list[dict[str, Any]]:
    answer = service.call("GET", f"/v1/{kind}?limit=1000")
    found: list[dict[str, Any]] = answer.json() if answer.content else []
    return found


def _as(service: Service, token: str) -> Service:
    return Service(service.url, token, service.data, service.process)
