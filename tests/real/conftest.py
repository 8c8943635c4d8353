import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.rig.black_box import Service, serving
from tests.rig.programs import free_port, program

ROWS = 250
SECRET = "only-for-this-test"


@dataclass(frozen=True, slots=True)
class Datasette:
    url: str
    token: str


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("real") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    folder = tmp_path_factory.mktemp("datasette")
    with sqlite3.connect(folder / "shop.db") as database:
        database.execute("create table orders (id integer primary key, sku text unique, qty integer)")
        database.execute("create table arrivals (id integer primary key, sku text unique, qty integer not null)")
        database.executemany("insert into orders (sku, qty) values (?, ?)", [(f"S{n}", n) for n in range(ROWS)])
    database.close()
    command = (sys.executable, "-W", "ignore", "-m", "datasette")
    port = free_port()
    serve = (*command, "serve", str(folder / "shop.db"), "--port", str(port), "--secret", SECRET, "--root")
    token = subprocess.run(
        (*command, "create-token", "root", "--secret", SECRET), capture_output=True, text=True, check=True
    ).stdout.strip()
    with program(serve, f"http://127.0.0.1:{port}/-/versions.json", folder / "log"):
        yield Datasette(f"http://127.0.0.1:{port}", token)


@pytest.fixture(scope="session")
def httpbin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = (sys.executable, "-W", "ignore", "-m", "flask", "--app", "httpbin:app", "run", "--port", str(port))
    base = f"http://127.0.0.1:{port}"
    with program(command, f"{base}/status/200", tmp_path_factory.mktemp("httpbin") / "log"):
        yield base
