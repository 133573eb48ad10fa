"""
A message to the user as a value: where, what, why, and what to do.

Mistakes of users are collected as tuples of `Diagnostic` and returned, so that one run names them all. Where a story
cannot go on (no credentials, no server) the same values travel upwards inside a `Failure`.
"""

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from lrplan.diagnostics.codes import CODES, ExitCode


class Severity(StrEnum):
    """How grave a diagnostic is: an error ends the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@frozen(kw_only=True, order=True)
class SourceSpan:
    """A place in a file the user wrote.

    Attributes:
        file: The path as the user would write it, relative to the project's folder, with `/`.
        line: Line, from 1; 0 means the file as a whole.
        column: Column in characters, from 1.
        width: How many characters the caret underlines, at least 1.
    """

    file: str
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return self.file if self.line == 0 else f"{self.file}:{self.line}:{self.column}"


@frozen(kw_only=True)
class Diagnostic:
    """One thing that the user should know.

    Attributes:
        code: A key of `CODES`, such as `LRP204`; it decides the exit code.
        what: What is the matter, in a few words, without a full stop.
        span: Where, if it is at a place in a file.
        why: One or more sentences that say why this is a problem; may be empty.
        hint: What to do; may be empty.
    """

    code: str
    what: str
    span: SourceSpan | None = None
    why: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that ends because of this."""
        return CODES[self.code].exit_code


def error(code: str, what: str, *, span: SourceSpan | None = None, why: str = "", hint: str = "") -> Diagnostic:
    """Make an error. *code* must be a key of `CODES`."""
    return Diagnostic(code=_known(code), what=what, span=span, why=why, hint=hint)


def warning(code: str, what: str, *, span: SourceSpan | None = None, why: str = "", hint: str = "") -> Diagnostic:
    """Make a warning. *code* must be a key of `CODES`."""
    return Diagnostic(code=_known(code), what=what, span=span, why=why, hint=hint, severity=Severity.WARNING)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any of *diagnostics* ends the command."""
    return any(said.severity is Severity.ERROR for said in diagnostics)


class Failure(Exception):  # noqa: N818 - a failure of the world, not a bug; callers read `except Failure`
    """The story cannot go on; the diagnostics say why.

    Raised by adapters and workflows, caught once at the edge. The exit code is that of the first error.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(said.what for said in diagnostics))
        self.diagnostics = diagnostics

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the first error among the diagnostics."""
        for said in self.diagnostics:
            if said.severity is Severity.ERROR:
                return said.exit_code
        return ExitCode.UNEXPECTED


def _known(code: str) -> str:
    if code not in CODES:
        raise ValueError(f"{code} is not in the table of codes")
    return code
