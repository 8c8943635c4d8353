"""The backlog of a connection's queue, as `queues[].size` shows it. Source: api.md section 2, engine.md part B."""

from isthmus.transport.gate import Gates


class Queues:
    """Reads the gates."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates

    def size(self, owner_id: str) -> int:
        """Tell how many calls wait or run in the queue that a connection owns; borrowers wait in their lender's."""
        return self._gates.size(owner_id)
