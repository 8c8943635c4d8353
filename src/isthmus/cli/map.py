"""`isthmus map`: runs the rules of an import over a file of records, line by line, without a service."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from isthmus.cli.output import complain, note, terminal
from isthmus.cli.rules_file import Outcome, RulesFile

_LONGEST: Final = 64 * 1024 * 1024
"""How many bytes one line may have."""

Rules = Annotated[
    Path, typer.Argument(help="An import as JSON: mapping or mappings, lookups, transform, filter.", exists=True)
]
Records = Annotated[str, typer.Argument(help="A file of records, one JSON object a line; - is standard input.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print for every line what each rule did, and why.")]


@dataclass(slots=True)
class _Counts:
    mapped: int = 0
    left_out: int = 0
    failed: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count a line."""
        self.mapped += len(outcome.records)
        self.left_out += outcome.left_out
        self.failed += len(outcome.problems) > 0


def map_(rules: Rules, records: Records, *, explain: Explain = False) -> None:
    """Map records as an import would, and send nothing: JSON lines on stdout, what fails on stderr with its line.

    Records that the filter leaves out print nothing, nor do those that fail; with --explain every line prints one
    object that tells of them. Dynamic lookups cannot be run here and find nothing. The exit code is 1 where a record
    failed.
    """
    import_ = RulesFile(rules.read_bytes(), str(rules))
    counts = _Counts()
    with _opened(records) as (stream, step):
        try:
            for number, line in enumerate(_lines(stream), start=1):
                step(len(line))
                if line.strip():
                    outcome = import_.explain(line) if explain else import_.map(line)
                    _print(outcome, number, explain=explain)
                    counts.add(outcome)
                    for problem in outcome.problems:
                        complain(f"{records}:{number}: {problem}")
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: there is no more to say
            raise typer.Exit(1) from None
    note(f"{counts.mapped} mapped, {counts.left_out} left out, {counts.failed} failed")
    raise typer.Exit(1 if counts.failed else 0)


def _print(outcome: Outcome, number: int, *, explain: bool) -> None:
    shown = [{"line": number, **outcome.as_dict()}] if explain else outcome.records
    for record in shown:
        sys.stdout.buffer.write(orjson.dumps(record) + b"\n")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Read line by line; of one that is too long only the beginning is held, which is then no JSON."""
    while line := stream.readline(_LONGEST):
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            while (rest := stream.readline(_LONGEST)) and not rest.endswith(b"\n"):
                pass
        yield line


@contextmanager
def _opened(records: str) -> Iterator[tuple[BinaryIO, Callable[[int], None]]]:
    """Open the records; the second is told of every byte, and shows a bar where somebody watches."""
    if records == "-":
        yield typer.get_binary_stream("stdin"), lambda _: None
        return
    with Path(records).open("rb") as stream:
        if not terminal():
            yield stream, lambda _: None
            return
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("mapping", total=Path(records).stat().st_size)
            yield stream, lambda size: bar.advance(task, size)
