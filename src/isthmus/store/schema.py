"""Which versions of the schema there are; apart from Alembic, which a start without a migration never loads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from isthmus.model.errors import SetupError

VERSION_TABLE: Final = "alembic_version"


class SchemaTooNew(SetupError):
    """A newer isthmus wrote this store."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The store has schema {found}, which this isthmus does not know (it knows up to {known}): "
            "a newer isthmus wrote it. Run that version or a later one, or restore a backup made before the upgrade."
        )


@dataclass(frozen=True, slots=True)
class Schema:
    """The versions, oldest first, and the folder of Alembic scripts that lead from one to the next."""

    versions: tuple[str, ...]
    scripts: Path

    def is_current(self, found: str | None) -> bool:
        """Tell whether a store needs no migration; None is a store without a schema. Raises SchemaTooNew."""
        if found is not None and found not in self.versions:
            raise SchemaTooNew(found, self.versions[-1])
        return found == self.versions[-1]


SCHEMA: Final = Schema(("0001",), Path(__file__).parent / "migrations")
"""The schema of this isthmus; a test holds its versions to the scripts."""
