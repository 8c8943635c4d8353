"""The way to one other system: addresses, signs and sends the requests of an opened connection.

It holds what changes while the connection is open: the document with its refreshed secrets, and what must be masked.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from isthmus.adaptors.http.answers import Answer, Expected
from isthmus.adaptors.http.auth import authentication_of
from isthmus.adaptors.http.auth.base import Flow, Learnt
from isthmus.adaptors.http.auth.token import REFRESH_TOKEN, TOKEN, token_of
from isthmus.adaptors.http.contexts import of_connection
from isthmus.adaptors.http.dialect import HTTP, Dialect
from isthmus.adaptors.http.drafts import Draft, compile_headers, render_headers
from isthmus.adaptors.http.fields import block, text
from isthmus.adaptors.http.masking import Masker, differing
from isthmus.adaptors.http.origin import checked_base, join, may_carry_credentials
from isthmus.adaptors.http.renewals import Renewals
from isthmus.adaptors.http.verdicts import auth_failure_signs, rate_limit_signs, shown
from isthmus.model.errors import CredentialsRejected, Rejected, Throttled
from isthmus.model.json import Document, Json
from isthmus.model.secret import join as put_secrets
from isthmus.records import Destination, compile_template
from isthmus.records.budget import current_budget
from isthmus.sdk import Opening
from isthmus.transport.http.backoff import retry_after
from isthmus.transport.http.message import CREDENTIAL_HEADERS, Headers, Request

_HARMLESS: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""Headers of a connection, export or import that may follow a redirect anywhere; every other one may hold a secret."""

View = Mapping[str, Json]
"""What the templates of a request see of the connection: secrets in clear, or left out."""

Render = Callable[[View], Draft]
"""Renders a request; called again after a refresh, and with the secret-free view where it leaves the origin."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A request before it is signed. `ours` tells that it goes to the connection's own origin."""

    request: Request
    draft: Draft
    ours: bool


class Channel:
    """One opened connection. Safe to use from many tasks at once."""

    def __init__(self, opening: Opening, dialect: Dialect = HTTP) -> None:
        self._opening = opening
        self._dialect = dialect
        self._stored = opening.connection
        self.connection = dialect.translate(opening.connection)
        self.display = of_connection(dialect.translate(opening.display), None if opening.iclient is None else {})
        self._view = of_connection(self.connection, opening.iclient)
        self._compile()
        self._auth = authentication_of(self.connection)
        self._renewals = Renewals(self._renew)
        self._tried: deque[str] = deque([token_of(self.connection)], maxlen=16)
        self.masker = Masker(differing(self.connection, self.display["connection"]))
        self.masker.learn(*self._auth.secrets(self.connection))

    def _compile(self) -> None:
        http = block(self.connection, "http")
        self.media = text(http, "mediaType", "json").lower()
        self.expected = Expected(text(http, "successMediaType").lower(), text(http, "errorMediaType").lower())
        self._base = compile_template(text(http, "baseURI"), Destination.URI)
        self._headers = compile_headers(http)
        self._auth_failure = auth_failure_signs(block(http, "auth"))
        self._rate_limit = rate_limit_signs(block(http, "rateLimit"))
        self._retry_header = text(http, "retryHeader", "Retry-After")
        self._keeps_credentials = block(http, "auth").get("skipFollowAuthorizationHeader") is not True

    def address(self, render: Render) -> Addressed:
        """Render and address a request. This and `origin` decide what may leave: see there. Raises RecordError."""
        with current_budget():
            return self._addressed(render)

    def _addressed(self, render: Render) -> Addressed:
        base = checked_base(self._base.render(self._view))
        draft = render(self._view)
        url = join(base, draft.uri)
        ours = may_carry_credentials(base, url)
        if not ours:
            draft = render(self.display)
            url = join(base, draft.uri)
        headers = Headers(draft.headers)
        if draft.body is not None and headers.get("content-type") is None:
            headers = headers.with_("Content-Type", draft.body.content_type)
        credentials = CREDENTIAL_HEADERS
        if ours:
            own = render_headers(self._headers, self._view)
            credentials |= {name.lower() for name, _ in (*own, *draft.headers)} - _HARMLESS
            headers = _over(own, headers)
        request = Request(
            draft.method,
            url,
            headers,
            draft.body.content if draft.body else None,
            credentials,
            secret_body=ours and draft.body is not None and draft.body.secret,
            keep_credentials=self._keeps_credentials,
        )
        return Addressed(request, draft, ours)

    async def send(self, render: Render, expected: Expected | None = None) -> Answer:
        """Send a request and read the answer, whatever its status.

        Raises CredentialsRejected where a refresh did not help (or there is none), Throttled, Unreachable,
        EgressDenied; RecordError where the request cannot be rendered.
        """
        wanted = (expected or self.expected).over(self.expected)
        seen = await self._renewals.settled()
        addressed = self.address(render)
        if not addressed.ours:
            return self._paced(Answer(await self._opening.http.send(addressed.request), wanted))
        request = self._auth.sign(addressed.request, self.connection)
        renewed = request is None
        if request is None:
            request = await self._after_renewal(seen, render)
        answer = Answer(await self._opening.http.send(request), wanted)
        if shown(self._auth_failure, answer) and not renewed:
            retry = await self._retry(request, answer, seen, render)
            answer = answer if retry is None else Answer(await self._opening.http.send(retry), wanted)
        if shown(self._auth_failure, answer):
            raise self._refusal(answer)
        if answer.headers.get("set-cookie") is not None:
            self._auth.saw(answer.response)
            self.masker.learn(*self._auth.secrets(self.connection))
        return self._paced(answer)

    async def _retry(self, request: Request, answer: Answer, seen: int, render: Render) -> Request | None:
        """Answer a challenge, or renew the credentials: what to send once more, None where neither is possible."""
        challenged = self._auth.answer(request, answer.response)
        if challenged is not None:
            return challenged
        if self._renewals.count == seen and not self._renewable():
            return None
        return await self._after_renewal(seen, render)

    async def _after_renewal(self, seen: int, render: Render) -> Request:
        await self._renewals.after(seen)
        request = self._auth.sign(self.address(render).request, self.connection)
        if request is None:
            message = "The connection has no credentials and no way to get them: set the token, or how to refresh it."
            raise CredentialsRejected("no_credentials", message)
        return request

    def _renewable(self) -> bool:
        return self._auth.renew(self.connection, self._view) is not None

    async def _renew(self) -> None:
        """Take over what another process refreshed meanwhile, or log in or refresh and store what was learnt."""
        if self._adopt(await self._opening.secrets.latest()):
            return
        flow = self._auth.renew(self.connection, self._view)
        learnt = {} if flow is None else await self._driven(flow)
        if learnt:
            kept = {self._dialect.pointers.get(pointer, pointer): value for pointer, value in learnt.items()}
            self._use(kept)
            await self._opening.secrets.keep(kept)
        self.masker.learn(*self._auth.secrets(self.connection))

    async def _driven(self, flow: Flow) -> Learnt:
        """Send what a flow asks for until it has learnt what it came for."""
        try:
            request = next(flow)
            while True:
                request = flow.send(await self._opening.http.send(request))
        except StopIteration as end:
            learnt: Learnt = end.value
            return learnt

    def _adopt(self, stored: Document) -> bool:
        """Use a stored token that was not tried yet, unless the connection was sent elsewhere meanwhile."""
        latest = self._dialect.translate(stored)
        token = token_of(latest)
        if not token or token in self._tried or not _same_target(latest, self.connection):
            return False
        held = block(latest, "http", "auth", "token")
        news = {TOKEN: token, REFRESH_TOKEN: text(held, "refreshToken")}
        self._use({self._dialect.pointers.get(pointer, pointer): value for pointer, value in news.items() if value})
        return True

    def _use(self, secrets: Mapping[str, str]) -> None:
        self._stored = put_secrets(self._stored, secrets)
        self.connection = self._dialect.translate(self._stored)
        self._view = of_connection(self.connection, self._opening.iclient)
        self._tried.append(token_of(self.connection))
        self.masker.learn(*secrets.values())

    def token(self) -> str:
        """The token in use, "" where there is none: a page cursor notes it to stay good across a refresh."""
        return token_of(self.connection)

    def _paced(self, answer: Answer) -> Answer:
        if shown(self._rate_limit, answer):
            wait = retry_after(answer.response, self._retry_header, self._opening.clock)
            raise Throttled(str(answer.status), self.complaint(answer), status=answer.status, retry_after=wait)
        return answer

    def complaint(self, answer: Answer, said: str = "") -> str:
        """Put a refusal in words: what the target said (masked, bounded), else its status and the start of its body."""
        if said:
            return self.masker.excerpt(said)
        start = self.masker.excerpt(answer.text())
        return f"HTTP {answer.status}: {start}" if start else f"The target answered with status {answer.status}."

    def rejected(self, answer: Answer, said: str = "", code: str = "") -> Rejected:
        """Make the error for an answer that is a refusal."""
        return Rejected(code or str(answer.status), self.complaint(answer, said), status=answer.status)

    def _refusal(self, answer: Answer) -> CredentialsRejected:
        return CredentialsRejected(str(answer.status), self.complaint(answer), status=answer.status)


def _same_target(one: Document, other: Document) -> bool:
    """Tell whether two versions of a connection send their credentials to the same place."""
    first, second = block(one, "http"), block(other, "http")
    return all(first.get(key) == second.get(key) for key in ("baseURI", "disableStrictSSL"))


def _over(base: tuple[tuple[str, str], ...], own: Headers) -> Headers:
    """Headers of the connection under those of the request."""
    names = {name.lower() for name, _ in own}
    return Headers((*(pair for pair in base if pair[0].lower() not in names), *own))
