"""What a catalog holds, less everything that may differ between a run that was cut off and one that was not."""

import json
from collections import Counter
from collections.abc import Mapping

from attrs import frozen

STAMPS = ("created", "updated", "userCreated", "userUpdated")
NOT_PUT_BY_US = {"IMG_0012.jpg"}  # what only the state knows to be ours, so that without it nothing takes it out
ONLY_STATE_KNOWS = {"Goes", "Leaving"}  # what only the state knows to delete


@frozen(kw_only=True)
class Shown:
    """One album or set.

    Attributes:
        members: File names in their order, with what each carries beyond its order key.
    """

    subtype: str
    parent: str | None
    cover: str | None
    payload: str
    members: tuple[tuple[str, str], ...]


def seen(snapshot: Mapping) -> dict[str, Shown]:
    """The albums and sets by name; fails where a name stands twice, or an asset."""
    rows = [*snapshot["sets"], *snapshot["albums"]]
    twice = [name for name, times in Counter(row["name"] for row in rows).items() if times > 1]
    assert not twice, f"albums too many: {twice}"
    hashes = Counter(asset["sha256"] for asset in snapshot["assets"] if asset["sha256"] is not None)
    assert set(hashes.values()) <= {1}, "an original is there twice"
    names = {row["id"]: row["name"] for row in rows}
    photos = {asset["id"]: asset["fileName"] for asset in snapshot["assets"]}
    return {
        row["name"]: Shown(
            subtype=row["subtype"],
            parent=names[row["parent"]] if row["parent"] else None,
            cover=photos[row["cover"]] if row["cover"] else None,
            payload=_less(row["payload"], ("parent", "cover", "name")),
            members=tuple((photos[one["id"]], _less(one["payload"], ("order",))) for one in row["members"]),
        )
        for row in rows
    }


def files(snapshot: Mapping) -> dict[str, tuple[object, ...]]:
    """The assets: name, hash, whether the original is in and whether it has develop settings, by id."""
    keys = ("fileName", "sha256", "complete", "developed")
    return {one["id"]: tuple(one[key] for key in keys) for one in snapshot["assets"]}


def assert_same(found: Mapping, wanted: Mapping) -> None:
    """The catalog of an undisturbed run."""
    _assert_equal(seen(found), seen(wanted))
    _assert_equal(files(found), files(wanted))


def _assert_equal(have: Mapping, want: Mapping) -> None:
    assert have == want, {
        name: (have.get(name), want.get(name)) for name in {*have, *want} if have.get(name) != want.get(name)
    }


def assert_same_without_state(found: Mapping, wanted: Mapping) -> None:
    """As `assert_same`, but nothing that only the state can know to be ours need have gone."""
    have, want = seen(found), seen(wanted)
    assert have.keys() - ONLY_STATE_KNOWS == want.keys()
    for name, album in want.items():
        other = have[name]
        assert (other.subtype, other.parent, other.cover, other.payload) == (
            album.subtype,
            album.parent,
            album.cover,
            album.payload,
        ), name
        kept = tuple(one for one in other.members if one[0] not in NOT_PUT_BY_US)
        strangers = [one for one in kept if "not-ours" in one[1]]
        # A photo that nobody listed keeps its neighbours as well as it can, which hangs on who else is still there.
        assert [one for one in kept if one not in strangers] == [
            one for one in album.members if "not-ours" not in one[1]
        ], name
        assert sorted(strangers) == sorted(one for one in album.members if "not-ours" in one[1]), name
    _assert_equal(files(found), files(wanted))


def _less(payload: Mapping, names: tuple[str, ...]) -> str:
    kept = {key: value for key, value in payload.items() if key not in (*STAMPS, *names)}
    if isinstance(kept.get("publishInfo"), dict):
        kept["publishInfo"] = {key: value for key, value in kept["publishInfo"].items() if key not in STAMPS}
    return json.dumps(kept, sort_keys=True)
