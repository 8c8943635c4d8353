"""The `van` connection type: a value-added network for EDI."""

from isthmus.adaptors.van.document import Van
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="van",
    block=Van,
    immutable=("van.as2Id",),
    adaptor_types=("VAN",),
    blocks=("van",),
)
