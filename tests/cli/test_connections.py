"""`isthmus connections` against a running service."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rig import bodies
from tests.rig.black_box import run
from tests.rig.service import Service

OLD = {name: f"{number:024x}" for number, name in enumerate(("i", "c1", "c2", "e", "m", "f", "ic"), start=1)}


@pytest.fixture
def env(service: Service) -> dict[str, str]:
    return {"ISTHMUS_URL": service.url, "ISTHMUS_TOKEN": service.token}


def account() -> dict[str, list[dict[str, Any]]]:
    """Documents as another account gives them: ids of its own, secrets masked."""
    masked = bodies.connection(_id=OLD["c1"], name="Moved", lastModified="2020-01-01T00:00:00.000Z", queues=[])
    masked["http"]["auth"]["token"]["token"] = "******"
    masked["http"]["encrypted"] = "******"
    borrower = bodies.connection(_id=OLD["c2"], name="Borrower", _borrowConcurrencyFromConnectionId=OLD["c1"])
    iclient = bodies.iclient(_id=OLD["ic"])
    iclient["oauth2"]["clientSecret"] = "******"
    return {
        "flows": [bodies.flow(OLD["e"], OLD["m"], _id=OLD["f"], _integrationId=OLD["i"])],
        "imports": [bodies.import_(OLD["c2"], _id=OLD["m"])],
        "exports": [bodies.export(OLD["c1"], _id=OLD["e"], _integrationId=OLD["i"])],
        "connections": [borrower, masked],
        "integrations": [{"_id": OLD["i"], "name": "Moved", "_registeredConnectionIds": [OLD["c1"], OLD["c2"]]}],
        "iClients": [iclient],
    }


def test_create_get_list_and_ping(service: Service, env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "connection.json"
    body = bodies.connection(name="By hand")
    body["http"]["ping"] = {"relativeURI": "/"}
    file.write_text(json.dumps(body))
    made = run("connections", "create", str(file), env=env)
    assert made.returncode == 0, made.stderr
    id_ = made.stdout.strip()
    shown = run("connections", "get", id_, env=env)
    assert "By hand" in shown.stdout
    assert "s3cret" not in shown.stdout
    assert json.loads(run("connections", "get", id_, "--json", env=env).stdout)["_id"] == id_
    assert id_ in run("connections", "list", env=env).stdout
    assert id_ in [one["_id"] for one in json.loads(run("connections", "list", "--json", env=env).stdout)]
    failed = run("connections", "ping", id_, env=env)
    assert failed.returncode == 1
    assert failed.stderr.startswith("isthmus: ")
    assert json.loads(run("connections", "ping", id_, "--json", env=env).stdout)["errors"]


def test_a_ping_that_works_says_ok(service: Service, env: dict[str, str]) -> None:
    id_ = service.create("connections", bodies.connection())
    done = run("connections", "ping", id_, env=env)
    assert (done.returncode, done.stdout) == (0, "ok\n")


def test_an_account_moves_in_and_again_changes_nothing(service: Service, env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account()))
    done = run("connections", "import", str(file), "--json", env=env)
    outcome = json.loads(done.stdout)
    assert outcome["failed"] == []
    assert done.returncode == 0
    assert outcome["created"] == 7
    assert {(secret["resource"], secret["field"]) for secret in outcome["secretsToGive"]} == {
        ("connection Moved", "http.auth.token.token"),
        ("connection Moved", "http.encrypted"),
        ("iclient An iClient", "oauth2.clientSecret"),
    }
    assert "\r" not in done.stdout + done.stderr
    ids = json.loads((tmp_path / "account.json.ids.json").read_text())
    assert ids.keys() == set(OLD.values())
    new = {name: ids[old] for name, old in OLD.items()}
    assert service.get(f"/v1/exports/{new['e']}").json()["_connectionId"] == new["c1"]
    flow = service.get(f"/v1/flows/{new['f']}").json()
    assert flow["pageGenerators"] == [{"_exportId": new["e"]}]
    assert flow["_integrationId"] == new["i"]
    borrower = service.get(f"/v1/connections/{new['c2']}").json()
    assert borrower["_borrowConcurrencyFromConnectionId"] == new["c1"]
    assert service.get(f"/v1/connections/{new['c1']}").json()["offline"] is True
    integration = service.get(f"/v1/integrations/{new['i']}").json()
    assert set(integration["_registeredConnectionIds"]) == {new["c1"], new["c2"]}
    again = json.loads(run("connections", "import", str(file), "--json", env=env).stdout)
    assert (again["created"], again["alreadyThere"]) == (0, 7)
    said = run("connections", "import", str(file), env=env).stdout
    assert "7 there already" in said
    assert "http.auth.token.token" in said


def test_an_import_goes_on_after_a_document_that_fails(service: Service, env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "mixed.json"
    good = bodies.connection(_id="a" * 24, name="Good")
    bad = {"_id": "b" * 24, "type": "http", "name": "Bad", "http": {}}
    file.write_text(json.dumps([bad, good]))
    done = run("connections", "import", str(file), "--json", env=env)
    outcome = json.loads(done.stdout)
    assert done.returncode == 1
    assert outcome["created"] == 1
    [failed] = outcome["failed"]
    assert failed["resource"] == "connection Bad"
    assert "http.baseURI" in failed["message"]
    bad["http"] = {"baseURI": "http://127.0.0.1:1", "mediaType": "json"}
    file.write_text(json.dumps([bad, good]))
    fixed = json.loads(run("connections", "import", str(file), "--json", env=env).stdout)
    assert (fixed["created"], fixed["alreadyThere"]) == (1, 1)


def test_what_was_exported_can_be_imported(service: Service, env: dict[str, str], tmp_path: Path) -> None:
    connection = service.create("connections", bodies.connection(name="Exported"))
    service.create("exports", bodies.export(connection))
    file = tmp_path / "out.json"
    done = run("connections", "export", str(file), env=env)
    assert done.returncode == 0, done.stderr
    written = json.loads(file.read_text())
    assert connection in [one["_id"] for one in written["connections"]]
    assert "s3cret" not in file.read_text()
    assert run("connections", "export", str(file), env=env).returncode == 1
    assert run("connections", "export", str(file), "--force", env=env).returncode == 0
    back = json.loads(run("connections", "import", str(file), "--json", env=env).stdout)
    assert back["failed"] == []
    assert back["created"] == sum(len(documents) for documents in written.values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("1", "object or array"),
        ("[]", "no documents"),
        ('{"connections": [1]}', "connections[0]"),
        ('[{"a": 1}]', "[0]"),
    ],
)
def test_a_file_that_is_no_account_is_refused(env: dict[str, str], tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content)
    refused = run("connections", "import", str(file), env=env)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_errors_of_the_service_are_one_line(env: dict[str, str], tmp_path: Path) -> None:
    missing = run("connections", "get", "0" * 24, env=env)
    assert missing.returncode == 1
    assert missing.stderr == "isthmus: There is no connection with this id.\n"
    assert run("connections", "get", "nope", env=env).returncode == 2
    assert "ISTHMUS_TOKEN" in run("connections", "list", env={**env, "ISTHMUS_TOKEN": ""}).stderr
    assert "token" in run("connections", "list", env={**env, "ISTHMUS_TOKEN": "wrong"}).stderr
    nobody = run("connections", "list", env={**env, "ISTHMUS_URL": "http://127.0.0.1:1"})
    assert nobody.returncode == 1
    assert "No service answers at http://127.0.0.1:1" in nobody.stderr
    assert run("connections", "create", str(tmp_path / "nowhere.json"), env=env).returncode == 1
