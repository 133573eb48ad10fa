"""Desired x Snapshot x State -> Change: what differs, and why. Pure; speaks of the catalog, never of requests."""
