"""Versioned JSON to and from values: plan, state, journal. Pure; the only place, beside the wire, that knows JSON."""
