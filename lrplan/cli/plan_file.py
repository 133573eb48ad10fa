"""Plan files as people name them: `plan -o FILE` writes one, `show` and `apply` read it. See `own_file`."""

from pathlib import Path

from lrplan.cli import own_file
from lrplan.cli.own_file import Kind, is_output, is_there_again
from lrplan.formats.plan import decode_plan, is_plan_file
from lrplan.plan.plan import Plan
from lrplan.storage.disk import Disk

__all__ = ["is_output", "is_there_again", "objection", "read_plan", "write_plan"]

PLAN = Kind("plan", is_plan_file, "lrplan plan -o FILE writes one")


def objection(name: str) -> str:
    """Why no plan can be written to *name*, in words that follow a colon; "" where one can, as far as is known."""
    return own_file.objection(name, PLAN)


def write_plan(name: str, content: bytes, *, disk: Disk | None = None) -> None:
    """Make *content* what *name* holds. Failure LRP101 when that cannot be done; then the old file is as it was."""
    own_file.write(name, content, PLAN, disk=disk)


def read_plan(file: Path) -> tuple[bytes, Plan]:
    """The bytes of a plan file and the plan in it; a pipe is read to its end. Failure LRP101, LRP106 or LRP107."""
    content = own_file.read(file, PLAN)
    return content, decode_plan(content, file=str(file))
