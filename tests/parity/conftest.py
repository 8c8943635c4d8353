from collections.abc import Iterator
from pathlib import Path

import pytest

from isthmus.sandbox import make_app
from tests.rig.asgi import served
from tests.rig.black_box import Service, serving
from tests.rig.stores import STORES, settings_of


@pytest.fixture(scope="session")
def sandbox() -> Iterator[str]:
    with served(make_app()) as url:
        yield url


@pytest.fixture(scope="session", params=STORES)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("parity")
    with settings_of(request.param, folder) as settings, serving(folder / "data", settings) as running:
        yield running
