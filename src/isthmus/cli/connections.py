"""`isthmus connections`: everyday work with a running service."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from isthmus.cli.bundle import KINDS, read_bundle
from isthmus.cli.client import ServiceClient
from isthmus.cli.importing import PLACEHOLDER, IdMap, Importer, Outcome
from isthmus.cli.options import AsJson, Token, Url
from isthmus.cli.output import complain, note, print_json, print_table, terminal
from isthmus.model.errors import SetupError
from isthmus.model.ids import is_id
from isthmus.model.json import Json

Result = TypeVar("Result")

app = typer.Typer(help="Work with the connections of a running service.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The id of the connection: 24 hex digits.")]


def _ask(url: str, token: str, work: Callable[[ServiceClient], Awaitable[Result]]) -> Result:
    if not token:
        raise SetupError("Set ISTHMUS_TOKEN (or --token) to a full token: isthmus token create --name NAME")

    async def run() -> Result:
        async with ServiceClient.connected(url, token) as client:
            return await work(client)

    return asyncio.run(run())


def _checked(connection_id: str) -> str:
    if not is_id(connection_id):
        raise typer.BadParameter("an id has 24 lower-case hexadecimal digits")
    return connection_id


def _read_json(file: str) -> Json:
    content = typer.get_binary_stream("stdin").read() if file == "-" else Path(file).read_bytes()
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise SetupError(f"{file} is not JSON (line {error.lineno}, column {error.colno}).") from None


@contextmanager
def _progress(total: int, what: str) -> Iterator[Callable[[], None]]:
    """Show a bar where somebody watches, nothing elsewhere."""
    if not terminal():
        yield lambda: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@app.command("list")
def list_(*, as_json: AsJson = False, url: Url = "http://127.0.0.1:8080", token: Token = "") -> None:
    """List the connections."""
    found = _ask(url, token, lambda client: client.all("connections"))
    if as_json:
        print_json(found)
        return
    rows = ((c["_id"], c.get("type"), "offline" if c.get("offline") else "online", c.get("name")) for c in found)
    print_table(("ID", "TYPE", "STATE", "NAME"), rows)


@app.command("get")
def get(connection_id: Id, *, as_json: AsJson = False, url: Url = "http://127.0.0.1:8080", token: Token = "") -> None:
    """Print one connection, its secrets masked."""
    path = f"/v1/connections/{_checked(connection_id)}"
    found = _ask(url, token, lambda client: client.call("GET", path))
    if as_json:
        print_json(found)
        return
    print_table(("FIELD", "VALUE"), ((key, _cell(value)) for key, value in found.items()))


def _cell(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@app.command("create")
def create(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The connection as JSON; - reads it from stdin.")],
    *,
    as_json: AsJson = False,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """Create a connection and print its id, or the whole document with --json."""
    document = _read_json(file)
    made = _ask(url, token, lambda client: client.call("POST", "/v1/connections", document))
    if as_json:
        print_json(made)
    else:
        typer.echo(made["_id"])


@app.command("ping")
def ping(connection_id: Id, *, as_json: AsJson = False, url: Url = "http://127.0.0.1:8080", token: Token = "") -> None:
    """Try a connection; exit 1 where it does not work."""
    path = f"/v1/connections/{_checked(connection_id)}/ping"
    result = _ask(url, token, lambda client: client.call("POST", path))
    errors = result.get("errors") or []
    if as_json:
        print_json(result)
    elif not errors:
        typer.echo("ok")
    for error in errors:
        complain(f"{error.get('code')}: {error.get('message')}")
    if errors:
        raise typer.Exit(1)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    *,
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """Write every document of the account to a file, by kind; secrets stay behind as masks."""
    if file.exists() and not force:
        raise SetupError(f"{file} is there already: name another file, or add --force.")

    async def work(client: ServiceClient) -> dict[str, list[dict[str, Json]]]:
        with _progress(len(KINDS), "exporting") as step:
            found = {}
            for kind in KINDS:
                found[kind] = await client.all(kind)
                step()
            return found

    found = _ask(url, token, work)
    draft = file.with_name(file.name + ".new")
    draft.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    draft.replace(file)
    counts = {kind: len(documents) for kind, documents in found.items()}
    if as_json:
        print_json(counts)
    else:
        print_table(("KIND", "DOCUMENTS"), counts.items())


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Documents of an account as JSON.")],
    *,
    as_json: AsJson = False,
    url: Url = "http://127.0.0.1:8080",
    token: Token = "",
) -> None:
    """Bring the documents of an account into this service, and list every secret still to be given.

    FILE holds one document, an array of them, or an object of arrays by kind. Old ids and the new ones are kept in
    FILE.ids.json: run it again, and only what is not there yet is made.
    """
    items = read_bundle(_read_json(str(file)))
    ids = IdMap(file.with_name(file.name + ".ids.json"))

    async def work(client: ServiceClient) -> Outcome:
        with _progress(len(items), "importing") as step:
            return await Importer(client, ids).run(items, step)

    outcome = _ask(url, token, work)
    if as_json:
        print_json(_shown(outcome))
    else:
        _tell(outcome)
    if outcome.failed:
        raise typer.Exit(1)


def _shown(outcome: Outcome) -> Json:
    return {
        "created": outcome.made,
        "alreadyThere": outcome.known,
        "secretsToGive": [{"resource": label, "field": path} for label, path in outcome.secrets],
        "failed": [{"resource": label, "message": message} for label, message in outcome.failed],
    }


def _tell(outcome: Outcome) -> None:
    typer.echo(f"{outcome.made} created, {outcome.known} there already, {len(outcome.failed)} failed.")
    if outcome.secrets:
        typer.echo(f"\nSecrets still to be given (required ones stand as {PLACEHOLDER!r} until then):")
        print_table(("RESOURCE", "FIELD"), outcome.secrets)
    for label, message in outcome.failed:
        note(f"failed: {label}: {message}")
