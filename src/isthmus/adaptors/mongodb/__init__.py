"""The `mongodb` connection type."""

from isthmus.adaptors.mongodb.document import MongoDb
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="mongodb",
    block=MongoDb,
    destination=("mongodb.host", "mongodb.replicaSet"),
    adaptor_types=("Mongodb",),
    blocks=("mongodb",),
)
