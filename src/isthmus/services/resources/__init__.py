"""The documents of every kind, and the rules that they share."""

from collections.abc import Mapping

from isthmus.services.kinds import KINDS
from isthmus.services.resources.context import Context
from isthmus.services.resources.listing import Listing, ListQuery
from isthmus.services.resources.resources import Resources

__all__ = ["Context", "ListQuery", "Listing", "Resources", "all_resources"]


def all_resources(context: Context) -> Mapping[str, Resources]:
    """Make the service of every kind, by its plural name."""
    return {name: Resources(kind, context) for name, kind in KINDS.items()}
