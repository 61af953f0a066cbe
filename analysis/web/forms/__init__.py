"""Forms: the question of an address, and the lock."""
