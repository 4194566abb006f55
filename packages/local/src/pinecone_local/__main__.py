"""Run the command as ``python -m pinecone_local``."""

from .cli import main

raise SystemExit(main())
