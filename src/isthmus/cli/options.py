"""Options that several commands share. Every one is also an ISTHMUS_* variable; `settings.py` has the defaults."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", envvar="ISTHMUS_DATA", help="The folder of the store, the key and the lock [./isthmus-data]."
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        envvar="ISTHMUS_DATABASE",
        help="postgresql://... instead of SQLite in the data folder.",
    ),
]
Url = Annotated[
    str,
    typer.Option("--url", envvar="ISTHMUS_URL", help="The address of the running service."),
]
Token = Annotated[
    str,
    typer.Option("--token", envvar="ISTHMUS_TOKEN", help="A full token of that service; better given by the variable."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
