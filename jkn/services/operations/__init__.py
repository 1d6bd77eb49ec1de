"""Work that repeats and what operators look at, for all rooms below."""
