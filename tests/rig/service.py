"""A whole running service over real HTTP, on a private port, with a store of its own.

from tests.rig.service import service  # noqa: F401  # a fixture: one service for the module

def test_something(service: Service) -> None:
    assert service.get("/v1/connections").status_code == 204
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from isthmus.api.server import Server, base_url, listen, make_config
from isthmus.app import running
from isthmus.services.tokens import NewToken, Tokens
from isthmus.settings import Settings
from isthmus.store import open_store
from tests.rig.postgres import private_postgres
from tests.rig.stores import make_key

LOOPBACK: Final = ("127.0.0.0/8", "::1")
NOWHERE: Final = "0" * 24


@dataclass
class Service:
    """A running service: its address, a full token, its settings, and requests to it."""

    url: str
    token: str
    settings: Settings
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def data(self) -> Path:
        return self.settings.data

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request with the full token, unless `token=` says another one, or None."""
        token = options.pop("token", self.token)
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        headers |= options.pop("headers", {})
        return self.session.request(method, self.url + path, headers=headers, timeout=60, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.call("POST", path, json=body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.call("PUT", path, json=body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.call("PATCH", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.call("DELETE", path, **options)

    def create(self, kind: str, document: dict[str, Any]) -> str:
        """Create a document and give its id."""
        made = self.post(f"/v1/{kind}", document)
        assert made.status_code == 201, made.text
        return str(made.json()["_id"])

    def new_token(self, **wanted: Any) -> str:
        """Make another token in the same store, as the command line would."""
        return make_token(self.settings, **{"name": "another", **wanted})


def make_token(settings: Settings, **wanted: Any) -> str:
    """Make a token in a store, whether or not it is being served."""

    async def make() -> str:
        store = await open_store(data=settings.data, database=settings.database)
        try:
            return await Tokens(store).create(NewToken(**{"name": "test", **wanted}))
        finally:
            await store.close()

    return asyncio.run(make())


@contextmanager
def serving(data: Path, **options: Any) -> Iterator[Service]:
    """Serve a data folder until the block ends. `options` are settings; the rate limit is off, loopback is open."""
    settings = Settings(**{"data": data, "rate_limit": "0", "egress_allow": LOOPBACK, "grace": 5.0, **options})
    token = make_token(settings)
    started, failure = threading.Event(), []
    servers: list[tuple[Server, asyncio.AbstractEventLoop]] = []
    with listen("127.0.0.1", 0) as bound:
        url = base_url(bound, "127.0.0.1", tls=False)

        async def main() -> None:
            async with running(settings, settings.public_url or url) as application:
                config = make_config(application, grace=settings.grace)
                server = Server(config, ready=started.set, draining=application.drain)
                servers.append((server, asyncio.get_running_loop()))
                await server.serve(sockets=[bound])

        def work() -> None:
            try:
                asyncio.run(main())
            except BaseException as error:  # noqa: BLE001  # handed over to the test's thread
                failure.append(error)
            finally:
                started.set()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        started.wait(30)
        if failure:
            raise failure[0]
        with requests.Session() as session:
            yield Service(url, token, settings, session)
        for server, loop in servers:
            loop.call_soon_threadsafe(server.stop)
        thread.join(30)
        assert not thread.is_alive(), "the service did not stop"
        if failure:
            raise failure[0]


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One running service for the tests of a module; they must not count on each other's documents.

    It keeps its documents in SQLite, unless the module asks for both: `pytestmark = ON_BOTH_STORES`.
    """
    folder = tmp_path_factory.mktemp("service")
    with ExitStack() as stack:
        options = postgres_options(stack, folder) if getattr(request, "param", "sqlite") == "postgres" else {}
        yield stack.enter_context(serving(folder / "data", **options))


ON_BOTH_STORES: Final = pytest.mark.parametrize("service", ["sqlite", "postgres"], indirect=True, scope="module")


def postgres_options(stack: ExitStack, folder: Path) -> dict[str, Any]:
    """Start a private PostgreSQL until the stack is left; gives the settings of a service on it, its key included."""
    server = stack.enter_context(private_postgres())
    return {"database": server.create_database(), "key_file": make_key(folder / "key")}
