"""Develop settings that are sent, in words: a line each where they are few, else how many there are of a kind."""

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, splitext

from lrplan.diff.change import DevelopChange, SettingsBefore
from lrplan.model.ids import AssetId
from lrplan.render.amounts import count

NAMED_MAX = 3  # ours: so many of one album are named
_BEFORE = {
    SettingsBefore.NONE: "",
    SettingsBefore.EARLIER: "changed since it was sent",
    SettingsBefore.OTHERS: "in place of others",
}


def develop_lines(changes: Sequence[DevelopChange], names: Mapping[AssetId, str]) -> Iterator[str]:
    """The settings that are sent for photos of one album."""
    if len(changes) <= NAMED_MAX:
        for one in changes:
            before = _BEFORE[one.before]
            yield f"develop: {_named(one, names)}" + (f" ({before})" if before else "")
        return
    parts = [
        f"{sum(one.before is kind for one in changes):,} {text}"
        for kind, text in _BEFORE.items()
        if text and any(one.before is kind for one in changes)
    ]
    yield f"develop: settings for {count(len(changes), 'photo')}" + (f" ({', '.join(parts)})" if parts else "")


def _named(one: DevelopChange, names: Mapping[AssetId, str]) -> str:
    photo = names.get(one.asset_id, one.asset_id)
    if one.source is not None:
        return f"{photo} as {names.get(one.source, one.source)}"
    file = basename(one.path)
    return file if splitext(file)[0] == splitext(photo)[0] else f"{photo} by {file}"
