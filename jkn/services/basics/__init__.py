"""Words, numbers, time and tokens. This room uses no other room of the services."""
