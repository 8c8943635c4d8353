"""Opens http connections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from isthmus.adaptors.http.adaptor import HttpAdaptor
from isthmus.adaptors.http.channel import Channel
from isthmus.adaptors.http.dialect import HTTP, Dialect
from isthmus.sdk import Opening


@asynccontextmanager
async def open_(opening: Opening, dialect: Dialect = HTTP) -> AsyncIterator[HttpAdaptor]:
    """Open a connection; nothing is sent until it is used. Raises Unsupported for an authentication that is not here.

    There is nothing to close: sockets belong to the transport, cookies and compiled rules go with the adaptor.
    """
    yield HttpAdaptor(Channel(opening, dialect), opening.concurrency)
