"""The `filesystem` connection type: a disk that an agent sees."""

from isthmus.adaptors.filesystem.document import FileSystem, check, normalise
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="filesystem",
    block=FileSystem,
    check=check,
    normalise=normalise,
    adaptor_types=("FileSystem",),
    blocks=("filesystem",),
    concurrency=1,
)
