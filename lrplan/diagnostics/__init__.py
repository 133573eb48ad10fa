"""
How lrplan speaks to the user: a message with a code, a place, a reason and a hint.

Everything else may import this package; it imports nothing of lrplan.
"""

from lrplan.diagnostics.codes import CODES, Code, ExitCode
from lrplan.diagnostics.message import Diagnostic, Failure, Severity, SourceSpan, error, has_errors, warning

__all__ = [
    "CODES",
    "Code",
    "Diagnostic",
    "ExitCode",
    "Failure",
    "Severity",
    "SourceSpan",
    "error",
    "has_errors",
    "warning",
]
