"""A whole account with every connection type moves from one service to another by the command line."""

import json
from pathlib import Path
from typing import Any

from tests.rig import bodies
from tests.rig.black_box import Service, run, serving
from tests.rig.connections import ID, VARIANTS, example

MASK = "******"
OF_ITS_OWN = ("_id", "createdAt", "lastModified", "offline", "queues")


def fill(service: Service) -> int:
    """Make a connection of every kind that there is, and one of each other document; gives how many."""
    iclient = service.create("iclients", bodies.iclient())["_id"]
    made = [_with_iclient(example(*variant), iclient) for variant in VARIANTS]
    ids = [service.create("connections", document)["_id"] for document in made]
    http = ids[[name for name, _ in VARIANTS].index("http")]
    integration = service.create("integrations", {"name": "All", "_registeredConnectionIds": ids})["_id"]
    export = service.create("exports", bodies.export(http, _integrationId=integration))["_id"]
    import_ = service.create("imports", bodies.import_(http))["_id"]
    service.create("flows", bodies.flow(export, import_, _integrationId=integration))
    return len(ids) + 5


def _with_iclient(document: Any, iclient: str) -> Any:
    if isinstance(document, dict):
        return {k: iclient if (k, v) == ("_iClientId", ID) else _with_iclient(v, iclient) for k, v in document.items()}
    return document


def env_of(service: Service) -> dict[str, str]:
    return {"ISTHMUS_URL": service.url, "ISTHMUS_TOKEN": service.token}


def exported(service: Service, file: Path) -> dict[str, list[dict[str, Any]]]:
    done = run("connections", "export", str(file), env=env_of(service))
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def masks(value: Any, at: str = "") -> set[str]:
    """Find the dotted fields where a mask stands."""
    if value == MASK:
        return {at}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return set().union(*(masks(v, f"{at}[{k}]" if isinstance(k, int) else f"{at}.{k}".lstrip(".")) for k, v in items))


def bare(document: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    """Leave out what a service says of its own, and every secret."""
    kept = {key: value for key, value in document.items() if key not in OF_ITS_OWN}
    return {key: value for key, value in _leaves(kept).items() if key not in hidden and value != {}}


def _leaves(value: Any, at: str = "") -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        return {at: value}
    return {path: leaf for k, v in value.items() for path, leaf in _leaves(v, f"{at}.{k}".lstrip(".")).items()}


def test_an_account_of_every_type_moves(tmp_path: Path) -> None:
    no_limit = {"ISTHMUS_RATE_LIMIT": "0"}
    file = tmp_path / "account.json"
    with serving(tmp_path / "one", no_limit) as one:
        count = fill(one)
        old = exported(one, file)
    assert "CANARY" not in file.read_text(encoding="utf-8")
    with serving(tmp_path / "two", no_limit) as two:
        done = run("connections", "import", str(file), "--json", env=env_of(two))
        outcome = json.loads(done.stdout)
        assert (done.returncode, outcome["failed"]) == (0, []), outcome["failed"]
        assert outcome["created"] == count == sum(map(len, old.values()))
        documents = [document for kind in old.values() for document in kind]
        wanted = {(document["name"], field) for document in documents for field in masks(document)}
        listed = {(entry["resource"].split(" ", 1)[1], entry["field"]) for entry in outcome["secretsToGive"]}
        assert listed == wanted
        ids: dict[str, str] = json.loads((tmp_path / "account.json.ids.json").read_text(encoding="utf-8"))
        assert len(ids) == count
        new = exported(two, tmp_path / "back.json")
        for kind, found in old.items():
            known = {document["_id"]: document for document in new[kind]}
            assert len(found) == len(known)
            for document in found:
                expected = json.loads(_translated(json.dumps(document), ids))
                hidden = masks(document)
                assert bare(known[expected["_id"]], hidden) == bare(expected, hidden)
                assert known[expected["_id"]].get("offline", False) is (kind == "connections" and bool(hidden))
        again = json.loads(run("connections", "import", str(file), "--json", env=env_of(two)).stdout)
        assert (again["created"], again["alreadyThere"], again["failed"]) == (0, count, [])


def _translated(text: str, ids: dict[str, str]) -> str:
    for old, new in ids.items():
        text = text.replace(old, new)
    return text
