"""The command line: one file for each group of commands. `isthmus.cli:app` is what the installed script runs."""

from isthmus.cli.root import app

__all__ = ["app"]
