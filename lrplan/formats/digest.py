"""
The digest that names a plan: what is decided, and nothing else.

Two plans of one wish against one catalog have one digest, whatever machine made them, when, from which files in which
order, and in however many pages the catalog was read. So it is taken over the steps sorted by their ids, and leaves out
times, the version of lrplan, positions in files, warnings, counts of calls and the names of photos.

The surprising case: an original is named by its content, size and file name. Where it lies, and how it is cut into
parts, is not a decision.
"""

import hashlib

from lrplan.formats.canonical import compact
from lrplan.formats.plan_layout import PLAN_FORMAT
from lrplan.model.album import PublishInfo
from lrplan.plan.action import (
    Action,
    AddMembers,
    CopySettings,
    CreateAlbum,
    DeleteAlbum,
    RetireAlbum,
    SetCover,
    SetDevelop,
    UpdateAlbum,
    UploadOriginal,
)
from lrplan.plan.plan import Plan


def plan_digest(plan: Plan) -> str:
    """The name of *plan*: SHA-256, 64 hex digits."""
    start = {change.address: change.fingerprint for change in plan.changes}
    decided: dict[str, object] = {
        "formatVersion": PLAN_FORMAT,
        "project": plan.project,
        "accountId": plan.account_id,
        "catalogId": plan.catalog_id,
        "serviceId": plan.service_id,
        "complete": plan.complete,
        "allowed": dict(plan.allowed),
        "actions": [
            {"do": _decided(step.action), "start": start.get(step.action.address, "")}
            for step in sorted(plan.steps, key=lambda step: step.id)
        ],
    }
    if plan.empty:  # nobody may take a plan that is refused for one that was agreed to
        decided["emptyWishes"] = sorted({empty.address for empty in plan.empty})
    return hashlib.sha256(compact(decided)).hexdigest()


def _decided(action: Action) -> tuple[object, ...]:
    match action:
        case CreateAlbum():
            wanted = (action.kind, action.name, action.parent, _info(action.publish_info), action.replaces)
            return ("createAlbum", action.address, action.album_id, *wanted)
        case UpdateAlbum():
            fields = (action.name, action.parent, _info(action.publish_info))
            return ("updateAlbum", action.address, action.album_id, *fields)
        case UploadOriginal(address=address, asset_id=asset_id, original=original):
            return ("uploadOriginal", address, asset_id, original.sha256, original.size_bytes, original.file_name)
        case SetDevelop(address=address, asset_id=asset_id, sha256=sha256):
            return ("setDevelop", address, asset_id, sha256)
        case CopySettings(address=address, asset_id=asset_id, source=source, sha256=sha256):
            return ("copyDevelop", address, asset_id, source, sha256)
        case AddMembers():
            photos = [(p.asset_id, p.order, p.remote_id, p.service_payload, p.cover, p.carried) for p in action.photos]
            return ("addMembers", action.address, action.album_id, photos, action.replaces)
        case SetCover(address=address, album_id=album_id, asset_id=asset_id):
            return ("setCover", address, album_id, asset_id)
        case RetireAlbum():
            end = (action.successor, action.dropped, action.expected)
            return ("retireAlbum", action.address, action.album_id, *end)
        case DeleteAlbum(address=address, album_id=album_id, kind=kind):
            return ("deleteAlbum", address, album_id, kind)


def _info(info: PublishInfo | None) -> tuple[object, ...] | None:
    if info is None:
        return None
    texts = (info.remote_id, info.view, info.edit, info.service_payload)
    return (*texts, info.deleted, info.version, info.created, info.updated)
