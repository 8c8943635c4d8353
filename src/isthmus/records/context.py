"""What a mapping sees besides the record. Source: handlebars.md section 2, imports.md section 6."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Literal

from isthmus.model.json import Json

Operation = Literal["create", "update"]


@dataclass(frozen=True, slots=True)
class LookupFailed:
    """A dynamic lookup that found nothing, or more than one value; `message` says which."""

    message: str = "The lookup found no value."


@dataclass(frozen=True, slots=True)
class MappingContext:
    """What a mapping sees besides the record.

    `lookups` holds the result of every dynamic lookup named by `Mapping.lookups`, already run for this record.
    `variables` holds `settings`, `connection` (secrets replaced by ""), `import`, `job` and `iClient`, by the names
    that templates use.
    """

    operation: Operation = "create"
    lookups: Map[str, "Json | LookupFailed"] = field(default_factory=dict)
    variables: Map[str, Json] = field(default_factory=dict)
