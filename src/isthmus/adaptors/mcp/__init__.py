"""The `mcp` connection type: a server of the Model Context Protocol."""

from isthmus.adaptors.mcp.document import Mcp, check
from isthmus.sdk.connection_type import ConnectionType, Reference

SPEC = ConnectionType(
    name="mcp",
    block=Mcp,
    check=check,
    destination=(
        "mcp.serverURL",
        "mcp.http._iClientId",
        "mcp.http.auth.token.refreshRelativeURI",
        "mcp.http.auth.token.revoke.uri",
        "mcp.http.auth.oauth.authURI",
        "mcp.http.auth.oauth.tokenURI",
    ),
    references=(Reference("mcp.http._iClientId", "iclients"),),
)
