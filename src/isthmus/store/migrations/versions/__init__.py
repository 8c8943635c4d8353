"""One module a version of the schema; each name must also stand in `isthmus.store.schema.VERSIONS`."""
