"""Where rows live: one SQLite file a folder, or nowhere but memory."""
