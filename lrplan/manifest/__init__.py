"""From the text of manifests to values, with every mistake named at once. Pure: bytes go in, values come out."""
