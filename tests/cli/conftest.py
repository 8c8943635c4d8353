from tests.rig.service import service

__all__ = ["service"]
