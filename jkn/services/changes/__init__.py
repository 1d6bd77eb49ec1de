"""Changes of what is on record about a participant (product.md 5, 6)."""
