"""What of one address is live: its current generation, and what replacements that were interrupted left behind."""

from attrs import frozen

from lrplan.diff.members import NOTHING, joined
from lrplan.diff.sides import Sides
from lrplan.model.address import TOP_LEVEL, Address
from lrplan.model.album import Album, AlbumKind, Membership
from lrplan.model.ids import AlbumId, AssetId


@frozen(kw_only=True)
class Live:
    """The generations of one address that are live: the current one, and what replacements left behind.

    Attributes:
        left_behind: The members of all older generations, those of the newest of them first.
        occupied: Older generations of a set that stay, since something is in them that cannot be moved.
        cover: Of the newest generation that has one.
        generation: Of the current one; -1 where there is none.
        shown: The order of each of them by itself.
    """

    current: Album | None
    members: Membership | None
    older: tuple[AlbumId, ...]
    occupied: tuple[AlbumId, ...]
    left_behind: Membership
    cover: AssetId | None
    generation: int
    shown: tuple[tuple[AssetId, ...], ...]


def live_of(generations: tuple[tuple[int, AlbumId], ...], sides: Sides) -> Live:
    """What is live of the address that has these *generations*, highest first."""
    ids = tuple(one for _, one in generations)
    snapshot = sides.snapshot
    listings = [snapshot.members.get(one, NOTHING) for one in ids]
    occupied = tuple(one for one in ids[1:] if strangers_in(one, sides))
    covers = (listing.cover or snapshot.albums[one].cover for one, listing in zip(ids, listings, strict=True))
    return Live(
        current=snapshot.albums[ids[0]] if ids else None,
        members=snapshot.members.get(ids[0]) if ids else None,
        older=tuple(one for one in ids[1:] if one not in occupied),
        occupied=occupied,
        left_behind=joined(listings[1:]),
        cover=next((cover for cover in covers if cover is not None), None),
        generation=generations[0][0] if generations else -1,
        shown=tuple(listing.asset_ids for listing in listings),
    )


def older_of(parent: str | None, sides: Sides) -> tuple[AlbumId, ...]:
    """The older generations of a declared parent."""
    if parent is None or parent == TOP_LEVEL:
        return ()
    return tuple(one for _, one in sides.generations.of(Address(parent))[1:])


def strangers_in(album_id: AlbumId, sides: Sides) -> list[Album]:
    """What is in a set that is not ours to move: only the API key that made an album or a set may change it."""
    inside = (album for album in sides.snapshot.albums.values() if album.parent == album_id)
    ours = (None, sides.owner.service_id)
    movable = (AlbumKind.ALBUM, AlbumKind.SET)
    return [album for album in inside if album.kind not in movable or album.service_id not in ours]


def kept_set(album_id: AlbumId, sides: Sides) -> str:
    """Why an older generation of a set stays, for people."""
    stranger = min(strangers_in(album_id, sides), key=lambda album: album.id)
    return f'an older generation of it stays: "{stranger.name}" is in it, which another application made'
