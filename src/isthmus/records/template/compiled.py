"""A compiled template."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from isthmus.model.clock import Clock, now
from isthmus.model.json import Document, Json
from isthmus.records.errors import RecordError, RuleError
from isthmus.records.limits import DEFAULT, Limits
from isthmus.records.lookup import compile_tables
from isthmus.records.template.destination import Destination
from isthmus.records.template.escape import finish
from isthmus.records.template.fuel import Run
from isthmus.records.template.generate import Generator
from isthmus.records.template.interpret import Interpreter
from isthmus.records.template.parser import parse
from isthmus.records.template.runtime import checked
from isthmus.records.template.tree import Comment, Program, Text
from isthmus.records.template.uses import lookups_of, size_of

_GENERATED: Final = 4_000
"""Templates of more nodes are interpreted: making Python of them would take longer than running them."""

_CACHED: Final = 10_000
"""Longer texts are not kept: the cache must not grow with the size of what clients send."""

_Body = Callable[[Run], str]


class Template:
    """A compiled template: pure, reusable, safe to share between tasks.

    `lookups` names the lookups that it refers to, `{{lookup "name" key}}` and `{{lookup.name}}` alike.
    """

    def __init__(self, text: str, destination: Destination, *, strict: bool, tables: Mapping[str, Any]) -> None:
        self.text = text
        self.destination = destination
        self._static, self.lookups, self._body = _compile(text, destination, strict=strict)
        self._tables = tables

    @property
    def is_static(self) -> bool:
        """Whether the text has no expression, so that every render gives the same."""
        return self._static

    def render(
        self,
        context: Mapping[str, Json],
        *,
        limits: Limits = DEFAULT,
        clock: Clock = now,
        tables: Mapping[str, Any] | None = None,
    ) -> str:
        """Render over a context of plain JSON; `tables` are static lookups that take the place of the template's own.

        Raises RecordError: out of fuel, a missing name in strict mode, a helper's refusal. The context is not changed.
        """
        run = Run(
            context if type(context) is dict else dict(context),
            self._tables if tables is None else tables,
            limits,
            clock,
        )
        try:
            text = self._body(run)
        except RuleError as error:
            raise RecordError("helper_failed", error.problems[0].message) from error
        except RecursionError as error:
            raise RecordError("too_deep", "The data nests too deep for the template.") from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise RecordError("helper_failed", "A helper of the template cannot work on this data.") from error
        return finish(text, self.destination)


def _compile(text: str, destination: Destination, *, strict: bool) -> tuple[bool, tuple[str, ...], _Body]:
    make = _kept if len(text) <= _CACHED else _made
    return make(text, destination, strict=strict)


def _made(text: str, destination: Destination, *, strict: bool) -> tuple[bool, tuple[str, ...], _Body]:
    program = parse(text)
    names = tuple(dict.fromkeys(lookups_of(program)))
    static = all(isinstance(node, Text | Comment) for node in program.body)
    if static:
        whole = "".join(node.value for node in program.body if isinstance(node, Text))
        return True, names, lambda run: checked(run, whole)
    if size_of(program) > _GENERATED:
        return False, names, lambda run: Interpreter(run, destination, strict=strict).render(program)
    return False, names, generate(program, destination, strict=strict)


_kept = lru_cache(maxsize=1_024)(_made)


def generate(program: Program, destination: Destination, *, strict: bool) -> _Body:
    """Make the Python of a template."""
    generator = Generator(destination, strict=strict)
    code = compile(generator.source(program), "<template>", "exec")
    namespace = generator.namespace
    exec(code, namespace)  # noqa: S102  # generated: no user text is source, see generate.py
    function = namespace["render"]

    def body(run: Run) -> str:
        parts: list[str] = []
        function(run, parts.append, 0, run.room, run.root, (run.root, None), (None, None))
        return "".join(parts)

    return body


def compile_template(
    text: str, destination: Destination = Destination.PLAIN, *, strict: bool = False, lookups: Sequence[Document] = ()
) -> Template:
    """Compile a template. Raises RuleError, naming line and column, for one that does not parse.

    `strict` makes a missing name a RecordError at render. `lookups` are the document's static lookups, for
    `{{lookup "name" key}}`.
    """
    if not isinstance(text, str):
        raise RuleError("A template must be a text.")
    return Template(text, destination, strict=strict, tables=compile_tables(lookups))
