"""The `jdbc` connection type: databases that a JDBC driver reaches."""

from isthmus.adaptors.jdbc.document import Jdbc, check
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="jdbc",
    block=Jdbc,
    check=check,
    destination=("jdbc.type", "jdbc.host", "jdbc.port", "jdbc.properties"),
    adaptor_types=("JDBC",),
    blocks=("jdbc",),
)
