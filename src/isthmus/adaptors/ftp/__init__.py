"""The `ftp` connection type: FTP, FTPS and SFTP."""

from isthmus.adaptors.ftp.document import Ftp, check
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="ftp",
    block=Ftp,
    check=check,
    destination=("ftp.type", "ftp.hostURI", "ftp.port"),
    adaptor_types=("FTP",),
    blocks=("ftp",),
    concurrency=1,
)
