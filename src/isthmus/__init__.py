"""isthmus: a self-hosted service that speaks the Celigo integrator.io Connections API."""

__version__ = "0.1.0"
