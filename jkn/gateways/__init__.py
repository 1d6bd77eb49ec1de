"""Outside services: each file holds one interface, one implementation, or the use of one
library."""
