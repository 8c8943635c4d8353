"""Clients that go away: what they asked for is given up, and keeps nobody else out."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from isthmus.sandbox import make_app
from tests.rig.asgi import served
from tests.rig.black_box import Service, serving

SLOW = "/misbehaving/slow?seconds=60"
ACTIONS: dict[str, Any] = {
    "ping": None,
    "export": {"export": {"http": {"relativeURI": SLOW, "method": "GET"}}},
    "export/pages": {"export": {"http": {"relativeURI": SLOW, "method": "GET"}}},
    "import": {"import": {"http": {"relativeURI": [SLOW], "method": ["GET"]}}, "data": [{"id": n} for n in range(50)]},
}


def size(service: Service, id_: str) -> int:
    found: int = service.call("GET", f"/v1/connections/{id_}").json()["queues"][0]["size"]
    return found


def until(service: Service, id_: str, wanted: int) -> int:
    """Wait until a queue is as long as wanted, and tell how long it is in the end."""
    found = -1
    for _ in range(300):
        found = size(service, id_)
        if found == wanted:
            break
        time.sleep(0.05)
    return found


@pytest.mark.hostile(142)
def test_what_nobody_waits_for_leaves_the_line(tmp_path: Path) -> None:
    with served(make_app()) as sandbox, serving(tmp_path / "data", {"ISTHMUS_RATE_LIMIT": "0"}) as service:
        http = {"baseURI": sandbox, "mediaType": "json", "ping": {"relativeURI": SLOW}, "concurrencyLevel": 1}
        id_ = service.create("connections", {"type": "http", "name": "Stuck", "http": http})["_id"]

        def leave(action: str) -> None:
            headers = {"Authorization": f"Bearer {service.token}"}
            url = f"{service.url}/v1/connections/{id_}/{action}"
            with suppress(requests.Timeout):
                requests.post(url, json=ACTIONS[action], headers=headers, timeout=(30, 2))
                pytest.fail("it was answered")

        with ThreadPoolExecutor(40) as clients:
            done = clients.map(leave, [*ACTIONS] * 10)
            list(done)
        assert until(service, id_, 0) == 0
        instant = {**http, "ping": {"relativeURI": "/misbehaving/slow?seconds=0"}}
        service.call("PUT", f"/v1/connections/{id_}", {"type": "http", "name": "Well", "http": instant})
        assert service.call("POST", f"/v1/connections/{id_}/ping").json() == {"code": 200}
    assert service.process.returncode == 0
    log = (tmp_path / "data.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert '"level": "error"' not in log
