"""The store: documents, links, sealed secrets, audit, tokens, debug lines and page states, in SQLite or PostgreSQL."""

from isthmus.model.sealed import Sealed
from isthmus.store.audit import AuditFilter, AuditRow, AuditRows
from isthmus.store.debug_log import DebugLine, DebugLog
from isthmus.store.documents import Documents, Stored
from isthmus.store.installation import Installation, WrongKey
from isthmus.store.lock import DataFolderLock, FolderInUse
from isthmus.store.open import open_store
from isthmus.store.page_states import PageStates
from isthmus.store.references import Ref, References
from isthmus.store.sealed import SealedSecrets
from isthmus.store.session import Session
from isthmus.store.store import Store
from isthmus.store.tokens import TokenRow, Tokens

__all__ = [
    "AuditFilter",
    "AuditRow",
    "AuditRows",
    "DataFolderLock",
    "DebugLine",
    "DebugLog",
    "Documents",
    "FolderInUse",
    "Installation",
    "PageStates",
    "Ref",
    "References",
    "Sealed",
    "SealedSecrets",
    "Session",
    "Store",
    "Stored",
    "TokenRow",
    "Tokens",
    "WrongKey",
    "open_store",
]
