"""Logs: JSON lines on stderr, or readable ones on a terminal. None holds a secret or a local variable."""

import contextlib
import io
import logging
import os
import sys
from typing import Final, TextIO, cast

import structlog

_STDERR: Final = 2


class _Stderr(io.TextIOBase):
    """Stderr that never fails: what cannot be logged (a full disk, a closed pipe) must not fail a request.

    It has no buffer: what one would still hold when the process ends would spoil the exit code.
    """

    def write(self, text: str) -> int:
        rest = text.encode("utf-8", "backslashreplace")
        with contextlib.suppress(OSError):
            while rest:
                rest = rest[os.write(_STDERR, rest) :]
        return len(text)


def configure(level: str) -> None:
    """Send structlog's and the libraries' messages of `level` and above to stderr."""
    least = getattr(logging, level.upper())
    stderr = cast("TextIO", _Stderr())
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if sys.stderr.isatty():
        render = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render]
        )
    )
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler], force=True)
