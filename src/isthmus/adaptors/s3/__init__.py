"""The `s3` connection type: Amazon S3."""

from isthmus.adaptors.s3.document import S3, check
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="s3",
    block=S3,
    check=check,
    references=(Reference("s3._iClientId", "iclients"),),
    adaptor_types=("S3",),
    blocks=("s3",),
)
