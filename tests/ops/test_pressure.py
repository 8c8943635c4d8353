"""Many clients at once on one connection, one slow system, one long import."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from isthmus.sandbox import make_app
from tests.rig import bodies
from tests.rig.asgi import served
from tests.rig.black_box import Service, serving

RECORDS = 20_000 if os.environ.get("ISTHMUS_SOAK") else 4_000
MEGABYTES_OVER_IDLE = 150


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with served(make_app()) as url:
        yield url


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("pressure")
    with serving(folder / "data", {"ISTHMUS_RATE_LIMIT": "0"}) as running:
        yield running
    log = (folder / "data.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert '"level": "error"' not in log


def rename(service: Service, id_: str, number: int) -> tuple[str, int]:
    path, name = f"/v1/connections/{id_}", f"name {number}"
    if number % 2:
        return "PUT", service.call("PUT", path, bodies.connection(name=name)).status_code
    return "PATCH", service.call("PATCH", path, [{"op": "replace", "path": "/name", "value": name}]).status_code


@pytest.mark.hostile(133)
def test_a_hundred_changes_at_once_are_a_hundred_whole_changes(service: Service) -> None:
    id_ = service.create("connections", bodies.connection())["_id"]
    with ThreadPoolExecutor(50) as clients:
        statuses = Counter(clients.map(lambda number: rename(service, id_, number), range(100)))
    assert statuses == {("PUT", 200): 50, ("PATCH", 204): 50}
    rows = service.call("GET", f"/v1/connections/{id_}/audit?limit=1000").json()
    assert Counter(row["event"] for row in rows) == {"update": 100, "create": 1}
    changes = [change for row in reversed(rows) for change in row["fieldChanges"] if change["fieldPath"] == "name"]
    assert all(before["newValue"] == after["oldValue"] for before, after in pairwise(changes))
    assert service.call("GET", f"/v1/connections/{id_}").json()["name"] == changes[-1]["newValue"]


@pytest.mark.hostile(134)
def test_nothing_comes_back_after_a_delete_among_changes(service: Service) -> None:
    id_ = service.create("connections", bodies.connection())["_id"]

    def change(number: int) -> int:
        if number == 30:
            return service.call("DELETE", f"/v1/connections/{id_}").status_code
        return rename(service, id_, number)[1]

    with ThreadPoolExecutor(50) as clients:
        statuses = Counter(clients.map(change, range(100)))
    assert statuses.keys() <= {200, 204, 404}
    assert service.call("GET", f"/v1/connections/{id_}").status_code == 404
    rows = service.call("GET", f"/v1/audit?_resourceId={id_}&limit=1000").json()
    assert rows[0]["event"] == "delete"
    assert len(rows) == 1 + statuses[200] + statuses[204]


@pytest.mark.hostile(153)
def test_a_slow_system_shows_its_queue_and_keeps_nobody_else(service: Service, sandbox: str) -> None:
    http = {"baseURI": f"{sandbox}/misbehaving", "mediaType": "json"}
    slow = {**http, "concurrencyLevel": 2, "ping": {"relativeURI": "/slow?seconds=0.02"}}
    quick = {**http, "ping": {"relativeURI": "/slow?seconds=0"}}
    id_ = service.create("connections", {"type": "http", "name": "Slow", "http": slow})["_id"]
    other = service.create("connections", {"type": "http", "name": "Quick", "http": quick})["_id"]
    with ThreadPoolExecutor(100) as clients:
        pings = [clients.submit(service.call, "POST", f"/v1/connections/{id_}/ping") for _ in range(200)]
        sizes, beside = [], 0
        while not all(ping.done() for ping in pings):
            sizes.append(size_of(service, id_))
            assert service.call("POST", f"/v1/connections/{other}/ping").json() == {"code": 200}
            beside += 1
    assert [ping.result().json() for ping in pings] == [{"code": 200}] * 200
    assert 2 < max(sizes) <= 100
    assert beside > 2
    assert size_of(service, id_) == 0


def size_of(service: Service, id_: str) -> int:
    found: int = service.call("GET", f"/v1/connections/{id_}").json()["queues"][0]["size"]
    return found


@pytest.mark.hostile(147)
def test_a_long_import_takes_bounded_memory(service: Service, sandbox: str) -> None:
    document = {"type": "http", "name": "Beats", "http": {"baseURI": sandbox, "mediaType": "json"}}
    id_ = service.create("connections", document)["_id"]
    import_ = {"http": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]}}
    data: list[Any] = [{"timestamp": 1512012818751 + n, "key": f"k{n % 50}"} for n in range(RECORDS)]
    before, most, over = megabytes(service), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.is_set():
            most = max(most, megabytes(service))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    headers = {"Authorization": f"Bearer {service.token}"}
    url = f"{service.url}/v1/connections/{id_}/import"
    answer = requests.post(url, json={"import": import_, "data": data}, headers=headers, timeout=300)
    over.set()
    watcher.join()
    assert [result["statusCode"] for result in answer.json()] == [200] * RECORDS
    assert most - before < MEGABYTES_OVER_IDLE


def megabytes(service: Service) -> int:
    pages = Path(f"/proc/{service.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") >> 20
