"""Arguments to requests. Pure."""
