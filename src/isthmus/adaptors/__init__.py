"""One folder a system; strangers to one another. See `isthmus.sdk` for the contract."""
