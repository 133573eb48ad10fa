"""`lrplan plan`: what would change, as text, as JSON, as a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.allowances import allowances
from lrplan.cli.part import Part, of_a_part
from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.diagnostics import Failure
    from lrplan.plan.plan import Plan
    from lrplan.workflow.plan import PlanResult


@click.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, readable=False, allow_dash=True),
    metavar="FILE",
    help="Write the plan there; - is the same as --json. Replaces plans only.",
)
@click.option(
    "--json", "as_json", is_flag=True, envvar="LRPLAN_PLAN_JSON", help="Print the plan as JSON instead of text."
)
@click.option(
    "--allow",
    multiple=True,
    callback=allowances,
    metavar="KIND=N",
    help="Lift a limit up to N: delete, replace, remove, create, add or upload. Repeatable.",
)
@of_a_part(
    target="Plan only these addresses, such as 'albums.smith-*'. Repeatable.",
    exclude="Leave these addresses out. Repeatable.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Plan against what `snapshot -o` wrote, without network.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@everywhere()
@click.pass_context
def plan(
    context: click.Context,
    out: str | None,
    as_json: bool,
    allow: Mapping[str, int],
    target: tuple[str, ...],
    exclude: tuple[str, ...],
    against: Path | None,
    detailed_exitcode: bool,
) -> int:
    """Show what would change. Changes nothing.

    Reads the live catalog, compares it with the manifests, and prints the difference and what it costs in calls.
    """
    from lrplan.cli.desk import open_desk
    from lrplan.cli.plan_file import is_output, objection
    from lrplan.cli.screen import say
    from lrplan.cli.trouble import explaining, tell
    from lrplan.diagnostics import ExitCode
    from lrplan.formats.plan import encode_plan
    from lrplan.version import __version__

    session = session_of(context)
    if out is not None and is_output(out):
        out, as_json = None, True
    if out is not None and (why := objection(out)):
        raise click.UsageError(f"--out {out}: {why}", context)
    part = Part(target, exclude)
    sources: dict[str, bytes] = {}
    with explaining(sources, as_json=as_json):
        desk = open_desk(Path(), sources)
        result = make_plan(desk, session, allow, part, against=against)
        content = encode_plan(result.plan, version=__version__)
        unwritten = None if out is None else _written(out, content)
        if as_json:
            click.echo(content, nl=False)
        else:
            is_ready = not result.refusals and unwritten is None and against is None
            show_plan(result.plan, session, to_apply=_to_apply(out, allow, part, session) if is_ready else None)
            if out is not None:
                show_digest(result.plan, session)
        if out is not None and unwritten is None:
            say(f"The plan is in {out}.", session)
        if unwritten is not None or result.refusals:
            tell((*result.refusals, *(unwritten.diagnostics if unwritten is not None else ())), desk.sources)
            say("Nothing was changed.", session)
            return ExitCode.GUARD if unwritten is None else unwritten.exit_code
    return ExitCode.CHANGES if detailed_exitcode and not result.plan.does_nothing else ExitCode.DONE


def _written(out: str, content: bytes) -> "Failure | None":
    """Write the plan file; what kept it from being written is told once the plan itself has been shown."""
    from lrplan.cli.plan_file import write_plan
    from lrplan.diagnostics import Failure

    try:
        write_plan(out, content)
    except Failure as failure:
        return failure
    return None


def _to_apply(out: str | None, allow: Mapping[str, int], part: Part, session: Session) -> str:
    """The command that does what was planned: the stored plan, or the same plan made again in the same way."""
    if out is not None and Path(out).is_file():  # not a pipe, which is read by now
        return session.command("apply", out)
    lifted = (word for kind, most in allow.items() for word in ("--allow", f"{kind}={most}"))
    return session.command("apply", *part.words, *lifted)


def make_plan(
    desk: "Desk", session: Session, allow: Mapping[str, int], part: Part, *, against: Path | None = None
) -> "PlanResult":
    """Read the catalog, or the snapshot of it, and plan. Raises `Failure` with everything that is wrong."""
    import asyncio

    if against is not None:
        return asyncio.run(_planned_against(against, desk, session, allow, part))
    return asyncio.run(_planned(desk, session, allow, part))


def show_plan(plan: "Plan", session: Session, *, to_apply: str | None) -> None:
    """Print *plan* on stdout. *to_apply* is the command that would do it, None to leave it out."""
    from lrplan.cli.screen import show
    from lrplan.render.text import plan_text

    show(plan_text(plan, to_apply=to_apply), session)


def show_digest(plan: "Plan", session: Session) -> None:
    """Print the words that `apply --expect-digest` wants to hear."""
    from lrplan.cli.screen import show
    from lrplan.formats.plan import plan_digest
    from lrplan.render.line import Line, Tone

    show([Line(f"Digest: {plan_digest(plan)}", Tone.FAINT)], session)


async def _planned(desk: "Desk", session: Session, allow: Mapping[str, int], part: Part) -> "PlanResult":
    from lrplan.cli.progress import listening
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.plan import plan as do_plan

    with listening(session) as events:
        async with surroundings(desk, events) as around:
            return await do_plan(desk.manifest, around, allow=allow, scope=part.scope)


async def _planned_against(
    file: Path, desk: "Desk", session: Session, allow: Mapping[str, int], part: Part
) -> "PlanResult":
    from lrplan.cli.progress import listening
    from lrplan.cli.snapshot_file import read_snapshot
    from lrplan.cli.wiring import surroundings_against
    from lrplan.workflow.plan import plan as do_plan

    with listening(session) as events:
        around = surroundings_against(desk, read_snapshot(file), events)
        return await do_plan(desk.manifest, around, allow=allow, scope=part.scope)
