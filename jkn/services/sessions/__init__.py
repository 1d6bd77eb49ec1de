"""Who is signed in, what a session may do, and when it ends."""
