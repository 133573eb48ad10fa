"""
What can be said of the files that manifests point at before the catalog is known.

A list that cannot be read, a line that names no photo, a photo that two lines name and a file that is not what its
sha256 says are mistakes whatever the catalog holds. A file to upload that is not here is none as yet: only where the
catalog lacks the photo it is needed, and a build server may have no originals at all. So that is a warning for whoever
does not ask the catalog. A plan needs each file without a sha256 beside it: nothing else tells which photo is meant.
"""

from collections.abc import Iterator, Mapping

from lrplan.diagnostics import Diagnostic, SourceSpan, error, warning
from lrplan.manifest.entries import RefKind
from lrplan.model.address import Address
from lrplan.model.inventory import FileProblem, Inventory, Original
from lrplan.resolve.wanted import Wanted, Wish

_PATH = "the path is relative to the file it stands in"


def uploads_of(wishes: Mapping[Address, Wish]) -> tuple[dict[str, SourceSpan], dict[str, str]]:
    """The files to upload, with the first place that names each; and those with a sha256 beside them."""
    named: dict[str, SourceSpan] = {}
    promised: dict[str, str] = {}
    for wish in wishes.values():
        wanted, cover = wish.wanted, wish.entry.cover
        if wanted is not None and RefKind.UPLOAD in wanted.kinds:
            for index, kind in enumerate(wanted.kinds):
                if kind is RefKind.UPLOAD and wanted.values[index] not in named:
                    named[wanted.values[index]] = wanted.span_of(index)
            for index, extra in wanted.extras.items():
                if extra.sha256 is not None:
                    promised[wanted.values[index]] = extra.sha256
        for extra in wanted.extras.values() if wanted is not None else ():
            copied = extra.copy_from
            if copied is not None and copied.value.kind is RefKind.UPLOAD:
                named.setdefault(copied.value.value, copied.span)
        if cover is not None and cover.value.kind is RefKind.UPLOAD:
            named.setdefault(cover.value.value, cover.span)
    return named, promised


def judge_uploads(
    wishes: Mapping[Address, Wish],
    problems: Mapping[str, FileProblem],
    originals: Mapping[str, Original | FileProblem],
) -> tuple[Diagnostic, ...]:
    """Say what is wrong with files to upload, and with lists that name a photo twice.

    Args:
        problems: The files that cannot be opened.
        originals: Those with a sha256 beside them, hashed.
    """
    named, promised = uploads_of(wishes)
    said = [_absent(problems[path], span) for path, span in named.items() if path in problems]
    for path, sha256 in promised.items():
        original = originals.get(path)
        if isinstance(original, Original) and original.sha256 != sha256:
            said.append(not_as_promised(original, sha256, named[path]))
    for wish in wishes.values():
        if wish.wanted is not None and len(wish.wanted.files) > 1:
            said.extend(_repeated(wish.wanted))
    return tuple(said)


def mistaken_uploads(wishes: Mapping[Address, Wish], inventory: Inventory) -> tuple[Diagnostic, ...]:
    """Say which files to upload keep a plan from being made whatever the catalog holds."""
    named, promised = uploads_of(wishes)
    said = []
    for path, span in named.items():
        found, sha256 = inventory.originals.get(path), promised.get(path)
        if isinstance(found, FileProblem) and sha256 is None:
            said.append(cannot_upload(found, span, has_sha256=False))
        if isinstance(found, Original) and sha256 not in (None, found.sha256):
            said.append(not_as_promised(found, sha256, span))
    return tuple(said)


def cannot_upload(problem: FileProblem, span: SourceSpan, *, has_sha256: bool, namesake: str = "") -> Diagnostic:
    """The mistake of a file to upload that cannot be read, although the plan needs it.

    Args:
        has_sha256: One stands beside it, and the catalog lacks the original. Without one nobody knows what it lacks.
        namesake: The name of the one photo of the catalog that is called like the file; "" where that is not known.
    """
    why, hint = "The catalog lacks this original, so the file is needed.", _PATH
    if not has_sha256:
        why = "Without the file, or a sha256 beside it, nobody can tell whether the catalog has this photo."
        hint += "; " + _sent_before(namesake)
    if not problem.is_absent:
        hint = ""
    return error("LRP211", f"cannot upload {problem.path}: {problem.reason}", span=span, why=why, hint=hint)


def _sent_before(namesake: str) -> str:
    if namesake:
        return f"if the photo {namesake} of the catalog is meant, write {namesake}, without a path"
    return "a photo that was uploaded before can be named by its file name alone"


def not_as_promised(original: Original, sha256: str, span: SourceSpan) -> Diagnostic:
    """The mistake of a file to upload whose bytes are not those of the sha256 beside it."""
    why = f"Its SHA-256 is {original.sha256}, the manifest says {sha256}."
    hint = "put the right file there, or correct the sha256"
    return error("LRP212", f"{original.path} is not the file it was", span=span, why=why, hint=hint)


def _absent(problem: FileProblem, span: SourceSpan) -> Diagnostic:
    why = "The plan needs the file, unless the catalog has the photo and its sha256 stands beside it."
    hint = _PATH if problem.is_absent else ""
    return warning("LRP211", f"cannot upload {problem.path}: {problem.reason}", span=span, why=why, hint=hint)


def _repeated(wanted: Wanted) -> Iterator[Diagnostic]:
    """Photos that the lines of lists name twice; what one manifest names twice has been said."""
    first: dict[tuple[RefKind, str], int] = {}
    for index, photo in enumerate(zip(wanted.kinds, wanted.values, strict=True)):
        at = first.setdefault(photo, index)
        if at != index and photo[0] is not RefKind.UPLOAD and (wanted.sources[at] or wanted.sources[index]):
            why = f"It already stands at {wanted.span_of(at)}."
            hint = "take one of the two lines out"
            yield error("LRP210", "photo named twice", span=wanted.span_of(index), why=why, hint=hint)
