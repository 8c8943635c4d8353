"""The rules. Services know no SQL beyond the repositories' methods and no web framework."""
