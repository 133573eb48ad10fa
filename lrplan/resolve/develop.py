"""
Which develop settings each photo is to have: a file's, or those of another photo.

Settings belong to a photo, not to an album, so that all entries that name one photo must agree. What an entry says
beats a sidecar that merely lies beside a file. The surprising case: such a sidecar only counts for an original that is
to be sent, or that lrplan remembers to have sent. Of any other photo nobody knows whether its settings are meant to
come from here; finding out would take a call each, and sending them could undo what somebody did in Lightroom.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen

from lrplan.diagnostics import Diagnostic, SourceSpan, error, warning
from lrplan.manifest.entries import Declared, MemberExtra, PhotoRef
from lrplan.model.address import Address
from lrplan.model.develop import Beside, Developed, XmpFile
from lrplan.model.ids import AssetId
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.resolve.desired import Desired, DesiredDevelop, MissingPhoto
from lrplan.resolve.lookup import Place
from lrplan.resolve.photos import Found, Surroundings, find_photo
from lrplan.resolve.wanted import Wish


@frozen(kw_only=True)
class Asked:
    """What one entry asks of the settings of one photo. *is_default*: it only names a file, beside which they lie."""

    asset_id: AssetId
    address: Address
    span: SourceSpan
    xmp: XmpFile | None = None
    source: AssetId | None = None
    is_default: bool = False

    @property
    def wanted(self) -> tuple[str, str]:
        """What two entries must agree in."""
        return (self.xmp.sha256 if self.xmp is not None else "", self.source or "")


def ask(
    extra: MemberExtra | None,
    found: Found,
    upload: str,
    *,
    address: Address,
    span: SourceSpan,
    place: Place,
    around: Surroundings,
) -> Asked | Diagnostic | None:
    """What the entry at *span* asks for; None where it asks for nothing, or for what cannot be had now.

    Args:
        upload: The path of the file that it names; "" where it names its photo otherwise.
    """
    asked = Asked(asset_id=found.asset_id, address=address, span=span)
    if extra is None or (extra.xmp is None and extra.copy_from is None):
        return _beside(asked, found, upload, around)
    if not _is_image(found, around):
        written = (extra.xmp or extra.copy_from or Declared("", span)).span
        return error("LRP235", "a video has no develop settings", span=written,
                     why="The service takes them for photos alone.", hint="take the key out of the entry")  # fmt: skip
    if extra.copy_from is not None:
        return _copied(asked, extra.copy_from, place, around)
    file = around.inventory.xmp_files.get(extra.xmp.value) if extra.xmp is not None else None
    if extra.xmp is None or not isinstance(file, XmpFile):
        return None  # what is wrong with it is said by `mistaken_xmp`
    return Asked(asset_id=found.asset_id, address=address, span=extra.xmp.span, xmp=file)


def develop_wishes(
    asked: Iterable[Asked], uploads: Mapping[AssetId, Original]
) -> tuple[Mapping[AssetId, DesiredDevelop], tuple[Diagnostic, ...]]:
    """Bring what all entries ask for together, in their order, and say where they contradict each other.

    Args:
        uploads: The originals that are to be sent.
    """
    by_photo: dict[AssetId, list[Asked]] = {}
    for one in asked:
        by_photo.setdefault(one.asset_id, []).append(one)
    wishes: dict[AssetId, DesiredDevelop] = {}
    said: list[Diagnostic] = []
    for asset_id, several in by_photo.items():
        told = [one for one in several if not one.is_default] or several
        first = told[0]
        said.extend(_contradicts(one, first) for one in told if one.wanted != first.wanted)
        wishes[asset_id] = DesiredDevelop(
            addresses=tuple(dict.fromkeys(sorted(one.address for one in several))),
            span=first.span,
            xmp=first.xmp,
            source=first.source,
        )
    said.extend(_circles(wishes))
    bare = uploads.keys() - wishes.keys()
    without = "That photo is to be uploaded without any."
    said.extend(nothing_to_copy(wish.span, without) for wish in wishes.values() if wish.source in bare)
    return wishes, tuple(said)


def settings_to_read(desired: Desired, developed: Mapping[AssetId, Developed]) -> tuple[AssetId, ...]:
    """The photos whose settings decide whether something is to be sent, and of which nothing is remembered."""
    needed: set[AssetId] = set()
    for asset_id, wish in desired.develop.items():
        known, is_new = developed.get(asset_id, Developed()), asset_id in desired.uploads
        if not is_new and known.sha256 is None:
            needed.add(asset_id)
        source = wish.source
        if source is not None and source not in desired.develop and (is_new or not is_copied(known, source)):
            needed.add(source)
    return tuple(sorted(needed - desired.uploads.keys()))


def is_copied(known: Developed, source: AssetId) -> bool:
    """Whether what is remembered of a photo was copied from *source*."""
    return known.sha256 is not None and known.source == source


def mistaken_xmp(wishes: Mapping[Address, Wish], inventory: Inventory) -> tuple[Diagnostic, ...]:
    """Say which files with settings, named in manifests, cannot be sent."""
    said = []
    for wish in wishes.values():
        for extra in wish.wanted.extras.values() if wish.wanted is not None else ():
            file = inventory.xmp_files.get(extra.xmp.value) if extra.xmp is not None else None
            if extra.xmp is not None and isinstance(file, FileProblem):
                hint = "the path is relative to the file it stands in" if file.is_absent else ""
                said.append(_unusable(file, extra.xmp.span, hint=hint))
    return tuple(said)


def doubtful_sidecars(
    named: Mapping[str, SourceSpan], wishes: Mapping[Address, Wish], inventory: Inventory
) -> tuple[Diagnostic, ...]:
    """Say, where the catalog is not asked, which sidecars could not be sent if they count.

    Args:
        named: The files to upload, with the place that names each.
    """
    told = {wish.wanted.values[at] for wish in wishes.values() if wish.wanted is not None for at in _say_more(wish)}
    said = []
    for path, span in named.items():
        if path in told:
            continue
        found = _sidecar(path, span, inventory)
        if isinstance(found, Diagnostic):
            said.append(warning(found.code, found.what, span=span, why=found.why, hint=found.hint))
    return tuple(said)


def _say_more(wish: Wish) -> Iterable[int]:
    extras = wish.wanted.extras if wish.wanted is not None else {}
    return (at for at, extra in extras.items() if extra.xmp is not None or extra.copy_from is not None)


def nothing_to_copy(span: SourceSpan, why: str) -> Diagnostic:
    """The mistake of copying from a photo that has no settings."""
    return error("LRP234", "no develop settings to copy", span=span, why=why,
                 hint="give that photo an xmp, or write xmp: PATH here")  # fmt: skip


def _is_image(found: Found, around: Surroundings) -> bool:
    if found.original is not None:
        return found.original.subtype == "image"
    asset = around.snapshot.assets.get(found.asset_id)
    return asset is None or asset.subtype == "image"


def _beside(asked: Asked, found: Found, upload: str, around: Surroundings) -> Asked | Diagnostic | None:
    """The sidecar of the file that an entry names, where it counts."""
    counts = found.original is not None or asked.asset_id in around.developed
    if not upload or not counts or not _is_image(found, around):
        return None
    sidecar = _sidecar(upload, asked.span, around.inventory)
    if not isinstance(sidecar, XmpFile):
        return sidecar
    return Asked(asset_id=asked.asset_id, address=asked.address, span=asked.span, xmp=sidecar, is_default=True)


def _sidecar(upload: str, span: SourceSpan, inventory: Inventory) -> XmpFile | Diagnostic | None:
    """The one sidecar that belongs to *upload*: by what it says, else because this is the raw file of its name."""
    beside = inventory.sidecars.get(upload)
    mine = [path for path in beside.sidecars if _belongs(path, upload, beside, inventory)] if beside is not None else []
    if beside is None or not mine:
        return None
    if len(mine) > 1:
        return error("LRP232", f"two sidecars for {_name(upload)}", span=span,
                     why=f"{_name(mine[0])} and {_name(mine[1])} lie beside it, and both could be meant.",
                     hint=f"say which: xmp: {_name(mine[0])}, beside upload")  # fmt: skip
    file = inventory.xmp_files.get(mine[0], FileProblem(path=mine[0], reason="was not read"))
    if isinstance(file, FileProblem):
        return _unusable(file, span, hint="correct it, or take it away; without one the photo is sent as it is")
    others = [path for path in beside.raw_files if path != upload]
    if not file.extension and others:
        return error("LRP232", f"the sidecar {_name(file.path)} could belong to two files", span=span,
                     why=f"It lies beside {_name(upload)} and {_name(others[0])}, and does not say whose it is.",
                     hint=f"say whose: xmp: {_name(file.path)}, beside the upload that is meant")  # fmt: skip
    return file


def _belongs(path: str, upload: str, beside: Beside, inventory: Inventory) -> bool:
    """Whether the sidecar at *path* may be that of *upload*. One that an entry names is nobody else's."""
    if path in inventory.named_xmp:
        return False
    file = inventory.xmp_files.get(path)
    if isinstance(file, XmpFile) and file.extension:
        return file.extension.casefold() == upload.rpartition(".")[2].casefold()
    return upload in beside.raw_files


def _copied(asked: Asked, copy: Declared[PhotoRef], place: Place, around: Surroundings) -> Asked | Diagnostic | None:
    found = find_photo(copy.value, sha256=None, span=copy.span, place=place, around=around)
    if isinstance(found, Diagnostic):
        return found
    known = around.developed.get(asked.asset_id, Developed())
    if isinstance(found, MissingPhoto) and not is_copied(known, found.asset_id):
        if found.path:
            return None  # only the customer can help, which is said of the entry that uploads it
        return error("LRP213", f"{found.name} {found.text}", span=copy.span,
                     why="Its develop settings cannot be copied.", hint=found.hint)  # fmt: skip
    if found.asset_id == asked.asset_id:
        return error("LRP234", "a photo copies its own develop settings", span=copy.span,
                     why="They would stay as they are.", hint="name another photo, or take the key out")  # fmt: skip
    return Asked(asset_id=asked.asset_id, address=asked.address, span=copy.span, source=found.asset_id)


def _contradicts(other: Asked, first: Asked) -> Diagnostic:
    return error("LRP233", "two entries ask for different develop settings of one photo", span=other.span,
                 why=f"Settings belong to the photo, in whatever album it is; others are asked for at {first.span}.",
                 hint="let one of them say it, or both the same")  # fmt: skip


def _circles(wishes: Mapping[AssetId, DesiredDevelop]) -> Iterable[Diagnostic]:
    """Photos that copy their settings from each other; each circle is said once, where it was written first."""
    done: set[AssetId] = set()
    for start in wishes:
        path: dict[AssetId, None] = {}
        at: AssetId | None = start
        while at is not None and at in wishes and at not in path and at not in done:
            path[at] = None
            at = wishes[at].source
        if at is not None and at in path:
            circle = list(path)[list(path).index(at) :]
            span = min(wishes[one].span for one in circle)
            yield error("LRP234", "photos copy their develop settings from each other", span=span,
                        why=f"{len(circle):,} of them form a circle, so that none could be first.",
                        hint="give one of them an xmp instead")  # fmt: skip
        done.update(path)


def _unusable(file: FileProblem, span: SourceSpan, *, hint: str) -> Diagnostic:
    what = f"cannot send the develop settings {file.path}: {file.reason}"
    return error("LRP231", what, span=span, why="The service takes them as an XMP file.", hint=hint)


def _name(path: str) -> str:
    return path.rpartition("/")[2]
