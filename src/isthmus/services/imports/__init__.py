"""Virtual imports: records mapped and written through a saved connection, one result a record."""
