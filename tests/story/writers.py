"""Threads that change documents of every kind through the API, and tokens beside it, until the service is gone."""

import random
import threading
import uuid
from collections.abc import Mapping
from typing import Any

import requests

from tests.rig import bodies
from tests.rig.black_box import Service, run
from tests.rig.secret_target import guarded
from tests.story.ledger import Known, Ledger


class Writer:
    """Works on documents of its own, so that it knows what each of them must be."""

    def __init__(self, service: Service, ledger: Ledger, target: str, seed: int) -> None:
        self._service, self._ledger, self._target = service, ledger, target
        self._choice = random.Random(seed)  # noqa: S311  # the same work each time
        self._mine: list[str] = []

    def run(self) -> None:
        """Write until a request gets no answer."""
        try:
            while True:
                self._step()
        except requests.RequestException:
            return

    def _step(self) -> None:
        if len(self._mine) < 2:
            self._create()
            return
        work = (self._create, self._rename, self._keep, self._new_secret, self._delete)
        self._choice.choices(work, (3, 3, 3, 3, 1))[0]()

    def _create(self) -> None:
        name = uuid.uuid4().hex
        document = guarded(self._target, name, f"s3cret-{name}")
        id_ = self._send(None, Known("connections", document, ()).after("create", document), "POST", document)
        self._mine.append(id_)
        export = bodies.export(id_, name=name)
        self._send(None, Known("exports", export, ()).after("create", export), "POST", export)

    def _rename(self) -> None:
        id_, known, content = self._pick()
        changed = {**content, "name": uuid.uuid4().hex}
        operations = [{"op": "replace", "path": "/name", "value": changed["name"]}]
        self._send(id_, known.after("update", changed), "PATCH", operations)

    def _keep(self) -> None:
        """PUT with the mask in the place of the secret."""
        id_, known, content = self._pick()
        changed = {**content, "name": uuid.uuid4().hex}
        self._send(id_, known.after("update", changed), "PUT", masked(changed))

    def _new_secret(self) -> None:
        id_, known, _ = self._pick()
        name = uuid.uuid4().hex
        changed = guarded(self._target, name, f"s3cret-{name}")
        self._send(id_, known.after("update", changed), "PUT", changed)

    def _delete(self) -> None:
        id_, known, _ = self._pick()
        used_by = [other for other, one in self._ledger.documents.items() if _uses(one, id_)]
        for export in used_by:
            self._send(export, self._ledger.documents[export].after("delete", None), "DELETE", None)
        self._mine.remove(id_)
        self._send(id_, known.after("delete", None), "DELETE", None)

    def _pick(self) -> tuple[str, Known, dict[str, Any]]:
        id_ = self._choice.choice(self._mine)
        known = self._ledger.documents[id_]
        assert known.content is not None
        return id_, known, known.content

    def _send(self, id_: str | None, wanted: Known, method: str, body: Any) -> str:
        path = f"/v1/{wanted.kind}" + (f"/{id_}" if id_ else "")
        try:
            answer = self._service.call(method, path, body)
        except requests.RequestException:
            self._ledger.doubt(id_, wanted)
            raise
        assert answer.status_code in (200, 201, 204), answer.text
        found: str = id_ or answer.json()["_id"]
        self._ledger.acknowledge(found, wanted)
        return found


def _uses(known: Known, connection: str) -> bool:
    return known.content is not None and known.content.get("_connectionId") == connection


def masked(document: dict[str, Any]) -> dict[str, Any]:
    """Put the mask where the secret of a guarded connection is."""
    http = document["http"]
    token = {**http["auth"]["token"], "token": "******"}
    return {**document, "http": {**http, "auth": {**http["auth"], "token": token}}}


def write_tokens(env: Mapping[str, str], ledger: Ledger, stop: threading.Event) -> None:
    """Make tokens by the command line, beside the service and past its death, and revoke every other one."""
    for number in range(1_000):
        if stop.is_set():
            return
        name = uuid.uuid4().hex
        made = run("token", "create", "--name", name, env=env)
        assert made.returncode == 0, made.stderr
        token = made.stdout.strip()
        ledger.token(token, live=True)
        if number % 2:
            revoked = run("token", "revoke", name, env=env)
            assert revoked.returncode == 0, revoked.stderr
            ledger.token(token, live=False)
