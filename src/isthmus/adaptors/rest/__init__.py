"""The `rest` connection type: a deprecated dialect of `http`, still in the API page's examples."""

from isthmus.adaptors.rest.blocks import EXPORT_BLOCKS, IMPORT_BLOCKS
from isthmus.adaptors.rest.document import Rest, normalise
from isthmus.adaptors.rest.opening import open_
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="rest",
    block=Rest,
    normalise=normalise,
    destination=(
        "rest.baseURI",
        "rest.disableStrictSSL",
        "rest._iClientId",
        "rest.pingRelativeURI",
        "rest.cookieAuth.uri",
        "rest.authURI",
        "rest.oauthTokenURI",
        "rest.refreshTokenURI",
        "rest.oauth.authURI",
        "rest.oauth.tokenURI",
    ),
    references=(Reference("rest._iClientId", "iclients"),),
    adaptor_types=("REST", "HTTP"),
    blocks=("rest", "http"),
    export_blocks=EXPORT_BLOCKS,
    import_blocks=IMPORT_BLOCKS,
    open=open_,
)
