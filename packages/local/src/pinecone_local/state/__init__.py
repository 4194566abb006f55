"""What the engine holds in memory: projects, indexes, namespaces and their arrays."""
