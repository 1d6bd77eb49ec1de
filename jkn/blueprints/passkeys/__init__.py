"""Login dengan Biometrik: on, off, the list of phones, and the offer."""
