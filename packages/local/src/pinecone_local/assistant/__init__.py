"""The assistant: files become text, text becomes passages, passages become answers with citations."""
