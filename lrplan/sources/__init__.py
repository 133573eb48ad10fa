"""What lies on this machine: the project's files, originals to upload and what they are, time."""
