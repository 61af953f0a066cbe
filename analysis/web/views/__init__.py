"""What investigators look at, a module for each page."""
