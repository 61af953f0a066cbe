"""What templates show, as plain objects."""
