"""What the admin API answers with."""
