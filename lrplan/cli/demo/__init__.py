"""The demonstration: real commands on a stand-in, the plug pulled in the middle, and the proof that it did no harm."""
