"""The JSON values that documents and records are made of."""

from typing import Any, TypeAlias

Json: TypeAlias = Any
"""One of None, bool, int, float, str, list[Json], dict[str, Json]."""

Record: TypeAlias = Any
"""One record: nearly always a dict[str, Json]; a list of rows where records were grouped."""

Document: TypeAlias = dict[str, Any]
"""A resource document as JSON."""
