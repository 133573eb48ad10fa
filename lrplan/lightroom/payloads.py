"""
The payloads that writing calls carry, as plain values. Pure.

An update sends the whole payload as it was read with only the wanted keys changed, deep inside `publishInfo` too, since
the service does not say whether it merges or replaces; both readings then end in the same album. The stamps follow the
vendor's guide "Creating a Project Album": `publishInfo.version` is 3, `created` is set once, `updated` moves with the
content and equals `created` at first.

The surprising case: the top level has no id, so an album goes there by a payload without `parent`. A service that
replaces payloads moves it; whether one that merges them can be made to is not documented, and only reading the album
back can tell.
"""

from collections.abc import Mapping

from lrplan.lightroom.wire import SUBTYPES, payload_of
from lrplan.model.album import PublishInfo
from lrplan.model.ids import AccountId, AssetId, CatalogId, ServiceId
from lrplan.plan.action import TOP_LEVEL, Parent
from lrplan.plan.write import Entry, PostAlbum, PutAlbum, PutAsset

PUBLISH_INFO_VERSION = 3  # Lightroom guides, "Creating a Project Album": should be 3 for new projects

Json = dict[str, object]


def created_album(write: PutAlbum, *, service_id: ServiceId, stamp: str) -> Json:
    """The body that creates an album or a set.

    What `write.raw` holds beyond name, place, cover and stamps is carried over; its `publishInfo.created` stays, and
    `updated` equals it.
    """
    replaced = payload_of(write.raw)
    carried = {key: value for key, value in replaced.items() if key not in {"cover", "parent", "publishInfo"}}
    payload = carried | {"userCreated": stamp, "userUpdated": stamp, "name": write.name}
    if write.parent != TOP_LEVEL:
        payload["parent"] = {"id": write.parent}
    info = _declared(_object(replaced.get("publishInfo")), write.publish_info)
    info.setdefault("version", PUBLISH_INFO_VERSION)
    info.setdefault("created", stamp)
    declared_updated = write.publish_info.updated if write.publish_info else None
    info["updated"] = declared_updated or info["created"]
    payload["publishInfo"] = info
    return {"subtype": SUBTYPES[write.kind], "serviceId": service_id, "payload": payload}


def updated_album(write: PostAlbum, *, stamp: str) -> Json:
    """The body that updates an album: its payload as read, with the wanted keys changed."""
    payload = payload_of(write.current.raw) | {"userUpdated": stamp}
    if write.name is not None:
        payload["name"] = write.name
    if write.parent is not None:
        _place(payload, write.parent)
    wanted = write.publish_info
    declares = wanted is not None and wanted != PublishInfo()
    if declares or isinstance(payload.get("publishInfo"), dict):
        before = _object(payload.get("publishInfo"))
        info = _declared(before, wanted)
        info.setdefault("version", PUBLISH_INFO_VERSION)
        first = "created" not in before
        info.setdefault("created", stamp)
        if wanted is None or wanted.updated is None:
            info["updated"] = info["created"] if first else stamp
        payload["publishInfo"] = info
    return {"payload": payload}


def added_members(entries: tuple[Entry, ...]) -> Json:
    """The body that adds photos to an album, or that moves the cover."""
    return {"resources": [{"id": entry.asset_id, "payload": _member(entry)} for entry in entries]}


def created_asset(write: PutAsset, *, service_id: ServiceId, account_id: AccountId, stamp: str) -> Json:
    """The body that creates an asset, in the newer form, where size and hash are the service's to find out."""
    return {
        "subtype": write.original.subtype,
        "payload": {
            "userCreated": stamp,
            "userUpdated": stamp,
            "captureDate": write.original.capture_date,
            "importSource": {
                "fileName": write.original.file_name,
                "importedOnDevice": service_id,
                "importedBy": account_id,
                "importTimestamp": stamp,
            },
        },
    }


def copied_develop(source: AssetId, *, catalog_id: CatalogId) -> Json:
    """The body that copies the develop settings of another asset of the catalog."""
    return {"file_href": f"/v2/catalogs/{catalog_id}/assets/{source}/xmp/develop"}


def _member(entry: Entry) -> Json:
    payload = {key: value for key, value in payload_of(entry.raw).items() if key not in {"order", "cover"}}
    if entry.order is not None:
        payload["order"] = entry.order
    if entry.cover:
        payload["cover"] = True
    said = {"remoteId": entry.remote_id, "servicePayload": entry.service_payload}
    said_now = {key: value for key, value in said.items() if value is not None}
    if said_now:
        payload["publishInfo"] = _object(payload.get("publishInfo")) | said_now
    return payload


def _place(payload: Json, parent: Parent) -> None:
    if parent == TOP_LEVEL:
        payload.pop("parent", None)
    else:
        payload["parent"] = {"id": parent}


def _declared(before: Mapping[str, object], wanted: PublishInfo | None) -> Json:
    info = dict(before)
    if wanted is None:
        return info
    said = {
        "remoteId": wanted.remote_id,
        "servicePayload": wanted.service_payload,
        "deleted": wanted.deleted,
        "version": wanted.version,
        "created": wanted.created,
        "updated": wanted.updated,
    }
    info |= {key: value for key, value in said.items() if value is not None}
    links = _object(info.get("remoteLinks"))
    for name, href in (("view", wanted.view), ("edit", wanted.edit)):
        if href is not None:
            links[name] = _object(links.get(name)) | {"href": href}
    if links:
        info["remoteLinks"] = links
    return info


def _object(value: object) -> Json:
    return dict(value) if isinstance(value, dict) else {}
