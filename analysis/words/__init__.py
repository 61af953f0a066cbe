"""What a comparison says, in numbers, sentences and tables."""
