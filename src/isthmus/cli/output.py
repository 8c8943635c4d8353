"""What commands print: results on stdout, everything else on stderr."""

import sys
from collections.abc import Iterable, Sequence

import orjson
import typer

from isthmus.model.json import Json


def complain(message: str) -> None:
    """Say what went wrong, in one line on stderr."""
    typer.echo("isthmus: " + " ".join(message.split()), err=True)


def note(message: str) -> None:
    """Say something that is not a result, on stderr."""
    typer.echo(message, err=True)


def print_json(value: Json) -> None:
    """Print a result as JSON."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under a head, in columns as wide as they need to be."""
    lines = [list(head), *([_plain(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _plain(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "".join(character if character.isprintable() else "?" for character in text)


def terminal() -> bool:
    """Tell whether somebody is watching stderr."""
    return sys.stderr.isatty()
