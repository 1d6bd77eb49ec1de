"""Info Peserta: what is on record about each member of the family."""
