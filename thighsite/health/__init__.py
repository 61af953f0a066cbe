"""Whether the site is well, for those who watch over it: nothing here waits for what does not answer."""
