"""From noticed differences to requests: actions, their order, limits, guards, and what they would do. Pure."""
