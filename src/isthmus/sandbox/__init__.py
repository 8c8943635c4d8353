"""Stand-in systems on loopback, to try everything without an account; the tests' fixtures too.

/slack/api/...          a Slack-like API: the token travels in the URL, bodies are urlencoded, lists page by cursor
/nasa/planetary/apod    an APOD-like source of records
/system/v1/heartbeat    the target of the API page's virtual import (connection-api-page.txt)
/acme/orders            records under page, skip, next-URL, relative-URI, Link and token paging
/misbehaving/...        what goes wrong in the real world, on purpose
/ledger                 what was received, newest last
"""

from isthmus.sandbox.server import make_app, serve

__all__ = ["make_app", "serve"]
