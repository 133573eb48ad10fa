"""
The notation of the scenarios: a live catalog, what lrplan remembers of it, and files, small enough to be read.

README.md beside this module describes it. Photos are numbered in the order in which they are listed: the seventh has
the id 7 (in 32 digits), and was captured seven minutes past ten on 1 May 2026.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from lrplan.model.address import Address
from lrplan.model.album import (
    Album,
    AlbumKind,
    Flag,
    MemberInfo,
    Membership,
    Opaque,
    Order,
    PublishInfo,
    without_stamps,
)
from lrplan.model.asset import UNKNOWN_DATE, Asset
from lrplan.model.develop import Developed
from lrplan.model.ids import (
    AccountId,
    AlbumId,
    AssetId,
    CatalogId,
    Owner,
    ServiceId,
    Sha256,
    album_id,
    asset_id,
    read_album_id,
)
from lrplan.model.inventory import FileProblem, Original
from lrplan.model.order_keys import keys_between
from lrplan.model.snapshot import Account, Catalog, Snapshot
from lrplan.model.state import Applied, Binding, State, WhenGone
from lrplan.plan.simulate import shown_order

ACCOUNT = AccountId("96e656e3812b4c2fb670fa74b6a7ad74")
CATALOG = CatalogId("bf7337d9355c41b7875c9392f918362a")
SERVICE = ServiceId("studio-north-key")
SOMEBODY = ServiceId("another-key")
PART_BYTES = 20_000_000
KEEPS_PARENTS = "keepsParents"  # beside what is remembered of addresses
_REMEMBERED = ("source", "leaving", "whenGone", "protect", "gone")
GONE = "gone"  # a photo that only lrplan remembers

_SUBTYPES = {"gone": GONE, "trashed": "deleted_image", "video": "video"}
_MEMBER = re.compile(r"(?P<outside>\()?(?P<label>[^=()]+)(=(?P<key>[^()]*))?\)?")
_RANGE = re.compile(r"(?P<stem>.*?)(?P<first>\d+)\.\.(?P=stem)(?P<last>\d+)")
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)")


@frozen(kw_only=True)
class Scene:
    """A catalog before anything happens, and what lrplan remembers of it.

    Attributes:
        labels: What the scenario calls each photo.
        words: What the scenario calls develop settings.
        addresses: What the scenario calls each album: `albums.iceland`, `albums.iceland#1`, `holiday`.
        flags: What photos were flagged as.
    """

    snapshot: Snapshot
    state: State | None
    owner: Owner
    labels: Mapping[AssetId, str] = field(factory=dict)
    addresses: Mapping[AlbumId, str] = field(factory=dict)
    flags: Mapping[AssetId, Flag] = field(factory=dict)
    words: tuple[str, ...] = ()


def scene_of(notation: Mapping[str, Any], project: str) -> Scene:
    """Build the catalog that a `yaml live` block describes."""
    _only(notation, "photos", "albums", "state", "storage", "made", "develop")
    owner = Owner(account_id=ACCOUNT, service_id=SERVICE, project=notation.get("made", project))
    assets = dict(_photos(notation.get("photos", ())))
    gone = {asset.id for asset in assets.values() if asset.subtype == GONE}
    named = notation.get("albums", {})
    ids = {name: _album_id(name, number, owner) for number, name in enumerate(named, start=1)}
    snapshot = Snapshot(
        account=_account(notation.get("storage", {})),
        catalog=Catalog(id=CATALOG, name="Studio North"),
        service_id=SERVICE,
        albums={ids[name]: _album(name, body or {}, ids, assets) for name, body in named.items()},
        members={ids[name]: _membership(body or {}, assets) for name, body in named.items()},
        assets={asset.id: asset for asset in assets.values() if asset.id not in gone},
        develop={assets[label].id: _settings_id(name) for label, name in notation.get("develop", {}).items()},
    )
    remembered = notation.get("state", {})
    state = None if remembered == "none" else _state(named, remembered or {}, ids, assets, owner)
    return Scene(
        snapshot=snapshot,
        state=state,
        owner=owner,
        labels={asset.id: label for label, asset in assets.items()},
        addresses={album: name for name, album in ids.items()},
        flags={assets[label].id: flag for label, flag in _flags(notation.get("photos", ()))},
    )


def _account(storage: Mapping[str, int]) -> Account:
    _only(storage, "used", "limit")
    used, limit = storage.get("used"), storage.get("limit")
    return Account(id=ACCOUNT, name="Jo North", status="subscriber", storage_used_bytes=used, storage_limit_bytes=limit)


def originals_of(notation: Mapping[str, Any]) -> dict[str, Original | FileProblem]:
    """The files of a `yaml files` block, by the path that the project uses."""
    return {path: _original(path, body) for path, body in notation.items() if not path.lower().endswith(".xmp")}


def settings_of(live: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, bytes]:
    """The develop settings that the catalog has and those of files, by their SHA-256."""
    held = [settings_bytes(str(name)) for name in live.get("develop", {}).values()]
    return {hashlib.sha256(one).hexdigest(): one for one in (*held, *xmp_files_of(files).values())}


def xmp_files_of(notation: Mapping[str, Any]) -> dict[str, bytes]:
    """The files with develop settings of a `yaml files` block, by path."""
    found = {}
    for path, body in notation.items():
        if path.lower().endswith(".xmp") and not isinstance(body, str):
            _only(body, "settings", "for")
            found[path] = settings_bytes(str(body["settings"]), str(body.get("for", "")))
    return found


def settings_bytes(name: str, extension: str = "") -> bytes:
    """Develop settings that are told apart by a word."""
    said = f' SidecarForExtension="{extension}"' if extension else ""
    return f"<rdf:RDF{said}>{name}</rdf:RDF>".encode()


def _settings_id(name: Any, extension: str = "") -> Sha256:
    return Sha256(hashlib.sha256(settings_bytes(str(name), extension)).hexdigest())


def _developed(remembered: Mapping[str, Any], assets: Mapping[str, Asset], owner: Owner) -> dict[AssetId, Developed]:
    """What is remembered of settings: `P01: warm`, `P02: {copyFrom: P01, settings: warm}`, `original A: warm`."""
    found = {}
    for label, body in remembered.items():
        _, _, content = str(label).partition("original ")
        asset = asset_id(owner.account_id, owner.service_id, _sha256(content), 0) if content else assets[label].id
        told = body if isinstance(body, dict) else {"settings": body}
        _only(told, "settings", "for", "copyFrom")
        sha256 = None if told["settings"] == "unknown" else _settings_id(told["settings"], str(told.get("for", "")))
        source = assets[told["copyFrom"]].id if "copyFrom" in told else None
        found[asset] = Developed(sha256=sha256, source=source)
    return found


def expanded(text: str) -> Iterator[str]:
    """Words, where `P01..P04` stands for four of them."""
    for word in text.split():
        ends = _RANGE.fullmatch(word)
        if ends is None:
            yield word
            continue
        digits = len(ends["first"])
        for number in range(int(ends["first"]), int(ends["last"]) + 1):
            yield f"{ends['stem']}{number:0{digits}}"


def _photos(entries: Any) -> Iterator[tuple[str, Asset]]:
    number = 0
    for entry in [entries] if isinstance(entries, str) else entries:
        bodies = {label: {} for label in expanded(entry)} if isinstance(entry, str) else entry
        for label, body in bodies.items():
            number += 1
            yield label, _asset(label, number, body)


def _flags(entries: Any) -> Iterator[tuple[str, Flag]]:
    for entry in [entries] if isinstance(entries, str) else entries:
        for label, body in entry.items() if not isinstance(entry, str) else ():
            if "flag" in body:
                yield label, Flag(body["flag"])


def _asset(label: str, number: int, body: Mapping[str, Any]) -> Asset:
    _only(body, "name", "captured", "content", "trashed", "incomplete", "gone", "flag", "video")
    return Asset(
        id=AssetId(f"{number:032}"),
        subtype=next((kind for word, kind in _SUBTYPES.items() if body.get(word)), "image"),
        file_name=body.get("name", f"{label}.jpg"),
        capture_date=_date(str(body.get("captured", f"2026-05-01T{10 + number // 60:02}:{number % 60:02}:00"))),
        sha256=_sha256(body["content"]) if "content" in body else None,
        is_complete=not body.get("incomplete"),
        imported_on="camera",
    )


def _date(text: str) -> str:
    return UNKNOWN_DATE if text == "unknown" else text.replace(" ", "T")


def _sha256(content: str) -> Sha256:
    return Sha256(hashlib.sha256(str(content).encode()).hexdigest())


def _original(path: str, body: Any) -> Original | FileProblem:
    if isinstance(body, str):
        return FileProblem(path=path, reason=body)
    _only(body, "bytes", "content", "captured", "video")
    size = int(body.get("bytes", 1_000_000))
    return Original(
        path=path,
        file_name=path.rpartition("/")[2],
        size_bytes=size,
        sha256=_sha256(body["content"]),
        part_size_bytes=PART_BYTES,
        part_checks=("0" * 16,) * max(1, -(-size // PART_BYTES)),
        subtype="video" if body.get("video") else "image",
        content_type="application/octet-stream",
        capture_date=_date(str(body.get("captured", "2026-05-01T12:00:00"))),
    )


def _album_id(name: str, number: int, owner: Owner) -> AlbumId:
    address, _, generation = name.partition("#")
    if _is_ours(name):
        return album_id(owner, address, int(generation or 0))
    return AlbumId(f"f{number:031}")


def _is_ours(name: str) -> bool:
    return name.startswith(("albums.", "sets."))


def _album(name: str, body: Mapping[str, Any], ids: Mapping[str, AlbumId], assets: Mapping[str, Asset]) -> Album:
    _only(body, "name", "parent", "order", "members", "cover", "publishInfo", "kind", "by")
    by = body.get("by", "us" if _is_ours(name) else "another")
    return Album(
        id=ids[name],
        kind=AlbumKind(body.get("kind", "set" if name.startswith("sets.") else "album")),
        service_id=SERVICE if by == "us" else SOMEBODY,
        name=str(body.get("name", name)),
        parent=ids[body["parent"]] if body.get("parent", "/") != "/" else None,
        cover=assets[body["cover"]].id if "cover" in body else None,
        publish_info=_publish_info(body.get("publishInfo")),
    )


def _publish_info(body: Mapping[str, Any] | None) -> PublishInfo | None:
    if body is None:
        return None
    _only(body, "remoteId", "view", "edit", "servicePayload", "deleted")
    return PublishInfo(
        remote_id=body.get("remoteId"),
        view=body.get("view"),
        edit=body.get("edit"),
        service_payload=body.get("servicePayload"),
        deleted=body.get("deleted"),
        version=3,
        created="2026-05-02T00:00:00.000Z",
        updated="2026-05-02T00:00:00.000Z",
    )


@frozen(kw_only=True)
class _Listed:
    label: str
    key: str | None
    outside: bool
    info: MemberInfo | None


def _listed(body: Mapping[str, Any]) -> tuple[_Listed, ...]:
    """The members as written: a text, or a list of texts and of mappings from a photo to its publishInfo."""
    entries = body.get("members", "")
    words: list[tuple[str, MemberInfo | None]] = []
    for entry in [entries] if isinstance(entries, str) else entries:
        if isinstance(entry, str):
            words += [(word, None) for word in expanded(entry)]
        else:
            words += [(label, _member_info(info)) for label, info in entry.items()]
    keyed = body.get("order", "listed") == "listed"
    keys: tuple[str | None, ...] = keys_between(None, None, len(words)) or () if keyed else (None,) * len(words)
    found = []
    for (word, info), key in zip(words, keys, strict=True):
        parts = _MEMBER.fullmatch(word)
        assert parts is not None, f"not a member: {word}"
        own = parts["key"]
        chosen = key if own is None else None if own == "none" else own
        found.append(_Listed(label=parts["label"], key=chosen, outside=bool(parts["outside"]), info=info))
    return tuple(found)


def _member_info(body: Mapping[str, Any]) -> MemberInfo:
    _only(body, "remoteId", "servicePayload")
    return MemberInfo(
        remote_id=body.get("remoteId"), service_payload=body.get("servicePayload"), raw=Opaque('{"known":1}')
    )


def _membership(body: Mapping[str, Any], assets: Mapping[str, Asset]) -> Membership:
    listed = _listed(body)
    keys = {assets[one.label].id: one.key for one in listed}
    shown = shown_order(tuple(keys), keys, {asset.id: asset for asset in assets.values()})
    return Membership(
        asset_ids=shown,
        orders=tuple(keys[asset_id] for asset_id in shown),
        infos={assets[one.label].id: one.info for one in listed if one.info is not None},
        cover=assets[body["cover"]].id if "cover" in body else None,
    )


def _state(
    named: Mapping[str, Any],
    remembered: Mapping[str, Any],
    ids: Mapping[str, AlbumId],
    assets: Mapping[str, Asset],
    owner: Owner,
) -> State:
    """What lrplan remembers: that it made what is there, but for what *remembered* says."""
    addresses = {id_: name for name, id_ in ids.items()}
    bodies: dict[str, dict[str, Any]] = {}
    for name, body in named.items():
        if not _is_ours(name):
            continue
        address, _, generation = name.partition("#")
        told = {key: value for key, value in (body or {}).items() if key != "by"}
        parent = addresses.get(ids[told["parent"]]) if told.get("parent", "/") != "/" else "/"
        told["parent"] = parent.partition("#")[0] if parent else "/"
        older = bodies.get(address, {"generation": -1})
        # of two generations the older one is what lrplan finished; the newer one it only knows to have begun
        first = told if older["generation"] < 0 else older
        bodies[address] = {**first, "generation": max(int(generation or 0), older["generation"])}
    developed = _developed(remembered.get("develop", {}), assets, owner)
    for address, body in ((key, body) for key, body in remembered.items() if key not in ("develop", KEEPS_PARENTS)):
        if body == "none":
            bodies.pop(address, None)
        else:
            bodies[address] = {**bodies.get(address, {"generation": 0}), **body}
    return State(
        account_id=owner.account_id,
        catalog_id=CATALOG,
        service_id=owner.service_id,
        project=owner.project,
        serial=1,
        keeps_parents=bool(remembered.get(KEEPS_PARENTS)),
        bindings={Address(address): _binding(address, body, ids, assets, owner) for address, body in bodies.items()},
        developed=developed,
    )


def _binding(
    address: str, body: Mapping[str, Any], ids: Mapping[str, AlbumId], assets: Mapping[str, Asset], owner: Owner
) -> Binding:
    told = ("name", "parent", "order", "members", "cover", "publishInfo", "kind", "generation", "bound")
    _only(body, *told, *_REMEMBERED)
    put = tuple(assets[one.label].id for one in _listed(body) if not one.outside)
    order = None if address.startswith("sets.") else Order(body.get("order", "listed"))
    return Binding(
        album_id=_bound(body, ids) or album_id(owner, address, body["generation"]),
        generation=body["generation"],
        put=put,
        known_as={assets[one.label].id: assets[one.label].file_name for one in _listed(body)},
        arranged=put if order is Order.LISTED else None,
        seen=tuple(assets[one.label].id for one in _listed(body)) if body.get("members") else None,
        leaving={assets[one.label].id: body["generation"] for one in _listed({"members": body.get("leaving", "")})},
        applied=Applied(
            name=body.get("name"),
            parent=body.get("parent"),
            order=order,
            cover=assets[body["cover"]].id if "cover" in body else None,
            publish_info=_publish_info(body.get("publishInfo")),
        ),
        when_gone=WhenGone(body.get("whenGone", "delete")),
        protect=body.get("protect", False),
        gone=body.get("gone", False),
        source=body.get("source", ""),
    )


def _bound(body: Mapping[str, Any], ids: Mapping[str, AlbumId]) -> AlbumId | None:
    """The album that an address took over: one of the scenario, or by its id one that is gone."""
    name = body.get("bound")
    return ids.get(name, AlbumId(name)) if name is not None else None


def shown(snapshot: Snapshot, scene: Scene) -> str:
    """A catalog as the lines of an `after` block."""
    names = {**dict(_derived_names(snapshot, scene)), **scene.addresses}
    labels = {a.id: a.file_name for a in snapshot.assets.values()} | dict(scene.labels)
    lines = []
    for album in sorted(snapshot.albums.values(), key=lambda one: names[one.id]):
        parts = [f'{names[album.id]} "{album.name}"']
        if album.parent is not None:
            parts.append(f"in {names[album.parent]}")
        listing = snapshot.members.get(album.id, Membership())
        cover = listing.cover or album.cover
        if cover is not None:
            parts.append(f"cover {labels[cover]}")
        info = without_stamps(album.publish_info)
        for noun, value in (
            ("remoteId", info.remote_id),
            ("view", info.view),
            ("edit", info.edit),
            ("servicePayload", info.service_payload),
            ("deleted", "true" if info.deleted else None),
        ):
            if value is not None:
                parts.append(f"{noun} {value}")
        line = ", ".join(parts)
        if album.kind is not AlbumKind.SET:
            line += ": " + (" ".join(_ranges(_told(a, listing, labels) for a in listing.asset_ids)) or "empty")
        lines.append(line)
    known = {_settings_id(word, extension): word for word in scene.words for extension in ("", "CR3", "JPG")}
    developed = sorted(snapshot.develop.items(), key=lambda one: labels[one[0]])
    lines.extend(f"develop {labels[photo]}: {known[sha256]}" for photo, sha256 in developed)
    return "\n".join(lines)


def _told(asset_id: AssetId, listing: Membership, labels: Mapping[AssetId, str]) -> str:
    info = listing.infos.get(asset_id)
    if info is None:
        return labels[asset_id]
    told = [f"{k} {v}" for k, v in (("remoteId", info.remote_id), ("servicePayload", info.service_payload)) if v]
    return f"{labels[asset_id]}{{{', '.join(told)}}}"


def _derived_names(snapshot: Snapshot, scene: Scene) -> Iterator[tuple[AlbumId, str]]:
    """Names of the albums that were made meanwhile: their address from whatever address has these bits."""
    bases = {name.partition("#")[0] for name in scene.addresses.values()}
    for id_ in snapshot.albums:
        derived = read_album_id(id_)
        if derived is None:
            continue
        candidates = [base for base in bases if album_id(scene.owner, base, derived.generation) == id_]
        base = candidates[0] if candidates else id_
        yield id_, base if derived.generation == 0 else f"{base}#{derived.generation}"


def with_addresses(scene: Scene, addresses: Iterable[str]) -> Scene:
    """*scene*, also knowing what albums may be made at *addresses*."""
    more = {album_id(scene.owner, address, 0): address for address in addresses}
    return evolve(scene, addresses={**more, **scene.addresses})


def _ranges(words: Iterable[str]) -> Iterator[str]:
    """Words, with three or more that count up written as a range."""
    run: list[str] = []
    for word in (*words, ""):
        if run and _follows(run[-1], word):
            run.append(word)
            continue
        yield from run if len(run) < 3 else (f"{run[0]}..{run[-1]}",)
        run = [word] if word else []


def _follows(before: str, after: str) -> bool:
    left, right = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(after)
    return (
        left is not None
        and right is not None
        and left["stem"] == right["stem"]
        and len(left["number"]) == len(right["number"])
        and int(left["number"]) + 1 == int(right["number"])
    )


def _only(body: Mapping[str, Any], *known: str) -> None:
    """A typing mistake in a scenario must not make it say less than it seems to."""
    unknown = set(body) - set(known)
    assert not unknown, f"the notation has no {', '.join(sorted(unknown))}; it has {', '.join(known)}"
