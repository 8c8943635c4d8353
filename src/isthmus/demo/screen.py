"""What the demo prints: coloured and fitted to the window on a terminal, plain and unwrapped anywhere else."""

from typing import Any, Final

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from isthmus.demo.shape import laid_out

SHOWN_LINES: Final = 40
_WIDEST: Final = 100
_ERROR: Final = 400
_HANG: Final = "    "


class Screen:
    """One console. `width` is in columns."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self._wraps = self.console.is_terminal
        if not self._wraps:
            self.console = Console(highlight=False, width=_WIDEST)
        self.width = min(self.console.width, _WIDEST)

    def say(self, text: str) -> None:
        """Print a line with markup."""
        self.console.print(text, soft_wrap=not self._wraps)

    def chapter(self, title: str) -> None:
        """Open a chapter."""
        line = "─" * max(2, self.width - len(title) - 1)
        self._put(Text.assemble((title, "bold"), " ", (line, "green")))

    def request(self, method: str, path: str, body: Any) -> None:
        """Show a request."""
        self._put(Text.assemble(("  > ", "dim"), (f"{method} {path}", "bold cyan")))
        self._body(body, "  > ")

    def answer(self, status: int, body: Any) -> None:
        """Show the answer to it."""
        colour = "green" if status < _ERROR else "yellow"
        self._put(Text.assemble(("  < ", "dim"), (str(status), f"bold {colour}")))
        self._body(body, "  < ")
        self.console.print()

    def _body(self, body: Any, margin: str) -> None:
        if body in (None, ""):
            return
        plain = isinstance(body, str)
        lines = body.splitlines() if plain else laid_out(body, self.width - len(margin))
        for line in lines[:SHOWN_LINES]:
            self._line(Text(line) if plain else JSONHighlighter()(line), margin)
        if len(lines) > SHOWN_LINES:
            self._put(Text(f"{margin}... {len(lines) - SHOWN_LINES} more lines", style="dim"))

    def _line(self, line: Text, margin: str) -> None:
        """Print a line; on a terminal what is too long goes on below, further in, under the same margin."""
        indent = len(line.plain) - len(line.plain.lstrip())
        hang = " " * indent + _HANG
        room = max(20, self.width - len(margin) - len(hang))
        first, *rest = _pieces(line, self.width - len(margin), room) if self._wraps else [line]
        self._put(Text(margin, style="dim") + first)
        for piece in rest:
            self._put(Text(margin, style="dim") + Text(hang) + piece)

    def _put(self, text: Text) -> None:
        self.console.print(text, soft_wrap=True)


def _pieces(line: Text, first: int, room: int) -> list[Text]:
    """Break a line after a space where there is one, else where the room ends."""
    pieces, limit = [], first
    while len(line.plain) > limit:
        space = line.plain.rfind(" ", limit // 2, limit)
        end = space + 1 if space > 0 else limit
        head, line = line.divide([end])
        pieces.append(head)
        limit = room
    return [*pieces, line]
