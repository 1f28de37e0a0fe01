"""Cases, by act."""
