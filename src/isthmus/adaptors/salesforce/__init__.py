"""The `salesforce` connection type."""

from isthmus.adaptors.salesforce.document import Salesforce, check
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="salesforce",
    block=Salesforce,
    check=check,
    destination=("salesforce.baseURI", "salesforce.sandbox"),
    references=(Reference("salesforce._iClientId", "iclients"),),
    adaptor_types=("Salesforce",),
    blocks=("salesforce",),
)
