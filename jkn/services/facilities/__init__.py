"""Health facilities: the operator's list of them, and finding one by name, region or nearness."""
