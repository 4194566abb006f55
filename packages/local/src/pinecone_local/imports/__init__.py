"""Bulk imports of Parquet files."""
