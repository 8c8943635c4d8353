"""`isthmus demo`: the whole Connections API, shown on stand-in systems."""

import importlib
from typing import Annotated

import typer


def demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", envvar="ISTHMUS_DEMO_KEEP", help="Leave it serving at the end.")
    ] = False,
) -> None:
    """Start a service and a sandbox on free ports and walk through the API, request by request."""
    raise typer.Exit(importlib.import_module("isthmus.demo").run(keep=keep))
