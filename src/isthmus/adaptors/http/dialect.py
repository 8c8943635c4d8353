"""How a connection document is written: `http` as it is; `rest` under other names (adaptors/rest)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from isthmus.model.json import Document


@dataclass(frozen=True, slots=True)
class Dialect:
    """`translate` turns a stored document into an http one (and leaves its own block for templates to see).

    `pointers` tells where a secret of the http document lives in the stored one, by JSON Pointer.
    """

    translate: Callable[[Document], Document] = lambda document: document
    pointers: Mapping[str, str] = field(default_factory=dict)


HTTP = Dialect()
