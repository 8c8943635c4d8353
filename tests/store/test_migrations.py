import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from isthmus.model.errors import SetupError, StoreUnavailable
from isthmus.store import open_store, postgres_schema, sqlite_files
from isthmus.store.migrate import configuration
from isthmus.store.schema import SCHEMA, Schema, SchemaTooNew
from tests.rig.postgres import PrivatePostgres
from tests.rig.stored import document
from tests.store.conftest import Place

pytestmark = pytest.mark.anyio

SECOND = """
from alembic import op
import sqlalchemy as sa
revision = "0002"
down_revision = "0001"
def upgrade() -> None:
    op.add_column("documents", sa.Column("added", sa.Text()))
    op.execute("UPDATE documents SET name = 'touched'")
    op.execute("{last}")
"""


def next_schema(folder: Path, last: str = "SELECT 1") -> Schema:
    """A schema one version ahead of ours, as the next isthmus would bring it."""
    shutil.copytree(SCHEMA.scripts, folder, dirs_exist_ok=True)
    (folder / "versions" / "v0002_next.py").write_text(SECOND.format(last=last))
    return Schema((*SCHEMA.versions, "0002"), folder)


def prepare(place: Place, schema: Schema) -> None:
    if place.database is not None:
        postgres_schema.prepare(place.database, schema)
    else:
        assert place.data is not None
        sqlite_files.prepare(place.data, schema)


def ask(place: Place, sql: str) -> object:
    if place.database is not None:
        with psycopg.connect(place.database) as connection:
            row = connection.execute(sql.encode()).fetchone()
            return row and row[0]
    assert place.data is not None
    with closing(sqlite3.connect(place.data / "isthmus.db")) as file:
        return file.execute(sql).fetchone()[0]


async def fill(place: Place) -> None:
    store = await place.open()
    async with store.write() as session:
        await session.documents.insert(document(name="old"))
    await store.close()


def test_the_versions_known_without_alembic_are_the_scripts() -> None:
    scripts = ScriptDirectory.from_config(configuration(SCHEMA.scripts))
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(SCHEMA.versions)


@pytest.mark.hostile(167)
async def test_a_newer_schema_is_refused(place: Place, tmp_path: Path) -> None:
    await fill(place)
    prepare(place, next_schema(tmp_path / "next"))
    with pytest.raises(SchemaTooNew, match=r"0002.*newer isthmus"):
        await place.open()
    assert ask(place, "SELECT name FROM documents") == "touched"


@pytest.mark.hostile(168)
async def test_a_migration_that_fails_leaves_everything_as_it_was(place: Place, tmp_path: Path) -> None:
    await fill(place)
    broken = next_schema(tmp_path / "broken", last="SELECT gone FROM nowhere")
    with pytest.raises(SetupError, match="nowhere"):
        prepare(place, broken)
    assert ask(place, "SELECT version_num FROM alembic_version") == "0001"
    assert ask(place, "SELECT name FROM documents") == "old"
    store = await place.open()
    assert await store.healthy()
    await store.close()
    prepare(place, next_schema(tmp_path / "whole"))
    assert ask(place, "SELECT version_num FROM alembic_version") == "0002"


async def test_the_file_is_copied_before_a_migration(tmp_path: Path) -> None:
    place = Place(tmp_path / "data", None)
    assert place.data is not None
    await fill(place)
    assert not (place.data / "backups").exists(), "a new file has nothing to copy"
    prepare(place, next_schema(tmp_path / "next"))
    prepare(place, next_schema(tmp_path / "next"))
    [copy] = (place.data / "backups").iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert file.execute("SELECT name FROM documents").fetchall() == [("old",)]


async def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    store = await open_store(data=data, database=None)
    async with store.write() as session:
        await session.documents.insert(document())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [data, *data.iterdir()]}
    await store.close()
    assert modes.pop("data") == 0o700
    assert {"isthmus.db", "isthmus.db-wal", "isthmus.db-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_a_start_without_a_migration_loads_neither_alembic_nor_sqlalchemy(place: Place) -> None:
    prepare(place, SCHEMA)
    code = (
        "import asyncio, sys\nfrom tests.rig.store_writer import main\nasyncio.run(main(sys.argv[1], 1))\n"
        "assert not {'alembic', 'sqlalchemy'} & set(sys.modules)\n"
        "assert ('psycopg' in sys.modules) == sys.argv[1].startswith('postgresql:')"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, place.argument], check=True, cwd=root, stdout=subprocess.DEVNULL)


def test_nodes_that_start_at_once_on_an_empty_database_share_it(postgres: PrivatePostgres) -> None:
    url = postgres.create_database()
    command = [sys.executable, "-m", "tests.rig.store_writer", url, "3"]
    root = Path(__file__).parents[2]
    nodes = [subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [node.wait(timeout=60) for node in nodes] == [0, 0, 0]
    assert ask(Place(None, url), "SELECT count(*) FROM documents") == 9


async def test_an_address_where_no_database_answers(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="--database") as raised:
        await open_store(data=None, database=f"postgresql://user:canary@/none?host={tmp_path}")
    assert "canary" not in str(raised.value)


async def test_what_is_no_address_at_all() -> None:
    with pytest.raises(SetupError, match="--database") as raised:
        await open_store(data=None, database="postgresql://user:canary@[/none")
    assert "canary" not in str(raised.value)


async def test_a_database_in_another_encoding_is_refused(postgres: PrivatePostgres) -> None:
    url = postgres.create_database(options="ENCODING 'SQL_ASCII'")
    with pytest.raises(SetupError, match="UTF8"):
        await open_store(data=None, database=url)


async def test_a_user_who_may_not_make_tables_is_told(postgres: PrivatePostgres) -> None:
    url = postgres.create_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM public")
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
    with pytest.raises(SetupError, match="may not make tables"):
        await open_store(data=None, database=url.replace("isthmus@", "reader@"))


async def test_neither_folder_nor_database() -> None:
    with pytest.raises(SetupError, match="--data"):
        await open_store(data=None, database=None)


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="--data"):
        await open_store(data=tmp_path / "file" / "data", database=None)
