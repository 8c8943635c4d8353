"""Lets `python -m isthmus` do what `isthmus` does."""

from isthmus.cli import app

app(prog_name="isthmus")
