"""
Generated catalogs, wishes, and what people do in between.

Everything here is data: a wish is written out as YAML and goes through the whole pipe; an edit is something that a
person does in Lightroom, carried out by `tests.laws.stage`. Numbers in edits are taken modulo what there is, so that
every edit fits every catalog.
"""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeVar

from attrs import evolve, field, frozen
from attrs import fields as attrs_of
from hypothesis import strategies as st

from lrplan.manifest.entries import SourceText
from lrplan.model.album import Album, AlbumKind, MemberInfo, Membership, Opaque, PublishInfo
from lrplan.model.asset import Asset
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, Owner, ServiceId, Sha256, album_id
from lrplan.model.inventory import Original
from lrplan.model.snapshot import Account, Catalog, Snapshot

PROJECT = "studio"
PART_BYTES = 32 * 1024
OWNER = Owner(account_id=AccountId("ac" * 16), service_id=ServiceId("the-api-key"), project=PROJECT)
NEIGHBOUR = Owner(account_id=OWNER.account_id, service_id=OWNER.service_id, project="another-studio")

DATES = ("2026-05-01T10:00:00", "2026-05-02T10:00:00", "2026-05-03T10:00:00", "0000-00-00T00:00:00")
PHOTOS = tuple(AssetId(f"{0xA0 + number:032x}") for number in range(8))
NAMES = (*(f"P{number}.jpg" for number in range(6)), "twin.jpg", "twin.jpg")
HASHES = tuple(Sha256(f"{0xC0 + number:064x}") for number in range(8))
FILES = ("originals/U0.jpg", "originals/U1.jpg", "originals/U2.jpg")
IN_CATALOG = 3  # U2 is the original of this photo
UPLOADED = (8, 9)  # photos that only exist as files, U0 and U1

PROJECT_FILE = SourceText(
    "lrplan.yaml",
    json.dumps({"lrplan": 1, "project": PROJECT, "api": {"partSize": str(PART_BYTES)}}).encode(),
)


def _original(number: int, sha256: Sha256, size_bytes: int) -> Original:
    parts = max(1, -(-size_bytes // PART_BYTES))
    return Original(
        path=FILES[number],
        file_name=f"U{number}.jpg",
        size_bytes=size_bytes,
        sha256=sha256,
        part_size_bytes=PART_BYTES,
        part_checks=("0" * 16,) * parts,
        subtype="image",
        content_type="image/jpeg",
        capture_date=DATES[number],
    )


ORIGINALS: Mapping[str, Original] = {
    original.path: original
    for original in (
        _original(0, Sha256("e0" * 32), 1000),
        _original(1, Sha256("e1" * 32), 2 * PART_BYTES + 1),
        _original(2, HASHES[IN_CATALOG], 2000),
    )
}


XMP_FILES = ("o/warm.xmp", "o/cold.xmp")
T = TypeVar("T", bound=Hashable)


class Brief:
    """Shown on one line, with what is not None only, so that a failing example can be read."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __repr__(self) -> str:
        shown = ((one.name, getattr(self, one.name)) for one in attrs_of(type(self)))  # type: ignore[arg-type]
        inside = ", ".join(f"{name}={value!r}" for name, value in shown if value not in (None, ()))
        return f"{type(self).__name__}({inside})"


@frozen(kw_only=True, repr=False)
class Ref(Brief):
    """A member as a wish names it. *photo* is 0 to 7 in the catalog, 8 and 9 as files only.

    With *xmp* it has develop settings, which are the same in all albums.
    """

    photo: int
    kind: Literal["name", "id", "sha256", "upload"]
    remote_id: str | None = None
    xmp: bool | None = None

    def written(self) -> object:
        place = (
            {
                "name": ("fileName", NAMES[self.photo]),
                "id": ("id", PHOTOS[self.photo]),
                "sha256": ("sha256", HASHES[self.photo]),
            }[self.kind]
            if self.kind != "upload"
            else ("upload", "../" + FILES[2 if self.photo == IN_CATALOG else self.photo - UPLOADED[0]])
        )
        more: list[tuple[str, object]] = []
        if self.remote_id is not None:
            more.append(("publishInfo", {"remoteId": self.remote_id}))
        if self.xmp:
            more.append(("xmp", f"../{XMP_FILES[self.photo % len(XMP_FILES)]}"))
        return dict((place, *more))


@frozen(kw_only=True, repr=False)
class Selects(Brief):
    """A select in a member list, before the photo at *place* of those that are named; None for what is not written."""

    place: int
    glob: str
    after: str | None = None
    before: str | None = None
    album: str | None = None

    def written(self) -> object:
        keys = {"fileName": self.glob, "capturedAfter": self.after, "capturedBefore": self.before, "album": self.album}
        return {"select": {key: value for key, value in keys.items() if value is not None}}


@frozen(kw_only=True, repr=False)
class WishedSet(Brief):
    """A set as a wish declares it; None for what is not written."""

    name: str | None = None
    parent: str | None = None
    adopt: AlbumId | None = None
    publish: tuple[tuple[str, object], ...] = ()
    when_gone: str | None = None
    protect: bool | None = None
    paused: bool | None = None


@frozen(kw_only=True, repr=False)
class WishedAlbum(Brief):
    """An album as a wish declares it; None for what is not written."""

    name: str | None = None
    parent: str | None = None
    adopt: AlbumId | None = None
    publish: tuple[tuple[str, object], ...] = ()
    when_gone: str | None = None
    protect: bool | None = None
    paused: bool | None = None
    order: str | None = None
    reorder: str | None = None
    unlisted: str | None = None
    replace: str | None = None
    cover: Ref | None = None
    within: str | None = None
    members: tuple[Ref, ...] | None = None
    selects: tuple[Selects, ...] = ()

    def listed(self) -> tuple[Ref | Selects, ...]:
        """The member list as it is written."""
        named = self.members or ()
        every = [(min(one.place, len(named)), 0, one) for one in self.selects] if self.members is not None else []
        listed = [*every, *((place, 1, ref) for place, ref in enumerate(named))]
        return tuple(one for _, _, one in sorted(listed, key=lambda item: item[:2]))


@frozen(kw_only=True, repr=False)
class Wish(Brief):
    """What the manifests of one moment say."""

    sets: Mapping[str, WishedSet] = field(factory=dict)
    albums: Mapping[str, WishedAlbum] = field(factory=dict)
    moved: tuple[tuple[str, str], ...] = ()

    def renamed(self, keys: Mapping[str, str]) -> "Wish":
        """The same wish, some of whose entries have other keys since; *keys* has them by the keys of now."""

        def moved(section: str, declared: Iterable[str]) -> tuple[tuple[str, str], ...]:
            return tuple((f"{section}.{key}", f"{section}.{keys[key]}") for key in declared if key in keys)

        def placed(one: T) -> T:
            return evolve(one, parent=keys.get(one.parent, one.parent))  # type: ignore[attr-defined, misc]

        def looked_up(one: WishedAlbum) -> WishedAlbum:
            selects = tuple(evolve(each, album=keys.get(each.album or "", each.album)) for each in one.selects)
            return evolve(one, within=keys.get(one.within or "", one.within), selects=selects)

        return Wish(
            sets={keys.get(key, key): placed(one) for key, one in self.sets.items()},
            albums={keys.get(key, key): placed(looked_up(one)) for key, one in self.albums.items()},
            moved=(*moved("sets", self.sets), *moved("albums", self.albums)),
        )

    def adopting(self, ids: Mapping[str, AlbumId]) -> "Wish":
        """The same wish, some of whose entries take an album or a set over; *ids* has these by key."""
        return evolve(
            self,
            sets={key: evolve(one, adopt=ids.get(key)) for key, one in self.sets.items()},
            albums={key: evolve(one, adopt=ids.get(key)) for key, one in self.albums.items()},
        )

    def sources(self, *, order: Sequence[int] = (), files: int = 2) -> tuple[SourceText, ...]:
        """The manifests as YAML, the entries spread over *files* files and put in any *order*."""
        entries = [("sets", key) for key in self.sets] + [("albums", key) for key in self.albums]
        for place in order:
            if entries:
                entries.insert(0, entries.pop(place % len(entries)))
        texts: list[dict[str, dict[str, object]]] = [{} for _ in range(files)]
        for section, key in entries:
            number = sum(key.encode()) % files
            written = _set(self.sets[key]) if section == "sets" else _album(self.albums[key])
            texts[number].setdefault(section, {})[key] = written
        lines = [{"from": source, "to": target} for source, target in self.moved]
        return tuple(
            SourceText(f"manifests/{number}.yaml", json.dumps({"lrplan": 1, **text, **moved}).encode())
            for number, text in enumerate(texts)
            for moved in ({"moved": lines[number::files]} if lines else {},)
        )


def _set(wished: WishedSet | WishedAlbum) -> dict[str, object]:
    written: dict[str, object] = {}
    if wished.name is not None:
        written["name"] = wished.name
    if wished.parent is not None:
        written["parent"] = wished.parent
    if wished.adopt is not None:
        written["adopt"] = wished.adopt
    if wished.publish:
        info: dict[str, object] = {}
        for path, value in wished.publish:
            if path in ("view", "edit"):
                links = info.setdefault("remoteLinks", {})
                assert isinstance(links, dict)
                links[path] = value
            else:
                info[path] = value
        written["publishInfo"] = info
    more = {"whenGone": wished.when_gone, "protect": wished.protect, "paused": wished.paused}
    return written | {key: value for key, value in more.items() if value is not None}


def _album(wished: WishedAlbum) -> dict[str, object]:
    written = _set(wished)
    for key in ("order", *_POLICIES):
        if getattr(wished, key) is not None:
            written[key] = getattr(wished, key)
    if wished.cover is not None:
        written["cover"] = evolve(wished.cover, remote_id=None, xmp=None).written()
    if wished.within is not None:
        written["within"] = {"album": wished.within}
    if wished.members is not None:
        written["members"] = [one.written() for one in wished.listed()]
        if wished.selects:
            written["allowEmpty"] = True
    return written


# --- wishes ---

SET_KEYS = ("s0", "s1", "s2")
ALBUM_KEYS = ("k0", "k1", "k2", "k3")
_PUBLISH: Mapping[str, tuple[object, ...]] = {
    "remoteId": ("g-1", "g-2"),
    "view": ("https://x.example/1", "https://x.example/2"),
    "edit": ("https://x.example/e",),
    "servicePayload": ('{"a":1}', "plain"),
    "deleted": (False, True),
}
_NAMES = (None, "A", "B", "Smith & Jones")
_ORDERS = (None, None, "listed", "captureDate")
_POLICIES: Mapping[str, tuple[str | None, ...]] = {
    "reorder": (None, None, None, "keep", "restore"),
    "unlisted": (None, None, None, "keep", "remove", "remove"),
    "replace": (None, None, None, None, "allow", "never"),
}
_FIELDS = ("name", "parent", "order", "cover", "members", "publish", "when_gone", "paused", *_POLICIES)
_WHEN_GONE = (None, None, "delete", "tombstone", "keep", "keep")
_PAUSED = (None, None, None, None, None, None, None, None, None, None, False, True)
_PROTECT = (None, None, None, None, None, None, None, None, None, None, False, True)
_STILL_PROTECTED = (True, True, None, False, False)


@cache
def one_of(*values: T) -> st.SearchStrategy[T]:
    """One of *values*; made once for each set of values, since making a strategy costs more than drawing from it."""
    return st.sampled_from(values)


@cache
def up_to(most: int) -> st.SearchStrategy[int]:
    """0 to *most*."""
    return st.integers(0, most)


def _publish(draw: st.DrawFn) -> tuple[tuple[str, object], ...]:
    if draw(up_to(1)):
        return ()
    paths = dict.fromkeys(draw(one_of(*_PUBLISH)) for _ in range(draw(up_to(3))))
    return tuple((path, draw(one_of(*_PUBLISH[path]))) for path in paths)


def _ref(draw: st.DrawFn, photo: int) -> Ref:
    """Some way to name *photo*."""
    kinds: tuple[Literal["name", "id", "sha256", "upload"], ...] = ("id", "name")
    if photo in UPLOADED:
        kinds = ("upload",)
    elif photo == IN_CATALOG:
        kinds = ("upload", "id", "sha256")
    elif NAMES[photo] == "twin.jpg":
        kinds = ("id",)
    kind = draw(one_of(*kinds)) if len(kinds) > 1 else kinds[0]
    remote_id = draw(one_of(None, None, None, "p-1", "p-2"))
    return Ref(photo=photo, kind=kind, remote_id=remote_id, xmp=draw(one_of(None, None, None, True)))


def _members(draw: st.DrawFn, origin: tuple[Ref, ...] = ()) -> tuple[Ref, ...]:
    """A member list: a new one, or *origin* with photos moved, taken out and put in."""
    if not origin:
        photos = draw(_PHOTO_LISTS)
        return tuple(_ref(draw, photo) for photo in photos)
    wanted = list(origin)
    for _ in range(draw(up_to(3))):
        deed = draw(one_of("move", "remove", "add", "add", "retell"))
        there = {ref.photo for ref in wanted}
        free = tuple(photo for photo in range(10) if photo not in there)
        if deed == "add" and free:
            wanted.insert(draw(up_to(len(wanted))), _ref(draw, draw(one_of(*free))))
        elif wanted and deed != "add":
            ref = wanted.pop(draw(up_to(len(wanted) - 1)))
            if deed == "move":
                wanted.insert(draw(up_to(len(wanted))), ref)
            elif deed == "retell":
                wanted.insert(draw(up_to(len(wanted))), _ref(draw, ref.photo))
    return tuple(wanted)


_GLOBS = ("P[0-3].jpg", "*", "twin*", "[!t]?.jpg", "U*")
_DAYS = (None, "2026-05-01", "2026-05-02", "2026-05-03")


def _selects(draw: st.DrawFn) -> tuple[Selects, ...]:
    """Seldom one select or two, by name, dates and album."""
    if draw(up_to(3)) < SELECTS:
        return ()
    found = []
    for _ in range(1 + draw(up_to(1))):
        first, last = sorted((draw(up_to(len(_DAYS) - 1)), draw(up_to(len(_DAYS) - 1))))
        album = draw(one_of(None, *ALBUM_KEYS))
        after, before = (_DAYS[first], _DAYS[last]) if first < last else (_DAYS[first], None)
        found.append(Selects(place=draw(up_to(3)), glob=draw(one_of(*_GLOBS)), after=after, before=before, album=album))
    return tuple(found)


SELECTS = 3  # one in four, and not the value that failing examples shrink to
_PHOTO_LISTS = st.lists(st.integers(0, 9), unique=True, max_size=8)
_RANKS = st.permutations(SET_KEYS)


def _wish(draw: st.DrawFn, before: Wish | None = None) -> Wish:
    """A wish: a new one, or what became of the one *before*."""
    ranked = list(draw(_RANKS)[: draw(up_to(len(SET_KEYS)))])
    known = before.sets if before is not None else {}
    ranked += [key for key, one in known.items() if one.protect and key not in ranked]
    sets: dict[str, WishedSet] = {}
    for key in ranked:
        was = before.sets.get(key) if before is not None else None
        parents = (None, "/", *sets, *sets)
        parent = draw(one_of(*parents))
        if was is not None and draw(up_to(1)):
            sets[key] = evolve(was, parent=was.parent if was.parent in parents else parent)
        else:
            sets[key] = WishedSet(
                name=draw(one_of(*_NAMES)),
                parent=parent,
                publish=_publish(draw),
                when_gone=draw(one_of(*_WHEN_GONE)),
                protect=draw(one_of(*(_STILL_PROTECTED if was is not None and was.protect else _PROTECT))),
                paused=draw(one_of(*_PAUSED)),
            )
    albums: dict[str, WishedAlbum] = {}
    for key in ALBUM_KEYS:
        was_album = before.albums.get(key) if before is not None else None
        if was_album is not None and was_album.protect:
            albums[key] = _one_protected_album(draw, was_album, tuple(sets))
        elif draw(up_to(3)):
            albums[key] = _one_album(draw, was_album, tuple(sets))
    return Wish(sets=sets, albums={key: _sound(key, album, albums) for key, album in albums.items()})


wishes = st.composite(_wish)()


def _one_album(draw: st.DrawFn, was: WishedAlbum | None, sets: tuple[str, ...]) -> WishedAlbum:
    parents = (None, "/", *sets, *sets)
    if was is None or not draw(up_to(3)):
        fresh = WishedAlbum(within=draw(one_of(None, None, None, *ALBUM_KEYS)) if draw(up_to(1)) else None)
        for name in ("name", "parent", "order", "members", "publish", "cover", "when_gone", "paused", *_POLICIES):
            fresh = _redrawn(draw, fresh, name, parents)
        return evolve(fresh, protect=draw(one_of(*_PROTECT)))
    listed = _members(draw, was.members) if was.members is not None else None
    album = evolve(was, members=listed, parent=was.parent if was.parent in parents else None)
    for _ in range(draw(up_to(2))):
        album = _redrawn(draw, album, draw(one_of(*_FIELDS)), parents)
    return album


def _one_protected_album(draw: st.DrawFn, was: WishedAlbum, sets: tuple[str, ...]) -> WishedAlbum:
    """What became of a protected album, for which hardly any new one has to be made: then its plan would be refused."""
    parents = (None, "/", *sets, *sets)
    protect = draw(one_of(*_STILL_PROTECTED))
    album = evolve(was, protect=protect, parent=was.parent if was.parent in parents else None)
    album = _redrawn(draw, album, draw(one_of("name", "parent", "publish", "when_gone", "paused")), parents)
    if protect is False:
        return evolve(album, members=None, cover=None)
    if was.members is not None and draw(up_to(1)):
        free = tuple(photo for photo in range(10) if photo not in {ref.photo for ref in was.members})
        more = (_ref(draw, draw(one_of(*free))),) if free else ()
        album = evolve(album, members=(*was.members, *more))
    return album


def _redrawn(draw: st.DrawFn, album: WishedAlbum, name: str, parents: tuple[str | None, ...]) -> WishedAlbum:
    match name:
        case "name":
            return evolve(album, name=draw(one_of(*_NAMES)))
        case "parent":
            return evolve(album, parent=draw(one_of(*parents)))
        case "order":
            return evolve(album, order=draw(one_of(*_ORDERS)))
        case "members":
            return evolve(album, members=_members(draw) if draw(up_to(5)) else None, selects=_selects(draw))
        case "when_gone":
            return evolve(album, when_gone=draw(one_of(*_WHEN_GONE)))
        case "paused":
            return evolve(album, paused=draw(one_of(*_PAUSED)))
        case "publish":
            return evolve(album, publish=_publish(draw))
        case "reorder" | "unlisted" | "replace":
            return evolve(album, **{name: draw(one_of(*_POLICIES[name]))})
        case _:
            covers = (None, *album.members) if album.members else (None, None, None, Ref(photo=1, kind="id"))
            return evolve(album, cover=draw(one_of(*covers)))


def _sound(key: str, album: WishedAlbum, albums: Mapping[str, WishedAlbum]) -> WishedAlbum:
    """*album* without a cover that it does not list; its `within` and selects name albums declared before it only."""
    listed = {ref.photo for ref in album.members} if album.members is not None else None
    if album.cover is not None and listed is not None and album.cover.photo not in listed:
        album = evolve(album, cover=None)
    if album.within is not None and (album.within not in albums or album.within >= key):
        album = evolve(album, within=None)
    known = {one for one in album.selects if one.album is not None and one.album in albums and one.album < key}
    selects = tuple(one if one in known else evolve(one, album=None) for one in album.selects)
    return evolve(album, selects=selects)


# --- catalogs ---


STRANGERS = (AlbumId("f" * 32), album_id(NEIGHBOUR, "albums.k0", 0), album_id(NEIGHBOUR, "sets.s0", 2))


@frozen(kw_only=True, repr=False)
class Before(Brief):
    """A catalog before lrplan was ever there: when photos were taken, and which albums others have, with what inside.

    Attributes:
        dates: Of the photos, as places in `DATES`.
        strangers: Which of `STRANGERS` there are, each with photos.
    """

    dates: tuple[int, ...]
    strangers: tuple[tuple[int, tuple[int, ...]], ...]

    def snapshot(self) -> Snapshot:
        """The catalog as a value."""
        assets = {
            asset_id: Asset(id=asset_id, file_name=name, capture_date=DATES[date], sha256=sha256, imported_on="camera")
            for asset_id, name, date, sha256 in zip(PHOTOS, NAMES, self.dates, HASHES, strict=True)
        }
        albums: dict[AlbumId, Album] = {}
        listings: dict[AlbumId, Membership] = {}
        for number, photos in self.strangers:
            stranger = STRANGERS[number]
            is_set = stranger == STRANGERS[2]
            albums[stranger] = Album(
                id=stranger,
                kind=AlbumKind.SET if is_set else AlbumKind.ALBUM,
                service_id=OWNER.service_id,
                name="theirs",
                publish_info=PublishInfo(remote_id="theirs") if number else None,
                raw=Opaque('{"theirs":1}'),
            )
            inside = () if is_set else tuple(dict.fromkeys(PHOTOS[photo % len(PHOTOS)] for photo in photos))
            infos = {a: MemberInfo(remote_id="theirs") for a in inside[:1]}
            listings[stranger] = Membership(asset_ids=inside, orders=(None,) * len(inside), infos=infos)
        return Snapshot(
            account=Account(id=OWNER.account_id, name="Studio", status="subscriber"),
            catalog=Catalog(id=CatalogId("ca" * 16), name="Studio"),
            service_id=OWNER.service_id,
            albums=albums,
            members=listings,
            assets=assets,
        )


def _before(draw: st.DrawFn) -> Before:
    dates = draw(up_to(4 ** len(PHOTOS) - 1))
    strangers = dict.fromkeys(draw(up_to(len(STRANGERS) - 1)) for _ in range(draw(up_to(2))))
    return Before(
        dates=tuple(dates >> 2 * place & 3 for place in range(len(PHOTOS))),
        strangers=tuple((number, tuple(draw(_PHOTO_LISTS)[:3])) for number in strangers),
    )


# --- what people do ---

EDITS = (
    *("add", "add", "add", "remove", "reorder", "reorder", "drop-keys", "rename", "publish", "move", "delete"),
    *("trash", "restore", "cover", "new-album", "payload", "member-info"),
)


@frozen(kw_only=True, repr=False)
class Edit(Brief):
    """Something that a person does in Lightroom; *album*, *photo* and *other* are taken modulo what there is."""

    deed: str
    album: int
    photo: int
    other: int


def _edit(draw: st.DrawFn) -> Edit:
    return Edit(deed=draw(one_of(*EDITS)), album=draw(up_to(11)), photo=draw(up_to(9)), other=draw(up_to(5)))


edits = st.composite(_edit)()


@frozen(kw_only=True, repr=False)
class Applied(Brief):
    """A wish is applied; the plug is pulled at tick *cut*, if that is not None."""

    wish: Wish
    cut: int | None = None


@frozen(kw_only=True, repr=False)
class Forgotten(Brief):
    """The state and the journals are lost."""


Event = Applied | Forgotten | Edit


def _history(draw: st.DrawFn) -> tuple[Event, ...]:
    """What came before: applies, some of them cut, and what people did in between."""
    events: list[Event] = []
    wish: Wish | None = None
    for _ in range(draw(up_to(3))):
        wish = _wish(draw, wish)
        events.append(Applied(wish=wish, cut=draw(_CUTS) if draw(up_to(1)) else None))
        events.extend(_edit(draw) for _ in range(draw(up_to(3))))
        if draw(up_to(7)) == FORGETS:
            events.append(Forgotten())
    return tuple(events)


_CUTS = st.integers(3, 60)
FORGETS = 7  # one in eight, and not the value that failing examples shrink to


@frozen(kw_only=True)
class Situation:
    """A catalog, what happened in it, and what is wanted now."""

    catalog: Before
    history: tuple[Event, ...]
    wish: Wish


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Where a plan may start from."""
    history = _history(draw)
    applied = [event.wish for event in history if isinstance(event, Applied)]
    wish = _wish(draw, applied[-1] if applied else None)
    return Situation(catalog=_before(draw), history=history, wish=wish)
