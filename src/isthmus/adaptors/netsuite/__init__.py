"""The `netsuite` connection type."""

from isthmus.adaptors.netsuite.document import NetSuite, check
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="netsuite",
    block=NetSuite,
    check=check,
    destination=("netsuite.account", "netsuite.environment"),
    references=(Reference("netsuite._iClientId", "iclients"),),
    adaptor_types=("NetSuite", "NetSuiteDistributed"),
    blocks=("netsuite", "netsuite_da"),
)
