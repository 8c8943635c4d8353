"""Method `body`: the template `paging.body` makes each next body out of `previous_page`."""

from isthmus.adaptors.http.paging.base import Paginator, Seen, Step


class BodyPaginator(Paginator):
    """Ends where the template renders blank, or to the request that was just made."""

    by_template = "body"

    def next(self, step: Step, seen: Seen) -> Step | None:
        """The template decides once it is rendered."""
        del step, seen
        return Step()
