"""What a connection says about TLS: verification, its own trust, its client certificate."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """The TLS side of one connection. `key` and `cert` are PEM texts, `pfx` is base64 of a PKCS#12 file.

    `verify` False is `disableStrictSSL`: any certificate will do. `ca` is trusted beside the system's authorities.
    `passphrase` opens `key` or `pfx`. Source: connections.md section 2, `clientCertificates`.
    """

    verify: bool = True
    cert: str | None = None
    key: str | None = field(default=None, repr=False)
    ca: str | None = None
    passphrase: str | None = field(default=None, repr=False)
    pfx: str | None = field(default=None, repr=False)
