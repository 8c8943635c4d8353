"""`isthmus token`: make, list and revoke tokens. Works before the first `serve` and beside a running one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from isthmus.cli.options import AsJson, Data, Database
from isthmus.cli.output import note, print_json, print_table
from isthmus.model.json import Document
from isthmus.services.tokens import NewToken, Tokens
from isthmus.settings import Settings, load
from isthmus.store import open_store

app = typer.Typer(help="Make, list and revoke tokens.", no_args_is_help=True)


@asynccontextmanager
async def _tokens(settings: Settings) -> AsyncIterator[Tokens]:
    store = await open_store(data=settings.data, database=settings.database)
    try:
        yield Tokens(store)
    finally:
        await store.close()


@app.command("create")
def create(  # noqa: PLR0913  # the options of the command
    *,
    name: Annotated[str, typer.Option("--name", help="What the token is called; audit entries show it.")],
    connection: Annotated[
        list[str] | None,
        typer.Option(
            "--connection", help="Limit the token to pinging, exporting from and importing into this one; repeatable."
        ),
    ] = None,
    expires: Annotated[
        str, typer.Option("--expires", help="When it ends: 1h, 4h, 1d, 4d, 10d, 30d, any <n>m, <n>h or <n>d, or never.")
    ] = "never",
    email: Annotated[str, typer.Option("--email", help="Whose token it is; audit entries show it.")] = "",
    data: Data = None,
    database: Database = None,
) -> None:
    """Make a token and print it, alone, on stdout. It is shown once and kept nowhere."""
    wanted = NewToken(name=name, connections=connection or None, expires=expires, email=email)

    async def run(settings: Settings) -> str:
        async with _tokens(settings) as tokens:
            return await tokens.create(wanted)

    typer.echo(asyncio.run(run(load(data=data, database=database))))


@app.command("list")
def list_(*, data: Data = None, database: Database = None, as_json: AsJson = False) -> None:
    """List every token, without its value."""

    async def run(settings: Settings) -> list[Document]:
        async with _tokens(settings) as tokens:
            return await tokens.list()

    found = asyncio.run(run(load(data=data, database=database)))
    if as_json:
        print_json(found)
        return
    rows = ((t["_id"], t["name"], t["state"], _access(t), t["createdAt"], t["expiresAt"] or "never") for t in found)
    print_table(("ID", "NAME", "STATE", "ACCESS", "CREATED", "EXPIRES"), rows)


@app.command("revoke")
def revoke(
    name_or_id: Annotated[str, typer.Argument(help="The name or the id of the token.")],
    *,
    data: Data = None,
    database: Database = None,
) -> None:
    """Revoke every live token of that name or id; a running service refuses them from the next request on."""

    async def run(settings: Settings) -> int:
        async with _tokens(settings) as tokens:
            return await tokens.revoke(name_or_id)

    count = asyncio.run(run(load(data=data, database=database)))
    note(f"Revoked {count} token{'s' if count > 1 else ''}.")


def _access(token: Document) -> str:
    listed = token["connections"]
    return "full" if listed is None else f"{len(listed)} connection{'s' if len(listed) != 1 else ''}"
