"""Carrying a plan out: which step next, what to send, what to write down, what the answer means."""
