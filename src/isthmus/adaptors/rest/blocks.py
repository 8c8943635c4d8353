"""The blocks of exports and imports on a `rest` connection: those of `http`, its own legacy form first."""

from typing import Final

from isthmus.adaptors.http.export_block import HttpExport, RestExport
from isthmus.adaptors.http.import_block import HttpImport, RestImport
from isthmus.sdk.connection_type import Block

EXPORT_BLOCKS: Final[dict[str, type[Block]]] = {"rest": RestExport, "http": HttpExport}
IMPORT_BLOCKS: Final[dict[str, type[Block]]] = {"rest": RestImport, "http": HttpImport}
