"""
How a command that cannot go on says so: diagnostics on stderr, and the exit code that belongs to them.

Whoever has read the manifests wraps what follows in `explaining`, so that the lines with their carets can be shown;
what is raised outside of it is told without them, by `cli.main`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import click

from lrplan.diagnostics import Diagnostic, ExitCode, Failure


def tell(diagnostics: Iterable[Diagnostic], sources: Mapping[str, bytes] | None = None) -> None:
    """Put *diagnostics* on stderr, with the lines they speak of where *sources* has them."""
    from lrplan.diagnostics.text import render

    said = tuple(diagnostics)
    if said:
        click.echo(render(said, sources or {}).rstrip("\n"), err=True)


@contextmanager
def explaining(sources: Mapping[str, bytes]) -> Iterator[None]:
    """End the command with its diagnostics and exit code when something inside raises `Failure`."""
    try:
        yield
    except Exception as problem:
        failure = failure_in(problem)
        if failure is None:
            raise
        tell(failure.diagnostics, sources)
        raise click.exceptions.Exit(failure.exit_code) from problem


def failure_in(problem: BaseException) -> Failure | None:
    """*problem* as a `Failure`; groups count when all that is in them are failures."""
    if isinstance(problem, Failure):
        return problem
    if isinstance(problem, ExceptionGroup):
        inner = [failure_in(one) for one in problem.exceptions]
        if all(inner):
            said = dict.fromkeys(one for failure in inner if failure for one in failure.diagnostics)
            return Failure(*said)
    return None


def stop(diagnostics: Iterable[Diagnostic], sources: Mapping[str, bytes] | None = None) -> click.exceptions.Exit:
    """Tell *diagnostics* and make the exception that ends the command with their exit code."""
    failure = Failure(*diagnostics)
    tell(failure.diagnostics, sources)
    return click.exceptions.Exit(failure.exit_code or ExitCode.UNEXPECTED)
