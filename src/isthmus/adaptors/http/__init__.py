"""The `http` connection type: any system that speaks HTTP."""

from isthmus.adaptors.http.document import Http, normalise
from isthmus.adaptors.http.export_block import HttpExport, RestExport
from isthmus.adaptors.http.import_block import HttpImport, RestImport
from isthmus.adaptors.http.opening import open_
from isthmus.adaptors.http.requirements import check
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="http",
    block=Http,
    check=check,
    normalise=normalise,
    destination=(
        "http.baseURI",
        "http.disableStrictSSL",
        "http._iClientId",
        "http.ping.relativeURI",
        "http.auth.cookie.uri",
        "http.auth.token.refreshRelativeURI",
        "http.auth.token.revoke.uri",
        "http.auth.oauth.authURI",
        "http.auth.oauth.tokenURI",
    ),
    references=(Reference("http._iClientId", "iclients"),),
    adaptor_types=("HTTP", "REST"),
    blocks=("http", "rest"),
    export_blocks={"http": HttpExport, "rest": RestExport},
    import_blocks={"http": HttpImport, "rest": RestImport},
    concurrency=25,
    open=open_,
)
