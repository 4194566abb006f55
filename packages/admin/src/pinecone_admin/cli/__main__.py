"""``python -m pinecone_admin.cli``."""

from . import main

main()
