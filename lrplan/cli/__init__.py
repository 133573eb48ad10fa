"""The command line: the only place that knows a terminal, the environment and exit codes."""
