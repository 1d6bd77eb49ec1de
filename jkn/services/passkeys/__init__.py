"""Login dengan Biometrik: passkeys of phones, what they are asked to sign, and what that opens."""
