"""How far an export is: what a cursor carries from one page to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from isthmus.adaptors.http.bodies import Body
from isthmus.adaptors.http.drafts import Draft
from isthmus.adaptors.http.paging import Guard, Step
from isthmus.model.json import Json
from isthmus.sdk import Cursor


@dataclass(frozen=True, slots=True)
class Rendered:
    """A request that was rendered when its cursor was made.

    `url` is absolute. `ours` tells that it was rendered with secrets, for the connection's own origin; `token` is the
    token that stands in its text, so that it can be exchanged after a refresh ("" where none does).
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: Body | None
    ours: bool
    token: str = ""

    @classmethod
    def of(cls, draft: Draft, url: str, *, ours: bool, token: str) -> "Rendered":
        """Keep a draft; the token is noted only where the text holds it."""
        texts = [url, *(value for _, value in draft.headers)]
        in_text = any(token in text for text in texts) or (
            draft.body is not None and token.encode() in draft.body.content
        )
        return cls(draft.method, url, draft.headers, draft.body, ours, token if token and ours and in_text else "")

    def draft(self, token: str) -> Draft:
        """Give the draft back, with the token that is in use now in place of the one that it was rendered with."""
        if not self.token or not token or token == self.token:
            return Draft(self.method, self.url, self.headers, self.body)
        body = self.body and replace(self.body, content=self.body.content.replace(self.token.encode(), token.encode()))
        headers = tuple((name, value.replace(self.token, token)) for name, value in self.headers)
        return Draft(self.method, self.url.replace(self.token, token), headers, body)

    def as_json(self) -> dict[str, Json]:
        """Write it for a cursor."""
        body = self.body and [self.body.content.decode("utf-8", "surrogateescape"), self.body.content_type]
        return {
            "method": self.method,
            "url": self.url,
            "headers": [list(pair) for pair in self.headers],
            "body": body,
            "ours": self.ours,
            "token": self.token,
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Json]) -> "Rendered":
        """Read it from a cursor."""
        kept, ours = value["body"], value["ours"]
        body = kept and Body(kept[0].encode("utf-8", "surrogateescape"), kept[1], secret=ours)
        headers = tuple((name, text) for name, text in value["headers"])
        return cls(value["method"], value["url"], headers, body, ours, value["token"])


@dataclass(frozen=True, slots=True)
class Progress:
    """`number` is that of the page to be read, from 1; `count` the records read before it."""

    step: Step
    number: int = 1
    count: int = 0
    rendered: Rendered | None = None
    guard: Guard | None = None

    def as_cursor(self) -> Cursor:
        """Write the cursor that leads to this page; all that was rendered, tokens and URLs too, is private."""
        private: dict[str, Json] = {
            "step": {"variables": dict(self.step.variables), "url": self.step.url},
            "request": self.rendered.as_json() if self.rendered else None,
            "guard": self.guard.as_json() if self.guard else None,
        }
        public: dict[str, Json] = {"pageIndex": self.number, "recordsSeen": self.count}
        return Cursor(public | {k: v for k, v in self.step.variables.items() if k in ("page", "skip")}, private)

    @classmethod
    def of_cursor(cls, cursor: Cursor) -> "Progress":
        """Read it back; cursors come from `as_cursor` alone, their integrity is the caller's affair."""
        step, request, guard = cursor.private["step"], cursor.private["request"], cursor.private["guard"]
        return cls(
            Step(step["variables"], step["url"]),
            int(cursor.public["pageIndex"]),
            int(cursor.public["recordsSeen"]),
            Rendered.of_json(request),
            Guard.of_json(guard),
        )
