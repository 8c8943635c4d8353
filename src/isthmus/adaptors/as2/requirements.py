"""Which keys and certificates signing and encryption demand. Source: connections.md "as2"."""

from collections.abc import Iterable

from isthmus.model.errors import Problem
from isthmus.model.json import Document
from isthmus.model.look import Look


def check(document: Document) -> Iterable[Problem]:
    """Name what is missing: our own pair to sign and to decrypt, the partner's certificate to encrypt and to verify."""
    look = Look(document, "as2")

    def used(field: str) -> bool:
        return look.choice(field, "none") != "none"

    if used("partnerStationInfo.signing") or used("userStationInfo.encryptionType"):
        yield from look.need("encrypted.userPrivateKey", "unencrypted.userPublicKey")
    verifies = look.at("partnerStationInfo.mdn.verifyMDNSignature") is True
    if used("partnerStationInfo.encryptionType") or used("userStationInfo.signing") or verifies:
        yield from look.need("unencrypted.partnerCertificate")
