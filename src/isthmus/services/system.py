"""The service itself as an actor: what it changes without being asked stands in the audit under this name."""

from typing import Final

from isthmus.services.caller import Caller

SYSTEM: Final = Caller(token_id="", user_id="0" * 24, name="isthmus", source="system")  # an empty id, no token
"""No token; an id that no user has."""
