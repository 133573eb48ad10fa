"""The story of `lrplan validate`: everything that can be known without the catalog. It asks no network."""

from collections import Counter
from collections.abc import Mapping

from attrs import field, frozen

from lrplan.diagnostics import Diagnostic
from lrplan.manifest.entries import Manifest, RefKind
from lrplan.manifest.needs import files_needed
from lrplan.manifest.pausing import without_paused
from lrplan.ports import Files
from lrplan.resolve.develop import doubtful_sidecars, mistaken_xmp
from lrplan.resolve.files import judge_uploads, uploads_of
from lrplan.resolve.wanted import expand
from lrplan.workflow.inventory import with_xmp_files


@frozen(kw_only=True)
class Checked:
    """What was found.

    Attributes:
        members: How many photos the albums name, those of list files among them.
        selects: How many selects they have; what those find, only the catalog knows.
        lists: The bytes of each list file that could be read, for diagnostics.
    """

    members: int = 0
    selects: int = 0
    lists: Mapping[str, bytes] = field(factory=dict)
    said: tuple[Diagnostic, ...] = ()


def check_files(manifest: Manifest, files: Files) -> Checked:
    """Read the list files of *manifest*, see that its files to upload are there, and hash those with a sha256."""
    manifest = without_paused(manifest)
    part_size = manifest.project.api.part_size_bytes
    needed = [one.value for one in files_needed(manifest).lists]
    inventory = files.inventory(needed, (), part_size_bytes=part_size)
    wishes, said = expand(manifest, inventory)
    named, promised = uploads_of(wishes)
    problems = {problem.path: problem for problem in files.unreadable(tuple(named))}
    inventory = with_xmp_files(inventory, files_needed(manifest), tuple(named), files)
    hashed = [path for path in promised if path not in problems]
    originals = files.inventory((), hashed, part_size_bytes=part_size).originals if hashed else {}
    kinds = Counter(kind for wish in wishes.values() if wish.wanted is not None for kind in wish.wanted.kinds)
    return Checked(
        members=kinds.total() - kinds[RefKind.SELECT],
        selects=kinds[RefKind.SELECT],
        lists={path: content for path, content in inventory.lists.items() if isinstance(content, bytes)},
        said=(
            *said,
            *judge_uploads(wishes, problems, originals),
            *mistaken_xmp(wishes, inventory),
            *doubtful_sidecars(named, wishes, inventory),
        ),
    )
