"""The debug log of connections: what went over the wire, masked."""
