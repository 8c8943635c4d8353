"""The `dynamodb` connection type: Amazon DynamoDB."""

from isthmus.adaptors.dynamodb.document import DynamoDb
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="dynamodb",
    block=DynamoDb,
    adaptor_types=("Dynamodb",),
    blocks=("dynamodb",),
)
