"""Whether what is stored is what was signed: signatures, and the trail played against the tables."""
