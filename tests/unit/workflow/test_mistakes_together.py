"""All mistakes of a run are named at once: those of local files and those that only the catalog shows."""

import asyncio

import pytest

from lrplan.diagnostics import ExitCode, Failure, error
from lrplan.workflow.plan import plan
from tests.memory_catalog import MemoryCatalog
from tests.studio import Studio, world_of

MISTAKEN = """\
albums:
  x: {name: x, members: [{from: nolist.txt}], cover: P01.jpg}
  y: {name: y, members: [nope.jpg, ./gone.jpg]}
  z: {name: z, members: [P02.jpg, nix.jpg]}
"""


def mistakes_of(albums: str, studio: Studio | None = None) -> Failure:
    studio = studio or Studio()
    with pytest.raises(Failure) as ended:
        asyncio.run(plan(studio.manifest(albums), studio.around))
    return ended.value


def told(failure: Failure) -> list[tuple[str, str]]:
    return [(said.code, str(said.span)) for said in failure.diagnostics]


class Unreachable(MemoryCatalog):
    """A service that cannot be reached."""

    def _answered(self, name: str, answer: object) -> object:  # type: ignore[override]
        raise Failure(error("LRP801", "the service could not be reached"))


UNREACHABLE = ("LRP801", "None")


def test_a_list_that_is_missing_hides_no_other_mistake_and_makes_none() -> None:
    """The cover of x may be one of the photos in the list, which nobody knows."""
    failure = mistakes_of(MISTAKEN)
    assert told(failure) == [
        ("LRP101", "manifests/a.yaml:3:33"),
        ("LRP204", "manifests/a.yaml:4:26"),
        ("LRP211", "manifests/a.yaml:4:36"),
        ("LRP204", "manifests/a.yaml:5:35"),
    ]
    assert failure.exit_code is ExitCode.INVALID


def test_a_line_of_a_list_that_nobody_understands_hides_no_other_mistake() -> None:
    studio = Studio()
    studio.files.lists["manifests/list.txt"] = b"P01.jpg\nfolder/\nnope.jpg\n"
    failure = mistakes_of("albums: {x: {name: x, members: [{from: list.txt}], cover: P09.jpg}}", studio)
    assert [where for _, where in told(failure)] == ["manifests/list.txt:2:1", "manifests/list.txt:3:1"]


def test_mistakes_of_local_files_are_told_although_the_catalog_cannot_be_read() -> None:
    failure = mistakes_of(MISTAKEN, Studio(Unreachable(world_of())))
    assert told(failure) == [
        ("LRP101", "manifests/a.yaml:3:33"),
        ("LRP211", "manifests/a.yaml:4:36"),
        UNREACHABLE,
    ]
    assert failure.exit_code is ExitCode.INVALID, "running it again does not help before the files are right"


def test_a_file_that_the_catalog_may_have_is_no_mistake_of_local_files() -> None:
    albums = f"albums: {{y: {{name: y, members: [{{upload: ./gone.jpg, sha256: {'1' * 64}}}]}}}}"
    failure = mistakes_of(albums, Studio(Unreachable(world_of())))
    assert (told(failure), failure.exit_code) == ([UNREACHABLE], ExitCode.SERVICE)
