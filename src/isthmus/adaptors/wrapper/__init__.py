"""The `wrapper` connection type: code on a stack."""

from isthmus.adaptors.wrapper.document import Wrapper
from isthmus.sdk.connection_type import ConnectionType

SPEC = ConnectionType(
    name="wrapper",
    block=Wrapper,
    destination=("wrapper._stackId",),
    adaptor_types=("Wrapper",),
    blocks=("wrapper",),
)
