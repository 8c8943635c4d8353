"""Finds connection types by their place: every package `isthmus.adaptors.<type>`, then the entry points of others."""

import importlib
import pkgutil
from functools import lru_cache
from importlib.metadata import entry_points

from isthmus.model.errors import InvalidDocument, invalid
from isthmus.sdk.connection_type import ConnectionType


@lru_cache(maxsize=1)
def connection_types() -> dict[str, ConnectionType]:
    """Collect every known connection type by name. A name that two packages claim is a fault of the installation."""
    home = importlib.import_module("isthmus.adaptors")
    specs = [
        importlib.import_module(f"{home.__name__}.{module.name}").SPEC
        for module in pkgutil.iter_modules(home.__path__)
        if module.ispkg
    ]
    specs += [entry.load().SPEC for entry in entry_points(group="isthmus.adaptors")]
    types: dict[str, ConnectionType] = {}
    for spec in specs:
        if types.setdefault(spec.name, spec) is not spec:
            message = f"Two packages offer the connection type {spec.name!r}: uninstall one of them."
            raise RuntimeError(message)
    return dict(sorted(types.items()))


def connection_type(name: object) -> ConnectionType:
    """Look a type up by name; raises InvalidDocument on `type` when there is none."""
    found = connection_types().get(name) if isinstance(name, str) else None
    if found is None:
        known = ", ".join(connection_types())
        raise InvalidDocument(invalid("type", f"Unknown connection type. Use one of: {known}."))
    return found
