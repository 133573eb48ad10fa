"""
The project on the desk: lrplan.yaml and its manifests, read and checked, with no network.

Every command that needs a project begins here, so that a mistake in a file is told before anybody is asked for
credentials.
"""

from pathlib import Path

from attrs import field, frozen

from lrplan.cli.trouble import stop, tell
from lrplan.diagnostics import Diagnostic, Failure, has_errors
from lrplan.manifest.entries import Manifest, SourceText
from lrplan.model.sign_in import AccessToken

DEFAULT_FOLDER = "manifests"  # docs/reference/contract.md, "A project"


@frozen(kw_only=True)
class Desk:
    """A project that was read without an error.

    Attributes:
        folder: Where lrplan.yaml lies.
        sources: The bytes of its files, for diagnostics that come later; list files join them when they are read.
        said: The warnings.
        told: What was told later on, once however often it is met.
        printed: The last token of the program of `auth.command`, for the next part of the same command.
    """

    folder: Path
    manifest: Manifest
    sources: dict[str, bytes]
    said: tuple[Diagnostic, ...] = ()
    told: set[Diagnostic] = field(factory=set)
    printed: list[AccessToken] = field(factory=list, repr=False, eq=False)


def open_desk(folder: Path, sources: dict[str, bytes] | None = None, *, may_be_empty: bool = False) -> Desk:
    """Read and check the project in *folder*; ends the command with exit code 3 when there is an error.

    Whoever hands over *sources* tells what is wrong, so that there is a `Failure` instead, and gets in it the bytes of
    the files that were read. Only with *may_be_empty* there may be no manifest at all.
    """
    manifest, said, read = read_desk(folder, may_be_empty=may_be_empty)
    if manifest is None and sources is None:
        raise stop(said, read)
    sources = {} if sources is None else sources
    sources.update(read)
    if manifest is None:
        raise Failure(*said)
    tell(said, sources)
    return Desk(folder=folder, manifest=manifest, sources=sources, said=said)


def read_desk(
    folder: Path, *, may_be_empty: bool = False
) -> tuple[Manifest | None, tuple[Diagnostic, ...], dict[str, bytes]]:
    """Read the project in *folder*: its manifest, None when anything is wrong; all that was found; the files."""
    from lrplan.manifest.parse import parse_manifests, parse_project
    from lrplan.sources.project import read_manifests, read_project_folder

    project_source = read_project_folder(folder)
    sources = {project_source.file: project_source.content}
    project, _ = parse_project(project_source)  # what is wrong with it is said with everything else
    if project is None:
        files, unread = read_manifests(folder, DEFAULT_FOLDER, required=False)
    else:
        files, unread = read_manifests(
            folder, project.manifests, required=not may_be_empty and _needs_manifests(project_source)
        )
    sources |= {file.file: file.content for file in files}
    manifest, found = parse_manifests(project_source, files)
    all_said = (*unread, *found)
    return (None if has_errors(all_said) else manifest), all_said, sources


def _needs_manifests(project_source: SourceText) -> bool:
    """Whether it is a mistake that there is no manifest: not where lrplan.yaml itself declares, and names no folder."""
    from lrplan.manifest.source import read_tree
    from lrplan.manifest.tree import MappingNode

    tree, _ = read_tree(project_source)
    keys = tree.entries if isinstance(tree, MappingNode) else {}
    return "manifests" in keys or not ("albums" in keys or "sets" in keys)
