"""Runs the story in a folder of its own and sums it up in a table; the exit code says whether all was as promised."""

import signal
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from isthmus.demo.calls import Caller
from isthmus.demo.processes import DidNotStart, output_of, started
from isthmus.demo.story import CHAPTERS, Chapter, Stage, Verdict


def run(*, keep: bool = False) -> int:
    """Tell the story; `keep` leaves service and sandbox serving until interrupted. Gives the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="isthmus-demo-") as name:
        folder = Path(name)
        try:
            return _run_in(folder, console, keep=keep)
        except DidNotStart as fault:
            console.print(f"[bold red]The demo could not start:[/] {fault}")
            return 1


def _run_in(folder: Path, console: Console, *, keep: bool) -> int:
    data = str(folder / "data")
    console.print("Starting the sandbox and the service on free ports ...")
    with started(("sandbox", "serve", "--port", "0"), folder / "sandbox.log") as sandbox:
        opened = {"ISTHMUS_EGRESS_ALLOW": urlsplit(sandbox).netloc}
        token = output_of("token", "create", "--name", "demo", "--data", data)
        with started(("serve", "--port", "0", "--data", data), folder / "service.log", opened) as service:
            console.print(f"Service on {service}, sandbox on {sandbox}.\n")
            stage = Stage(
                Caller(service, token, console),
                sandbox,
                lambda connection: output_of(
                    "token", "create", "--name", "one connection", "--connection", connection, "--data", data
                ),
            )
            verdicts = [_tell(number, chapter, stage, console) for number, chapter in enumerate(CHAPTERS, start=1)]
            failed = _sum_up(verdicts, console)
            if keep:
                _wait(console, service, sandbox, token)
    return 1 if failed else 0


def _tell(number: int, chapter: Chapter, stage: Stage, console: Console) -> tuple[str, Verdict]:
    title = (chapter.__doc__ or chapter.__name__).rstrip(".")
    console.rule(f"[bold]{number}. {title}", align="left")
    try:
        return title, chapter(stage)
    except (KeyError, TypeError, IndexError, AttributeError) as fault:
        return title, (f"the answer has another shape ({fault})", False)


def _sum_up(verdicts: list[tuple[str, Verdict]], console: Console) -> int:
    table = Table(title="What was shown", title_justify="left")
    for heading in ("", "step", "seen", ""):
        table.add_column(heading)
    for number, (title, (seen, good)) in enumerate(verdicts, start=1):
        table.add_row(str(number), title, seen, "[green]ok[/]" if good else "[bold red]NOT AS PROMISED[/]")
    console.print(table)
    failed = sum(not good for _title, (_seen, good) in verdicts)
    console.print(f"{len(verdicts) - failed} of {len(verdicts)} steps as promised.")
    return failed


def _wait(console: Console, service: str, sandbox: str, token: str) -> None:
    console.print(f"\nStill serving. Service {service}, sandbox {sandbox}\nexport TOKEN={token}\nCtrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("Stopping.")
