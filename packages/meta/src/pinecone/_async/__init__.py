"""The client for tasks."""
