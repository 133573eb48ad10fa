"""
What can be said of the files that manifests point at before the catalog is known.

A list that cannot be read, a line that names no photo, a photo that two lines name and a file that is not what its
sha256 says are mistakes whatever the catalog holds. A file to upload that is not here is none as yet: only where the
catalog lacks the photo it is needed, and a build server may have no originals at all. So that is a warning.
"""

from collections.abc import Iterator, Mapping

from lrplan.diagnostics import Diagnostic, SourceSpan, error, warning
from lrplan.manifest.entries import RefKind
from lrplan.model.address import Address
from lrplan.model.inventory import FileProblem, Original
from lrplan.resolve.wanted import Wanted, Wish


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
            why = f"Its SHA-256 is {original.sha256}, the manifest says {sha256}."
            hint = "put the right file there, or correct the sha256"
            said.append(error("LRP212", f"{path} is not the file it was", span=named[path], why=why, hint=hint))
    for wish in wishes.values():
        if wish.wanted is not None and len(wish.wanted.files) > 1:
            said.extend(_repeated(wish.wanted))
    return tuple(said)


def _absent(problem: FileProblem, span: SourceSpan) -> Diagnostic:
    why = "The plan needs the file, unless the catalog has the photo and its sha256 stands beside it."
    hint = "the path is relative to the file it stands in" if problem.is_absent else ""
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
