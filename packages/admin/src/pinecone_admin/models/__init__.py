"""What the hosted models answer with."""
