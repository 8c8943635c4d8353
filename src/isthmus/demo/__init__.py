"""Shows the whole Connections API on real data: starts service and sandbox, walks the API page, checks every answer."""

from isthmus.demo.run import run

__all__ = ["run"]
