"""Manifest x Inventory x Snapshot -> Desired: every photo found, or said why not. Pure."""
