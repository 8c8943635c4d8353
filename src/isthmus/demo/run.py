"""Runs the story in a folder of its own and sums it up in a table; the exit code says whether all was as promised."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

from rich import box
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from isthmus.demo.calls import Caller
from isthmus.demo.processes import DidNotStart, environment, output_of, started
from isthmus.demo.screen import Screen
from isthmus.demo.story import CHAPTERS, Chapter, Stage, Verdict

_ENDS: Final = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class World:
    """What runs for the demo: the addresses of both processes, a full token, and the environment of commands."""

    service: str
    sandbox: str
    token: str
    env: dict[str, str]

    def token_for(self, connection: str) -> str:
        """Make a token that may use one connection alone."""
        return output_of(("token", "create", "--name", "one connection", "--connection", connection), self.env)


def run(*, keep: bool = False) -> int:
    """Tell the story; `keep` leaves service and sandbox serving until interrupted. Gives the exit code."""
    screen = Screen()
    for number in _ENDS:
        signal.signal(number, _end)  # so that no process is left behind
    with tempfile.TemporaryDirectory(prefix="isthmus-demo-") as name:
        try:
            with _world(Path(name), screen) as world:
                failed = _tell_all(world, screen)
                if keep:
                    _wait(screen, world)
        except DidNotStart as fault:
            screen.console.print(f"The demo could not start: {fault}", style="bold red", markup=False, soft_wrap=True)
            return 1
    return 1 if failed else 0


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


@contextmanager
def _world(folder: Path, screen: Screen) -> Iterator[World]:
    """Start everything; a bar shows how far it is where somebody watches."""
    env = environment(folder / "data", ISTHMUS_RATE_LIMIT="0")
    watched = screen.console.is_terminal
    columns = (TextColumn("{task.description}"), BarColumn())
    with ExitStack() as running:
        with Progress(*columns, console=screen.console, transient=True, disable=not watched) as bar:
            task = bar.add_task("Starting the sandbox ...", total=3)
            sandbox = running.enter_context(started(("sandbox", "serve", "--port", "0"), folder / "sandbox.log", env))
            bar.update(task, advance=1, description="Making a token ...")
            token = output_of(("token", "create", "--name", "demo"), env)
            bar.update(task, advance=1, description="Starting the service ...")
            opened = {**env, "ISTHMUS_EGRESS_ALLOW": urlsplit(sandbox).netloc}
            service = running.enter_context(started(("serve", "--port", "0"), folder / "service.log", opened))
        screen.say(f"Service on {service}, sandbox on {sandbox}.\n")
        yield World(service, sandbox, token, env)


def _tell_all(world: World, screen: Screen) -> int:
    stage = Stage(Caller(world.service, world.token, screen), world.sandbox, world.token_for)
    verdicts = [_tell(number, chapter, stage) for number, chapter in enumerate(CHAPTERS, start=1)]
    return _sum_up(verdicts, screen)


def _tell(number: int, chapter: Chapter, stage: Stage) -> tuple[str, Verdict]:
    title = (chapter.__doc__ or chapter.__name__).rstrip(".")
    stage.caller.screen.chapter(f"{number}. {title}")
    try:
        return title, chapter(stage)
    except (KeyError, TypeError, IndexError, AttributeError) as fault:
        return title, (f"the answer has another shape ({fault})", False)
    except (OSError, HTTPException) as fault:
        return title, (f"no answer ({type(fault).__name__})", False)


def _sum_up(verdicts: list[tuple[str, Verdict]], screen: Screen) -> int:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", justify="right")
    for heading in ("What was shown", "Seen", ""):
        table.add_column(heading)
    for number, (title, (seen, good)) in enumerate(verdicts, start=1):
        table.add_row(str(number), title, seen, "[green]ok[/]" if good else "[bold red]NOT AS PROMISED[/]")
    screen.console.print(table)
    failed = sum(not good for _title, (_seen, good) in verdicts)
    screen.say(f"{len(verdicts) - failed} of {len(verdicts)} steps as promised.")
    return failed


def _wait(screen: Screen, world: World) -> None:
    screen.say(
        f"\nStill serving; its reference is at {world.service}/docs. Ctrl-C ends it. Try it:\n\n"
        f"  export TOKEN={world.token}\n"
        f'  curl -H "Authorization: Bearer $TOKEN" {world.service}/v1/connections\n'
    )
    try:
        signal.pause()
    except KeyboardInterrupt:
        screen.say("Stopping.")
