"""The `filesystem` block of a connection: a disk that an agent sees. Source: connections.md "filesystem"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterable

from isthmus.model.errors import Problem
from isthmus.model.json import Document
from isthmus.model.look import given
from isthmus.model.pieces import Concurrency
from isthmus.sdk.connection_type import Block


class Ping(Block):
    """The folder that a ping lists: POSIX, with a drive letter, or UNC."""

    directoryPath: str | None = None


class FileSystem(Concurrency, Block):
    """The whole block."""

    ping: Ping | None = None


def check(document: Document) -> Iterable[Problem]:
    """An agent has to be named: nothing else sees the disk."""
    if not given(document, "_agentId"):
        yield Problem("agent_mode_only", "The file system connection requires Agent.", "_agentId")


def normalise(document: Document) -> Document:
    """Keep the level within its target, silently."""
    block = document["filesystem"]
    level, target = block.get("concurrencyLevel"), block.get("targetConcurrencyLevel")
    if level is None or target is None or level <= target:
        return document
    return {**document, "filesystem": {**block, "concurrencyLevel": target}}
