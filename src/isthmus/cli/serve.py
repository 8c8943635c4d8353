"""`isthmus serve`: run the service."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from isthmus import log
from isthmus.app import run
from isthmus.cli.options import Data, Database
from isthmus.settings import load


def _option(name: str, help_text: str) -> Any:
    variable = "ISTHMUS_" + name.removeprefix("--").upper().replace("-", "_")
    return typer.Option(name, envvar=variable, help=help_text)


# These two are no strings: the settings read their variables, and tell in one line where one is rubbish.
_PORT: Final = "The port to listen on; 0 picks a free one [8080]; also ISTHMUS_PORT."
_INSECURE: Final = "Allow plain http beyond loopback; also ISTHMUS_INSECURE."
_RATE: Final = "Leaky bucket per account, CAPACITY/PER_SECOND; 0 switches it off [1000/300]."
_EGRESS: Final = "Private destinations to open: 127.0.0.0/8,::1,host:port,*.corp.example"


def serve(  # noqa: PLR0913  # the options of the command
    *,
    host: Annotated[str | None, _option("--host", "The address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option("--port", help=_PORT)] = None,
    data: Data = None,
    database: Database = None,
    key_file: Annotated[Path | None, _option("--key-file", "The key that seals secrets [DATA/key].")] = None,
    public_url: Annotated[str | None, _option("--public-url", "How clients reach this service.")] = None,
    tls_cert: Annotated[Path | None, _option("--tls-cert", "The certificate chain (PEM) for https.")] = None,
    tls_key: Annotated[Path | None, _option("--tls-key", "The private key (PEM) of the certificate.")] = None,
    insecure: Annotated[bool | None, typer.Option("--insecure", help=_INSECURE)] = None,
    egress_allow: Annotated[str | None, _option("--egress-allow", _EGRESS)] = None,
    rate_limit: Annotated[str | None, _option("--rate-limit", _RATE)] = None,
    log_level: Annotated[str | None, _option("--log-level", "debug, info, warning or error [info].")] = None,
) -> None:
    """Run the service until SIGTERM, then finish what is in flight.

    Prints one line on stdout once it accepts requests: `isthmus ready on http://HOST:PORT`. Logs go to stderr.
    """
    settings = load(
        host=host,
        port=port,
        data=data,
        database=database,
        key_file=key_file,
        public_url=public_url,
        tls_cert=tls_cert,
        tls_key=tls_key,
        insecure=insecure or None,
        egress_allow=egress_allow,
        rate_limit=rate_limit,
        log_level=log_level,
    )
    log.configure(settings.log_level)
    run(settings)
