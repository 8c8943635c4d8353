"""Which export or import a call works for, known along the call, so that the debug log can tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from isthmus.model.ids import is_id
from isthmus.model.json import Document


@dataclass(frozen=True, slots=True)
class Resource:
    """What a line of the debug log is filed under. `id` is None where the model is not stored."""

    type: str
    id: str | None = None


_NOW: Final[ContextVar[Resource | None]] = ContextVar("running", default=None)


@contextmanager
def running(resource_type: str, model: Document) -> Iterator[None]:
    """Say what the calls inside work for: `export` or `import`, and its `_id` where the model names a valid one."""
    own_id = model.get("_id")
    token = _NOW.set(Resource(resource_type, own_id if is_id(own_id) else None))
    try:
        yield
    finally:
        _NOW.reset(token)


def resource_now() -> Resource:
    """Tell what runs: the connection itself (a ping, a login, a refresh) unless something else was said."""
    return _NOW.get() or Resource("connection")
