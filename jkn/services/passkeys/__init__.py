"""Login dengan Biometrik: keys of phones, what they are asked to sign, and what that opens."""
