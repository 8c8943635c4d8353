"""The bottom layer: ids, clock, errors, secrets and documents. It imports nothing else of isthmus."""
