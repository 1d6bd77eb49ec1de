"""Limited mode: what is closed, and the code that opens it."""
