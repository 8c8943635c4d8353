"""What a connection says about TLS: verification, its own trust, its client certificate."""

import base64
import binascii
import hashlib
import ssl
import tempfile
from dataclasses import astuple, dataclass, field
from secrets import token_hex
from typing import Final, NoReturn

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from isthmus.model.errors import InvalidDocument

_Pair = tuple[PrivateKeyTypes, bytes]
"""A private key and the PEM of its certificate chain."""


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

    @property
    def policy(self) -> bytes:
        """What tells these options from others, without giving them away."""
        return hashlib.sha256(repr(astuple(self)).encode("utf-8", "surrogatepass")).digest()

    @property
    def plain(self) -> bool:
        """Whether nothing but the defaults is asked for."""
        return self == PLAIN


PLAIN: Final = TlsOptions()


def build_context(options: TlsOptions) -> ssl.SSLContext:
    """Build the context of an outbound connection: TLS 1.2 at least, verified unless the options say otherwise.

    Blocks (it reads the system's authorities): run it in a thread. Raises InvalidDocument where a certificate, a key
    or a passphrase cannot be used.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if not options.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.ca:
        try:
            context.load_verify_locations(cadata=options.ca)
        except (ssl.SSLError, ValueError, TypeError):
            _refuse("The certificate authority (ca) cannot be read. Give it as PEM text.")
    pair = _pair(options)
    if pair is not None:
        _load(context, *pair)
    return context


def _pair(options: TlsOptions) -> _Pair | None:
    if options.pfx:
        return _from_pfx(options.pfx, options.passphrase)
    if not options.key and not options.cert:
        return None
    if not options.key or not options.cert:
        _refuse("A client certificate needs both its certificate (cert) and its key.")
    try:
        key = load_pem_private_key(options.key.encode(), _secret(options.passphrase, needed="ENCRYPTED" in options.key))
    except (ValueError, TypeError):
        _refuse("The key of the client certificate cannot be read. Give it as PEM text, with its passphrase if any.")
    return key, options.cert.encode()


def _from_pfx(pfx: str, passphrase: str | None) -> _Pair:
    try:
        bundle = pkcs12.load_pkcs12(base64.b64decode(pfx, validate=False), _secret(passphrase, needed=True))
    except (ValueError, binascii.Error):
        _refuse("The client certificate (pfx) cannot be read. Give a PKCS#12 file in base64, with its passphrase.")
    if bundle.key is None or bundle.cert is None:
        _refuse("The client certificate (pfx) holds no key or no certificate.")
    chain = (bundle.cert, *bundle.additional_certs)
    return bundle.key, b"".join(one.certificate.public_bytes(Encoding.PEM) for one in chain)


def _secret(passphrase: str | None, *, needed: bool) -> bytes | None:
    return passphrase.encode() if passphrase and needed else None


def _load(context: ssl.SSLContext, key: PrivateKeyTypes, chain: bytes) -> None:
    """Hand key and chain to OpenSSL, which reads files alone.

    The file is 0600, gone at once, and holds the key encrypted under a password that was never written anywhere.
    """
    password = token_hex(16)
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))
    with tempfile.NamedTemporaryFile(prefix="isthmus-", suffix=".pem") as file:
        file.write(sealed + b"\n" + chain)
        file.flush()
        try:
            context.load_cert_chain(file.name, password=password)
        except (ssl.SSLError, ValueError):
            _refuse("The client certificate cannot be used: certificate and key do not belong together.")


def _refuse(message: str) -> NoReturn:
    raise InvalidDocument(message) from None
