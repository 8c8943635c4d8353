"""A process that writes to a store until it is killed, and prints the id of each document once it is acknowledged.

Each write is a document with its link, its secret and its audit row. Run as `python -m tests.rig.store_writer PLACE`.
"""

import asyncio
import sys
from pathlib import Path

from isthmus.store import Ref, Store, open_store
from tests.rig.stored import change, document, sealed


async def open_place(place: str) -> Store:
    remote = place.startswith("postgresql:")
    return await open_store(data=None if remote else Path(place), database=place if remote else None)


async def write(store: Store) -> str:
    export = document("exports", padding="x" * 2_000)
    async with store.write() as session:
        await session.documents.insert(export)
        link = Ref("exports", export.id, "_connectionId", "connections", "c")
        await session.references.replace("exports", export.id, [link])
        await session.sealed.put("exports", export.id, {"/webhook/key": sealed()})
        await session.audit.append(change(export.id, "export", event="create"))
    return export.id


async def main(place: str, most: int) -> None:
    store = await open_place(place)
    for _ in range(most):
        sys.stdout.write(await write(store) + "\n")
        sys.stdout.flush()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
