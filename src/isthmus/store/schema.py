"""Which versions of the schema there are; apart from Alembic, which a start without a migration never loads."""

from typing import Final

from isthmus.model.errors import SetupError

VERSIONS: Final = ("0001",)
"""Every version, oldest first; a test holds it to the modules in `migrations/versions`."""

HEAD: Final = VERSIONS[-1]
VERSION_TABLE: Final = "alembic_version"


class SchemaTooNew(SetupError):
    """A newer isthmus wrote this store."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The store has schema {found}, which this isthmus does not know (it knows up to {HEAD}): "
            "a newer isthmus wrote it. Run that version or a later one, or restore a backup made before the upgrade."
        )


def is_current(found: str | None) -> bool:
    """Tell whether a store needs no migration; None is a store without a schema. Raises SchemaTooNew."""
    if found is not None and found not in VERSIONS:
        raise SchemaTooNew(found)
    return found == HEAD
