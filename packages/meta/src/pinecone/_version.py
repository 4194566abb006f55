"""The one place that names this distribution's version."""

__version__ = "9.0.0"
