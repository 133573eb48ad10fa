"""`lrplan show`: a plan file for people, with no network."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lrplan.cli.session import everywhere, session_of

if TYPE_CHECKING:
    from lrplan.plan.plan import Plan


@click.command()
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    envvar="LRPLAN_SHOW_FORMAT",
    help="Default: text.",
)
@click.option("--json", "as_json", is_flag=True, envvar="LRPLAN_SHOW_JSON", help="The same as --format json.")
@everywhere()
@click.pass_context
def show(context: click.Context, plan_file: Path, form: str, as_json: bool) -> int:
    """Show a plan that `plan -o` wrote, without network."""
    from lrplan.cli import screen
    from lrplan.cli.plan_command import show_digest
    from lrplan.render.text import plan_text

    content, plan = read_plan(plan_file)
    session = session_of(context)
    if as_json or form == "json":
        click.echo(content, nl=False)
    else:
        screen.show(plan_text(plan, to_apply=session.command("apply", plan_file)), session)
        show_digest(plan, session)
    return 0


def read_plan(file: Path) -> "tuple[bytes, Plan]":
    """The bytes of a plan file and the plan in it. Failure LRP101, LRP106 or LRP107."""
    from lrplan.diagnostics import Failure, SourceSpan, error
    from lrplan.formats.plan import decode_plan
    from lrplan.sources.opening import read_document, reason_of

    try:
        content = read_document(file)
    except (OSError, ValueError) as problem:
        place = SourceSpan(file=str(file), line=0, column=1)
        what = f"plan file cannot be read: {reason_of(problem)}"
        raise Failure(error("LRP101", what, span=place, hint="lrplan plan -o FILE writes one")) from problem
    return content, decode_plan(content, file=str(file))
