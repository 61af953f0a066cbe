"""The probabilistic index: how probable it is that a participant of the compared group scores higher."""
