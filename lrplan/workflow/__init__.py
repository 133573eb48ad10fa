"""
The story of each command, async: the public Python API.

Nothing here prints, exits or reads the environment; progress goes to the events port, results are returned.
"""
