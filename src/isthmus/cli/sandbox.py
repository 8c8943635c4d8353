"""`isthmus sandbox`: stand-in systems on loopback, to try everything with no account."""

import importlib
from typing import Annotated

import typer

app = typer.Typer(help="Stand-in systems on loopback, to try everything with no account.", no_args_is_help=True)


@app.callback()
def sandbox() -> None:
    """Stand-in systems on loopback, to try everything with no account."""


@app.command("serve")
def serve(
    *,
    host: Annotated[str, typer.Option("--host", envvar="ISTHMUS_SANDBOX_HOST", help="The address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", envvar="ISTHMUS_SANDBOX_PORT", help="The port; 0 picks one.")] = 0,
) -> None:
    """Run the stand-ins until stopped; prints their address in one line."""
    importlib.import_module("isthmus.sandbox").serve(host=host, port=port)
