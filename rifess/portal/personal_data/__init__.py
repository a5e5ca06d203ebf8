"""What the portal keeps of a person: given out to them, taken away when they ask, and not kept longer than it is needed."""
