"""Secrets at rest: a data folder keeps what recognises a secret, never the secret.

Problem: the folder of a sandbox often lies inside a project, and a project is copied, shared and searched for secrets.
Method: tokens, codes and client secrets are stored as their SHA-256; whoever presents one is looked up by it.
Surprising case: none of them can be read back, so a token that was given out and lost is gone.
"""

import hashlib


def digest(secret: str) -> str:
    """Give the SHA-256 of a secret, 64 hex digits; text that is no UTF-8 has one too, which no secret has."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
