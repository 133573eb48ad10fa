"""
How a command that cannot go on says so: diagnostics on stderr, and the exit code that belongs to them.

Whoever has read the manifests wraps what follows in `explaining`, so that the lines with their carets can be shown;
what is raised outside of it is told without them, by `cli.main`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

from lrplan.diagnostics import CODES, Diagnostic, ExitCode, Failure, Severity

_OF_A_FILE = re.compile(r" *\d* \|")
TOLD_OF_A_KIND = 20  # ours: what still fits into the memory of a terminal, and of a person


def tell(diagnostics: Iterable[Diagnostic], sources: Mapping[str, bytes] | None = None) -> None:
    """Put *diagnostics* on stderr, with the lines they speak of where *sources* has them.

    Of very many with the same code the first are told, and how many there are more.
    """
    from lrplan.diagnostics.text import render

    said = tuple(diagnostics)
    if not said:
        return
    met = Counter[str]()
    told: list[Diagnostic] = []
    for one in said:
        met[one.code] += 1
        if met[one.code] <= TOLD_OF_A_KIND:
            told.append(one)
    click.echo(_fitted(render(told, sources or {}).rstrip("\n")), err=True)
    if len(said) > 1:
        click.echo("\n" + "\n".join((*_left_out(met), _tally(said))), err=True)


def _fitted(text: str) -> str:
    """*text* for the terminal that it goes to, if it is one: sentences are folded, lines of files are not."""
    from lrplan.cli.screen import room_on
    from lrplan.render.columns import fold

    room = room_on(err=True)
    if room is None:
        return text
    lines = text.split("\n")
    return "\n".join(part for line in lines for part in ((line,) if _OF_A_FILE.match(line) else fold(line, room)))


def _left_out(met: Mapping[str, int]) -> Iterator[str]:
    for code, number in met.items():
        if number > TOLD_OF_A_KIND:
            yield f"… and {number - TOLD_OF_A_KIND:,} more of {code} ({CODES[code].title})"


def _tally(said: Sequence[Diagnostic]) -> str:
    from lrplan.render.amounts import count

    met = Counter(one.severity for one in said)
    what = " and ".join(count(met[severity], severity.value) for severity in Severity if met[severity])
    files = len({one.span.file for one in said if one.span is not None})
    return f"{what} in {count(files, 'file')}" if files else what


@contextmanager
def explaining(sources: Mapping[str, bytes], *, as_json: bool = False) -> Iterator[None]:
    """End the command with its diagnostics and exit code when something inside raises `Failure`.

    *as_json* puts them on stdout, as the one result that was asked for.
    """
    try:
        yield
    except Exception as problem:
        failure = failure_in(problem)
        if failure is None:
            raise
        if as_json:
            from lrplan.formats.mistakes import encode_mistakes

            click.echo(encode_mistakes(failure.diagnostics), nl=False)
        else:
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
