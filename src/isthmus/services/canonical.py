"""JSON in one form alone, and digests of it: what signatures, cache keys and "is it still the same?" are made over."""

import hashlib

import orjson

from isthmus.model.json import Json


def canonical(value: Json) -> bytes:
    """Write a value with its keys in order. Raises TypeError for what JSON cannot hold (nor orjson write)."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Json) -> str:
    """Digest a value, whatever the order of its keys: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def ordered_digest(value: Json) -> str:
    """Digest a value with its keys as they stand: the order of keys may show in what rules produce."""
    return hashlib.sha256(orjson.dumps(value)).hexdigest()
