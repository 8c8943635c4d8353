"""The `rdbms` connection type: SQL databases."""

from isthmus.adaptors.rdbms.document import Rdbms
from isthmus.adaptors.rdbms.requirements import check
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="rdbms",
    block=Rdbms,
    check=check,
    destination=(
        "rdbms.type",
        "rdbms.host",
        "rdbms.port",
        "rdbms.instanceName",
        "rdbms.options",
        "rdbms.disableStrictSSL",
        "rdbms.redshift.region",
    ),
    references=(Reference("rdbms._iClientId", "iclients"),),
    adaptor_types=("RDBMS",),
    blocks=("rdbms",),
)
