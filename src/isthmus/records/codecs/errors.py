"""The one error of the codecs."""

from isthmus.model.errors import IsthmusError


class CodecError(IsthmusError):
    """A body is not what its media type says, or over a cap. The message never quotes the body."""

    def __init__(self, message: str, *, code: str = "invalid_body") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
