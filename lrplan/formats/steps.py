"""The actions of a plan file to and from values."""

from lrplan.formats.bindings import publish_info_from_layout, publish_info_to_layout
from lrplan.formats.originals import original_from_layout, original_to_layout
from lrplan.formats.plan_layout import (
    AddMembersLayout,
    AnyStepLayout,
    CopySettingsLayout,
    CreateAlbumLayout,
    DeleteAlbumLayout,
    PlacedLayout,
    RetireAlbumLayout,
    SetCoverLayout,
    SetDevelopLayout,
    UpdateAlbumLayout,
    UploadOriginalLayout,
)
from lrplan.plan.action import (
    Action,
    AddMembers,
    CopySettings,
    CreateAlbum,
    DeleteAlbum,
    OfPhoto,
    Placed,
    RetireAlbum,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)


def step_to_layout(step: Step) -> AnyStepLayout:
    """A step as it is written: its action's keys stand beside its own."""
    action = step.action
    match action:
        case CreateAlbum() | UpdateAlbum():
            return _album_to_layout(step, action)
        case UploadOriginal() | SetDevelop() | CopySettings():
            return _of_photo_to_layout(step, action)
        case AddMembers():
            return AddMembersLayout(
                id=step.id,
                address=action.address,
                requires=step.requires,
                calls=step.calls,
                album_id=action.album_id,
                photos=tuple(_placed_to_layout(placed) for placed in action.photos),
                replaces=action.replaces,
            )
        case SetCover(address=address, album_id=album_id, asset_id=asset_id):
            return SetCoverLayout(
                id=step.id,
                address=address,
                requires=step.requires,
                calls=step.calls,
                album_id=album_id,
                asset_id=asset_id,
            )
        case RetireAlbum():
            return RetireAlbumLayout(
                id=step.id,
                address=action.address,
                requires=step.requires,
                calls=step.calls,
                album_id=action.album_id,
                successor=action.successor,
                dropped=action.dropped,
                expected=action.expected,
            )
        case DeleteAlbum(address=address, album_id=album_id, kind=kind):
            return DeleteAlbumLayout(
                id=step.id,
                address=address,
                requires=step.requires,
                calls=step.calls,
                album_id=album_id,
                album_kind=kind,
            )


def _of_photo_to_layout(step: Step, action: OfPhoto) -> AnyStepLayout:
    match action:
        case UploadOriginal(address=address, asset_id=asset_id, original=original):
            return UploadOriginalLayout(
                id=step.id,
                address=address,
                requires=step.requires,
                calls=step.calls,
                asset_id=asset_id,
                original=original_to_layout(original),
            )
        case SetDevelop(address=address, asset_id=asset_id, path=path, sha256=sha256):
            return SetDevelopLayout(
                id=step.id,
                address=address,
                requires=step.requires,
                calls=step.calls,
                asset_id=asset_id,
                path=path,
                sha256=sha256,
            )
        case CopySettings(address=address, asset_id=asset_id, source=source, sha256=sha256):
            return CopySettingsLayout(
                id=step.id,
                address=address,
                requires=step.requires,
                calls=step.calls,
                asset_id=asset_id,
                source=source,
                sha256=sha256,
            )


def _album_to_layout(step: Step, action: CreateAlbum | UpdateAlbum) -> CreateAlbumLayout | UpdateAlbumLayout:
    if isinstance(action, CreateAlbum):
        return CreateAlbumLayout(
            id=step.id,
            address=action.address,
            requires=step.requires,
            calls=step.calls,
            album_id=action.album_id,
            album_kind=action.kind,
            name=action.name,
            parent=action.parent,
            publish_info=publish_info_to_layout(action.publish_info),
            replaces=action.replaces,
        )
    return UpdateAlbumLayout(
        id=step.id,
        address=action.address,
        requires=step.requires,
        calls=step.calls,
        album_id=action.album_id,
        name=action.name,
        parent=action.parent,
        publish_info=publish_info_to_layout(action.publish_info),
    )


def _placed_to_layout(placed: Placed) -> PlacedLayout:
    return PlacedLayout(
        asset_id=placed.asset_id,
        order=placed.order,
        remote_id=placed.remote_id,
        service_payload=placed.service_payload,
        cover=placed.cover,
        carried=placed.carried,
    )


def step_from_layout(layout: AnyStepLayout) -> Step:
    """A step as it was written."""
    return Step(id=layout.id, action=_action(layout), requires=layout.requires, calls=layout.calls)


def _action(layout: AnyStepLayout) -> Action:
    match layout:
        case CreateAlbumLayout():
            return CreateAlbum(
                address=layout.address,
                album_id=layout.album_id,
                kind=layout.album_kind,
                name=layout.name,
                parent=layout.parent,
                publish_info=publish_info_from_layout(layout.publish_info),
                replaces=layout.replaces,
            )
        case UpdateAlbumLayout():
            return UpdateAlbum(
                address=layout.address,
                album_id=layout.album_id,
                name=layout.name,
                parent=layout.parent,
                publish_info=publish_info_from_layout(layout.publish_info),
            )
        case UploadOriginalLayout(address=address, asset_id=asset_id, original=original):
            return UploadOriginal(address=address, asset_id=asset_id, original=original_from_layout(original))
        case SetDevelopLayout(address=address, asset_id=asset_id, path=path, sha256=sha256):
            return SetDevelop(address=address, asset_id=asset_id, path=path, sha256=sha256)
        case CopySettingsLayout(address=address, asset_id=asset_id, source=source, sha256=sha256):
            return CopySettings(address=address, asset_id=asset_id, source=source, sha256=sha256)
        case AddMembersLayout(address=address, album_id=album_id, photos=photos, replaces=replaces):
            placed = tuple(_placed(photo) for photo in photos)
            return AddMembers(address=address, album_id=album_id, photos=placed, replaces=replaces)
        case SetCoverLayout(address=address, album_id=album_id, asset_id=asset_id):
            return SetCover(address=address, album_id=album_id, asset_id=asset_id)
        case RetireAlbumLayout():
            return RetireAlbum(
                address=layout.address,
                album_id=layout.album_id,
                successor=layout.successor,
                dropped=layout.dropped,
                expected=layout.expected,
            )
        case DeleteAlbumLayout(address=address, album_id=album_id, album_kind=kind):
            return DeleteAlbum(address=address, album_id=album_id, kind=kind)


def _placed(layout: PlacedLayout) -> Placed:
    return Placed(
        asset_id=layout.asset_id,
        order=layout.order,
        remote_id=layout.remote_id,
        service_payload=layout.service_payload,
        cover=layout.cover,
        carried=layout.carried,
    )
