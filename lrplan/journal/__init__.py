"""What was tried, and what it proves. Pure."""
