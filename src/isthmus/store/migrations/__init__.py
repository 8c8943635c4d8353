"""The schema, version by version; run by `isthmus.store.migrate` alone."""
