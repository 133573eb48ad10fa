"""What a `select` says: photos by what they are, from what was found under its keys."""

from lrplan.manifest.entries import Declared, Select
from lrplan.manifest.fields import Found, Page
from lrplan.manifest.tree import MappingNode, Scalar
from lrplan.manifest.values import date_order
from lrplan.manifest.wording import listed
from lrplan.model.album import Flag

_KEYS = ("fileName", "capturedAfter", "capturedBefore", "subtype", "album", "flag")


def read_select(page: Page, node: MappingNode, found: Found) -> tuple[Select, str]:
    """The select that *node* holds, and what it says as a text for people; complains of what makes no sense."""
    select = node.entries["select"]
    if isinstance(select.value, MappingNode) and not select.value.entries:
        why = f"It must have one or more of {listed(_KEYS)}, to say which photos it is for."
        page.complain("LRP209", "nothing selected", select.key, why=why)
    after, before = found.get("capturedAfter", str), found.get("capturedBefore", str)
    check_dates(page, after, before)
    file_name, subtype, album = found.get("fileName", str), found.get("subtype", str), found.get("album", str)
    flag = found.get("flag", str)
    if flag is not None and isinstance(select.value, MappingNode) and "album" not in select.value.entries:
        why = "Only the listing of an album tells how photos are flagged."
        page.complain("LRP209", "flag without an album", _at(flag), why=why, hint="write album: KEY beside it")
    texts = {"fileName": file_name, "subtype": subtype, "album": album, "flag": flag}
    said = {key: declared.value for key, declared in texts.items() if declared is not None}
    said |= {key: found.values[key].value for key in ("capturedAfter", "capturedBefore") if key in found.values}
    read = Select(
        file_name=file_name.value if file_name is not None else None,
        captured_after=after.value if after is not None else None,
        captured_before=before.value if before is not None else None,
        subtype=subtype.value if subtype is not None else None,
        album=album,
        flag=Flag(flag.value) if flag is not None else None,
    )
    return read, ", ".join(f"{key}: {said[key]}" for key in _KEYS if key in said)


def check_dates(page: Page, after: Declared[str] | None, before: Declared[str] | None) -> None:
    """Complain of two dates that leave nothing between them."""
    if after is not None and before is not None and date_order(after.value) >= date_order(before.value):
        page.complain(
            "LRP203",
            "capturedBefore is not after capturedAfter",
            _at(before),
            why=f"Nothing was taken after {after.value} and before {before.value}.",
            hint="swap the two dates, or widen them",
        )


def _at(declared: Declared[str]) -> Scalar:
    return Scalar(declared.value, declared.span.line, declared.span.column, declared.span.width)
