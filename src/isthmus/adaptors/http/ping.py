"""The ping: does the other system answer, and does it accept the credentials? Source: api.md section 3."""

from typing import Final

from isthmus.adaptors.http.bodies import BodyRules, compile_body
from isthmus.adaptors.http.channel import Channel
from isthmus.adaptors.http.drafts import Recipe
from isthmus.adaptors.http.errors import as_faults
from isthmus.adaptors.http.fields import block, text
from isthmus.adaptors.http.verdicts import Verdicts
from isthmus.model.errors import CredentialsRejected, EgressDenied, RateLimited, Refused, RemoteError
from isthmus.records import Destination, RecordError, compile_template
from isthmus.sdk import Fault, PingResult

UNAUTHORIZED: Final = 401
UNPROCESSABLE: Final = 422
_CLIENT_ERRORS: Final = range(400, 600)


async def ping(channel: Channel) -> PingResult:
    """Try the connection once. Whatever the target does is a result; nothing it does raises."""
    rules = block(channel.connection, "http", "ping")
    relative = text(rules, "relativeURI").strip()
    if not relative:
        return PingResult()
    try:
        return await _ask(channel, relative)
    except CredentialsRejected as error:
        return PingResult(UNAUTHORIZED, as_faults(error))
    except RemoteError as error:
        return PingResult(_code(error.status), as_faults(error))
    except RateLimited:
        raise  # our own queue is full: that says nothing of the target
    except (EgressDenied, RecordError, Refused) as error:
        return PingResult(UNPROCESSABLE, as_faults(error))


async def _ask(channel: Channel, relative: str) -> PingResult:
    rules = block(channel.connection, "http", "ping")
    recipe = Recipe(
        text(rules, "method", "GET").upper(),
        compile_template(relative, Destination.URI),
        body=compile_body(rules.get("body"), BodyRules(channel.media)),
    )
    answer = await channel.send(recipe.draft)
    verdicts = Verdicts.of(rules)
    objection = verdicts.objection(answer.at) if answer.response.ok else "refused"
    if not objection:
        return PingResult()
    said = verdicts.error_text(answer.at)
    message = channel.complaint(answer, said) if said or not answer.response.ok else objection
    return PingResult(_code(answer.status), (Fault(str(answer.status), message),))


def _code(status: int | None) -> int:
    """The target's own status where it means failure; 422 for a 2xx with bad news, and for no answer at all."""
    return status if status is not None and status in _CLIENT_ERRORS else UNPROCESSABLE
