"""Several steps on the way to one thing: what all journeys share."""
