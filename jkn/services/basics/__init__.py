"""Words, numbers, time and tokens: they know no other room."""
