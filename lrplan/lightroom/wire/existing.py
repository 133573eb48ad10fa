"""
Whether a refusal says that what was to be made is there already, which is good news when a request was sent twice.

The service's number for it decides. Where a refusal has no number, which none must have, its name does, and after that
what it says of each resource that it names.
"""

EXISTS = 1002  # Lightroom API, "ResourceExistsError"
_NAME = "ResourceExistsError"
_WORDS = "already exists"


def number_of(code: object) -> int:
    """A `code` as a number; 0 for one that is none, which the service may write as a text or leave out."""
    if isinstance(code, int):
        return int(code)
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        return int(code)
    return 0


def says_exists(*, code: object, subtype: object, errors: object) -> bool:
    """Whether these fields of a refusal say so; each may be of any type, or None where it is absent."""
    if number := number_of(code):
        return number == EXISTS
    if _NAME in (subtype, code):
        return True
    if subtype or not isinstance(errors, dict) or not errors:
        return False
    return all(said == [_WORDS] for said in errors.values())
