"""The `as2` connection type: EDI over HTTP."""

from isthmus.adaptors.as2.document import As2
from isthmus.adaptors.as2.requirements import check
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="as2",
    block=As2,
    check=check,
    destination=(
        "as2.partnerStationInfo.as2URI",
        "as2.partnerStationInfo.mdn.mdnURL",
        "as2.userStationInfo.mdn.mdnURL",
        "as2.partnerStationInfo.auth.token.refreshRelativeURI",
    ),
    immutable=("as2.as2Id", "as2.partnerId"),
    adaptor_types=("AS2",),
    blocks=("as2",),
)
