"""Opened connections: adaptors with their gate, secrets and log, shared while nothing has changed."""
