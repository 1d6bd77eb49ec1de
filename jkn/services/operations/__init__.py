"""Periodic work, and what operators look at, for all rooms below this one."""
