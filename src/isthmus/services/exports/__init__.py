"""Virtual exports: a model run through a saved connection, all at once or page by page."""
