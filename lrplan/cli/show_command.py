"""`lrplan show`: a plan file for people, with no network."""

from pathlib import Path

import click

from lrplan.cli.session import everywhere, session_of


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
    """Show a plan that `plan -o` wrote, without network.

    PLAN is a file, or a pipe such as /dev/stdin.
    """
    from lrplan.cli import screen
    from lrplan.cli.plan_command import show_digest
    from lrplan.cli.plan_file import is_there_again, read_plan
    from lrplan.render.text import plan_text

    content, plan = read_plan(plan_file)
    session = session_of(context)
    if as_json or form == "json":
        click.echo(content, nl=False)
    else:
        to_apply = session.command("apply", plan_file) if is_there_again(plan_file) else None
        screen.show(plan_text(plan, to_apply=to_apply), session)
        show_digest(plan, session)
    return 0
