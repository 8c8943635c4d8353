"""Opens rest connections: as http ones, under their own names."""

from contextlib import AbstractAsyncContextManager

from isthmus.adaptors.http.adaptor import HttpAdaptor
from isthmus.adaptors.http.opening import open_ as open_http
from isthmus.adaptors.rest.translate import REST
from isthmus.sdk import Opening


def open_(opening: Opening) -> AbstractAsyncContextManager[HttpAdaptor]:
    """Open a connection; what is refreshed is kept under the names of the rest document."""
    return open_http(opening, REST)
