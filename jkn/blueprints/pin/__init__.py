"""PIN: Buat PIN, Ubah PIN, Lupa PIN, and the page that asks for it."""
