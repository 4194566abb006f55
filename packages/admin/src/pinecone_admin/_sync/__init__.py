# Made from ../_async/__init__.py by tools/make_sync.py; do not edit.
"""The client for tasks."""
