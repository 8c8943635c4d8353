"""One transaction, or a run of reads: the repositories over one link to the database."""

from isthmus.model.account import ACCOUNT
from isthmus.store.audit import AuditRows
from isthmus.store.debug_log import DebugLog
from isthmus.store.documents import Documents
from isthmus.store.installation import Installation
from isthmus.store.link import Link
from isthmus.store.page_states import PageStates
from isthmus.store.references import References
from isthmus.store.sealed import SealedSecrets
from isthmus.store.tokens import Tokens


class Session:
    """The repositories of one account; made by `Store.read` and `Store.write`, and used only while those are open."""

    __slots__ = (
        "audit",
        "debug_log",
        "documents",
        "installation",
        "page_states",
        "references",
        "sealed",
        "tokens",
    )

    def __init__(self, link: Link, account: str = ACCOUNT) -> None:
        self.documents = Documents(link, account)
        self.references = References(link, account)
        self.sealed = SealedSecrets(link, account)
        self.audit = AuditRows(link, account)
        self.tokens = Tokens(link, account)
        self.debug_log = DebugLog(link, account)
        self.page_states = PageStates(link, account)
        self.installation = Installation(link, account)
