"""The root of the command line: every command, and how errors leave it."""

import os
import sys
from typing import Annotated, Any, Final

import typer

from isthmus import __version__
from isthmus.cli import backup, connections, demo, doctor, map, openapi, sandbox, serve, token  # noqa: A004  # the command's name
from isthmus.cli.output import complain
from isthmus.model.errors import IsthmusError, Refused

_INTERRUPTED: Final = 130


class _App(typer.Typer):
    """Turns every error into one line on stderr and an exit code: 1, or 2 where the command itself is wrong."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().__call__(*arguments, **options)
        except Refused as error:
            for problem in error.problems:
                complain(f"{problem.field}: {problem.message}" if problem.field else problem.message)
        except (IsthmusError, OSError) as error:
            complain(str(error))
        except KeyboardInterrupt:
            sys.exit(_INTERRUPTED)
        except Exception as error:  # the boundary of the command line: no user is shown a traceback
            if os.environ.get("ISTHMUS_LOG_LEVEL") == "debug":
                raise
            complain(f"Unexpected {type(error).__name__}. Run it with ISTHMUS_LOG_LEVEL=debug and report what you see.")
        sys.exit(1)


app = _App(
    name="isthmus",
    help="A self-hosted service that speaks the Celigo integrator.io Connections API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("openapi")(openapi.openapi)
app.command("map")(map.map_)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(token.app, name="token")
app.add_typer(connections.app, name="connections")
app.add_typer(sandbox.app, name="sandbox")


def _print_version(value: bool) -> None:  # noqa: FBT001  # the shape that typer calls back with
    if value:
        typer.echo(f"isthmus {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Serve the Connections API, or talk to a service that does. Every option is also an ISTHMUS_* variable."""
