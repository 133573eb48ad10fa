"""What is said of files with develop settings before any catalog is asked, and where it is said."""

from pathlib import Path

from lrplan.diagnostics import Severity
from lrplan.sources.files import LocalFiles
from lrplan.workflow.checking import check_files
from tests.studio import manifest_of

XMP = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'


def said_of(folder: Path, members: str, **files: str) -> list[tuple[str, Severity, str, int]]:
    """Code, severity, file and line of what is said of an album; files are named without their folder `o`."""
    (folder / "o").mkdir()
    for name, content in files.items():
        (folder / "o" / name.replace("_", ".")).write_text(content)
    checked = check_files(manifest_of(f"albums:\n  a:\n    members:\n{members}"), LocalFiles(folder))
    return [(one.code, one.severity, one.span.file, one.span.line) for one in checked.said if one.span is not None]


def test_settings_that_an_entry_names_have_to_be_there(tmp_path: Path) -> None:
    members = "    - {fileName: P01.jpg, xmp: ../o/good.xmp}\n    - {fileName: P02.jpg, xmp: ../o/gone.xmp}\n"
    assert said_of(tmp_path, members, good_xmp=XMP) == [("LRP231", Severity.ERROR, "manifests/a.yaml", 6)]


def test_a_sidecar_that_could_not_be_sent_is_a_warning_as_nobody_knows_yet_if_it_counts(tmp_path: Path) -> None:
    members = (
        "    - ../o/a.nef\n    - ../o/b.nef\n    - {upload: ../o/c.nef, xmp: ../o/b.xmp}\n    - {from: list.txt}\n"
    )
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "list.txt").write_text("# a comment\n../o/d.nef\n")
    files = {f"{name}_nef": name for name in "abcd"} | {f"{name}_xmp": "no" for name in "acd"} | {"b_xmp": XMP}
    assert said_of(tmp_path, members, **files) == [
        ("LRP231", Severity.WARNING, "manifests/a.yaml", 5),
        ("LRP231", Severity.WARNING, "manifests/list.txt", 2),
    ]


def test_a_photo_to_copy_from_that_is_a_file_is_looked_at_as_any_other(tmp_path: Path) -> None:
    members = "    - {fileName: P01.jpg, develop: {copyFrom: ../o/gone.nef}}\n"
    assert said_of(tmp_path, members) == [("LRP211", Severity.WARNING, "manifests/a.yaml", 5)]
