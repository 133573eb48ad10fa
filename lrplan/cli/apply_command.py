"""
`lrplan apply`: do what a plan says, ask first, prove it afterwards.

Planning and applying are two runs of the event loop with the question between them: while a loop runs, Ctrl-C would
not end a prompt, and a progress bar would paint over it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.allowances import allowances
from lrplan.cli.part import Part, of_a_part
from lrplan.cli.session import Session, everywhere, session_of

if TYPE_CHECKING:
    from lrplan.cli.desk import Desk
    from lrplan.diagnostics import Diagnostic
    from lrplan.plan.plan import Plan
    from lrplan.workflow.report import Report


@click.command()
@click.argument("plan_file", metavar="[PLAN]", required=False, type=click.Path(path_type=Path))
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option("--expect-digest", metavar="DIGEST", help="Refuse any other plan; plan -o and show print its digest.")
@click.option(
    "--allow",
    multiple=True,
    callback=allowances,
    metavar="KIND=N",
    help="Without PLAN: lift a limit up to N, as for plan. Repeatable.",
)
@of_a_part(
    target="Without PLAN: do only these addresses, as for plan. Repeatable.",
    exclude="Without PLAN: leave these addresses out. Repeatable.",
)
@everywhere()
@click.pass_context
def apply(
    context: click.Context,
    plan_file: Path | None,
    auto_approve: bool,
    expect_digest: str | None,
    allow: Mapping[str, int],
    target: tuple[str, ...],
    exclude: tuple[str, ...],
) -> int:
    """Make the catalog match: do what the plan says.

    Without PLAN it plans, shows the plan and asks. With PLAN, a file that `plan -o` wrote, it does exactly that.
    Interrupted? Run it again: it finishes, and makes nothing twice.
    """
    import asyncio

    from lrplan.cli import screen
    from lrplan.cli.desk import open_desk
    from lrplan.cli.plan_command import show_plan
    from lrplan.cli.plan_file import is_there_again
    from lrplan.cli.screen import say
    from lrplan.cli.streams import OutputError, bearing_loss
    from lrplan.cli.summary import report_text
    from lrplan.cli.trouble import explaining, tell
    from lrplan.diagnostics import ExitCode
    from lrplan.workflow.apply import check_digest

    session = session_of(context)
    if plan_file is None and not auto_approve and not session.asks:
        raise click.UsageError("there is no terminal to ask on; give a plan file, or --auto-approve", context)
    if plan_file is not None:
        _refuse_what_belongs_to_plan(context, allow=allow, target=target, exclude=exclude)
    part = Part(target, exclude)
    sources: dict[str, bytes] = {}
    with explaining(sources):
        desk = open_desk(Path(), sources)
        plan, refusals = _plan_and_refusals(desk, session, plan_file, allow, part)
        try:
            show_plan(plan, session, to_apply=None)
        except OutputError:  # nobody can have seen what would be done
            say("Nothing was changed.", session)
            raise
        if refusals:
            tell(refusals, desk.sources)
            say("Nothing was changed.", session)
            return ExitCode.GUARD
        check_digest(plan, expect_digest)  # before anybody is asked
        if not auto_approve and not _approved(plan, session, is_stored=plan_file is not None):
            say("Nothing was changed.", session)
            return ExitCode.INCOMPLETE
        report = asyncio.run(_applied(desk, session, plan, expect_digest))
        tell(report.diagnostics, desk.sources)
        again = plan_file is not None and is_there_again(plan_file)
        to_finish = session.command("apply", *((plan_file,) if again else part.words))
        with bearing_loss():
            screen.show(report_text(report, to_finish=to_finish), session)
        return report.exit_code


def _plan_and_refusals(
    desk: "Desk", session: Session, plan_file: Path | None, allow: Mapping[str, int], part: Part
) -> "tuple[Plan, tuple[Diagnostic, ...]]":
    """The plan in the file, or a new one, and what speaks against carrying it out."""
    from lrplan.cli.plan_command import make_plan
    from lrplan.cli.plan_file import read_plan
    from lrplan.plan.guard import refusals

    if plan_file is None:
        result = make_plan(desk, session, allow, part)
        return result.plan, result.refusals
    plan = read_plan(plan_file)[1]
    return plan, refusals(plan, desk.manifest.project.limits)  # it is written even if it is refused


def _refuse_what_belongs_to_plan(context: click.Context, **given: object) -> None:
    for option, value in given.items():
        if value:
            raise click.UsageError(f"--{option} belongs to plan, where it becomes part of the plan file", context)


def _approved(plan: "Plan", session: Session, *, is_stored: bool) -> bool:
    """Ask a person, if there is one to be asked; a stored plan was approved already, unless albums go."""
    goes = plan.summary.delete
    if plan.does_nothing or (is_stored and not (goes and session.asks)):
        return True
    try:
        if goes:
            albums = "1 album or set goes" if goes == 1 else f"{goes} albums and sets go"
            return _answer(f"{albums}. To do all of this, type that number") == str(goes)
        return _answer("To do this, type yes").lower() == "yes"
    except click.Abort:  # Ctrl-C or Ctrl-D: no is no
        click.echo(err=True)  # the question still stands on its line
        return False


def _answer(question: str) -> str:
    return str(click.prompt(question, err=True, default="", show_default=False)).strip()


async def _applied(desk: "Desk", session: Session, plan: "Plan", expect_digest: str | None) -> "Report":
    from lrplan.cli.progress import listening
    from lrplan.cli.stopping import stoppable
    from lrplan.cli.wiring import surroundings
    from lrplan.workflow.apply import apply as do_apply

    with stoppable(session) as stop, listening(session) as events:
        async with surroundings(desk, events) as around:
            return await do_apply(plan, around, manifest=desk.manifest, expect_digest=expect_digest, stop=stop)
