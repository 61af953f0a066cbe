"""What views ask for: results computed once for all, looks, the lock, and what text and bundle are made of."""
