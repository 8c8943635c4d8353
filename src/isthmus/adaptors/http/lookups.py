"""Dynamic lookups: a request over the import's own connection that must find exactly one value.

Source: imports.md section 6.
"""

from isthmus.adaptors.http.answers import Answer
from isthmus.adaptors.http.bodies import BodyRules, compile_body
from isthmus.adaptors.http.channel import Channel
from isthmus.adaptors.http.contexts import with_records
from isthmus.adaptors.http.drafts import Recipe, compile_headers
from isthmus.adaptors.http.fields import text
from isthmus.model.errors import InvalidDocument, missing
from isthmus.model.json import Document, Json, Record
from isthmus.records import Destination, compile_template
from isthmus.records.paths import MISSING, compile_path
from isthmus.sdk import LookupMiss

_NOT_FOUND = frozenset({204, 404})
_ROOTED = ("[", "$", "*")


def compile_lookup(definition: Document, media: str) -> Recipe:
    """Compile the request of a dynamic lookup. Raises InvalidDocument or RuleError."""
    if not text(definition, "relativeURI"):
        raise InvalidDocument(missing(f"lookups.{text(definition, 'name', 'lookup')}.relativeURI"))
    body = definition.get("body") or definition.get("postBody")
    return Recipe(
        text(definition, "method", "GET").upper(),
        compile_template(text(definition, "relativeURI"), Destination.URI),
        compile_headers(definition),
        compile_body(body, BodyRules(media)),
    )


async def find_all(channel: Channel, recipe: Recipe, definition: Document, source: Record) -> list[Json]:
    """Run a lookup for one record and give every value that it finds. Raises RemoteError, EgressDenied, RecordError."""
    answer = await channel.send(lambda view: recipe.draft(with_records(view, [source])))
    if answer.status in _NOT_FOUND:
        return []
    if not answer.response.ok:
        raise channel.rejected(answer)
    if answer.empty:
        return []
    found = _extracted(answer, text(definition, "extract"))
    values = found if isinstance(found, list) else [found]
    return [value for value in values if value is not MISSING and value is not None and value != ""]


def _extracted(answer: Answer, path: str) -> Json:
    """Read `extract`; a name goes into every member of an answer that is a list, so that two matches count as two."""
    if not path:
        return answer.value()
    if answer.media == "xml":
        return answer.all_at(path)
    value = answer.value()
    if isinstance(value, list) and not path.startswith(_ROOTED) and not path.partition(".")[0].isdecimal():
        return [found for member in value if (found := compile_path(path)(member)) is not MISSING]
    return compile_path(path)(value)


def the_one(values: list[Json], name: str) -> Json:
    """Give the only value found; raises LookupMiss for none and for several."""
    if len(values) != 1:
        found = "found nothing" if not values else f"found {len(values)} values where exactly one is needed"
        raise LookupMiss(f"The lookup {name} {found}.")
    return values[0]
