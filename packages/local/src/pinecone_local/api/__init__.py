"""The operations, one file a resource: from a call to a reply."""
