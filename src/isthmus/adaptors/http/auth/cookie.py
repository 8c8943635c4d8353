"""A login whose cookies are sent with every request. Source: connections.md "Auth matrix"."""

from dataclasses import replace

from isthmus.adaptors.http.auth.base import Authentication, Context, Flow
from isthmus.adaptors.http.auth.jar import Jar
from isthmus.adaptors.http.bodies import BodyRules, compile_body
from isthmus.adaptors.http.drafts import BODILESS, Recipe, compile_headers
from isthmus.adaptors.http.fields import block, text, whole
from isthmus.adaptors.http.origin import join
from isthmus.model.errors import CredentialsRejected, Rejected, Throttled
from isthmus.model.json import Document
from isthmus.records import Destination, compile_template
from isthmus.transport.http.message import Headers, Request, Response


class CookieAuthentication(Authentication):
    """Type `cookie`. The jar belongs to this opened connection alone and lives as long as it."""

    def __init__(self) -> None:
        self._jar = Jar()
        self._logged_in = False

    def sign(self, request: Request, connection: Document) -> Request | None:
        """Send the cookies that belong to the address."""
        del connection
        if not self._logged_in:
            return None
        cookies = self._jar.header(request.url)
        return request.with_header("Cookie", cookies) if cookies else request

    def renew(self, connection: Document, context: Context) -> Flow | None:
        """Log in afresh: the old cookies are forgotten first."""
        return self._login(block(connection, "http", "auth", "cookie"), connection, context)

    def saw(self, response: Response) -> None:
        """Keep the cookies that an answer sets, as a browser would."""
        self._jar.keep(response)

    def secrets(self, connection: Document) -> tuple[str, ...]:
        """The values of the cookies."""
        del connection
        return self._jar.values()

    def _login(self, rules: Document, connection: Document, context: Context) -> Flow:
        self._jar, self._logged_in = Jar(), False
        response = yield _request(rules, connection, context)
        wanted, status = whole(rules, "successStatusCode"), response.status
        if status == 429:  # noqa: PLR2004  # RFC 6585 section 4
            raise Throttled("429", "The login was answered with 429: too many requests.", status=status)
        if not (response.ok if wanted is None else status == wanted):
            kind = Rejected if status >= 500 else CredentialsRejected  # noqa: PLR2004  # RFC 9110 section 15.6
            raise kind(str(status), f"The login was answered with status {status}.", status=status)
        self._jar.keep(response)
        self._logged_in = True
        return {}


def _request(rules: Document, connection: Document, context: Context) -> Request:
    """Render the login. A redirect is not followed: its own answer sets the cookies."""
    http = block(connection, "http")
    method = text(rules, "method", "POST").upper()
    media = text(http, "mediaType", "json").lower()
    recipe = Recipe(
        method,
        compile_template(text(rules, "uri"), Destination.URI),
        compile_headers(rules),
        None if method in BODILESS else compile_body(rules.get("body"), BodyRules(media)),
    )
    draft = recipe.draft(context)
    base = compile_template(text(http, "baseURI"), Destination.URI).render(context)
    request = Request(method, join(base, draft.uri), Headers(draft.headers), secret_body=True, follow=False)
    if draft.body is None:
        return request
    return replace(request.with_header("Content-Type", draft.body.content_type), body=draft.body.content)
