"""Plans made by hand, one for each thing that a plan can say."""

from lrplan.diagnostics import SourceSpan, warning
from lrplan.diff.change import BlockedPhoto, Change, Drift, DriftKind, FieldChange, MemberChange, Move, Reason, Verb
from lrplan.model.address import Address
from lrplan.model.album import AlbumKind
from lrplan.model.ids import AccountId, AlbumId, AssetId, CatalogId, ServiceId
from lrplan.plan.action import CreateAlbum
from lrplan.plan.plan import Plan, Step, Summary

HOSTILE = "Ev\x1b[31mil \u202egpj.exe\u202c\nPlan: nothing \x07"
SOMETHING = Step(
    id="albums.a/create",
    action=CreateAlbum(address=Address("albums.a"), album_id=AlbumId("a" * 32), kind=AlbumKind.ALBUM, name="A"),
)


def photo(number: int) -> AssetId:
    """The id of the photo with this number."""
    return AssetId(f"{number:032x}")


def photos(first: int, last: int) -> tuple[AssetId, ...]:
    """The ids of the photos *first* to *last*, both included."""
    return tuple(photo(number) for number in range(first, last + 1))


def names(last: int) -> dict[AssetId, str]:
    """File names of the photos 1 to *last*."""
    return {photo(number): f"DSC_{number:04d}.jpg" for number in range(1, last + 1)}


def span(line: int, file: str = "manifests/weddings.yaml") -> SourceSpan:
    """A place in a manifest."""
    return SourceSpan(file=file, line=line, column=3)


def plan(**fields: object) -> Plan:
    """A plan for the catalog of Studio North."""
    base: dict[str, object] = {
        "project": "studio-north",
        "account_id": AccountId("96e656e3812b4c2fb670fa74b6a7ad74"),
        "catalog_id": CatalogId("bf7337d9355c41b7875c9392f918362a"),
        "service_id": ServiceId("key"),
        "catalog_name": "Studio North",
        "read_seconds": 1.21,
        "apply_seconds": 8.2,
    }
    return Plan(**(base | fields))  # type: ignore[arg-type]


def change(verb: Verb, key: str, name: str, line: int, **fields: object) -> Change:
    """A change of the album *key*."""
    return Change(
        address=Address(f"albums.{key}"),
        kind=AlbumKind.ALBUM,
        verb=verb,
        name=name,
        span=span(line),
        **fields,  # type: ignore[arg-type]
    )


def everything() -> Plan:
    """Every kind of change at once."""
    append = MemberChange(before=photos(1, 31), after=photos(1, 71), added=photos(32, 71))
    removal = MemberChange(
        before=photos(1, 20),
        after=(*photos(1, 8), *photos(10, 20)),
        removed=(photo(9),),
        unlisted=(photo(20),),
    )
    create = MemberChange(after=photos(1, 412), added=photos(1, 412))
    changes = (
        change(Verb.CREATE, "smith-jones", "Smith & Jones", 6, members=create, cover=photo(42)),
        change(
            Verb.UPDATE,
            "iceland",
            "Iceland 2026",
            14,
            fields=(
                FieldChange(path="name", before="Iceland", after="Iceland 2026"),
                FieldChange(path="cover", before="DSC_0001.jpg", after="DSC_0007.jpg", changed_outside=True),
                FieldChange(path="publishInfo.remoteId", before=None, after='the "best"'),
            ),
            members=append,
        ),
        change(
            Verb.REPLACE,
            "summer",
            "Summer",
            31,
            reason=Reason(code="removed", text="1 photo leaves it, and the API cannot take a photo out of an album"),
            members=removal,
        ),
        change(Verb.DELETE, "old", "Old", 44, reason=Reason(code="gone", text="no manifest declares it any more")),
        change(Verb.LET_GO, "kept", "Kept", 50, reason=Reason(code="keep", text="its entry said whenGone: keep")),
        change(
            Verb.BLOCKED, "never", "Never", 52, reason=Reason(code="policy", text="it says replace: never, and a move")
        ),
        change(
            Verb.UNCHANGED,
            "calm",
            "Calm",
            60,
            blocked=(
                BlockedPhoto(asset_id=photo(3), text="it lies in the trash; restore it in Lightroom", span=span(66)),
            ),
        ),
        change(Verb.UNCHANGED, "same", "Same", 70),
        Change(
            address=Address("sets.weddings"),
            kind=AlbumKind.SET,
            verb=Verb.CREATE,
            name="Weddings 2026",
            span=span(3),
        ),
    )
    return plan(
        changes=changes,
        steps=(SOMETHING,),
        names=names(412),
        warnings=(warning("LRP210", "two files have one content: a.jpg, b.jpg", span=span(9)),),
        drift=(
            Drift(
                kind=DriftKind.UNLISTED,
                text="1 photo that no manifest lists is kept: DSC_0020.jpg",
                address=Address("albums.summer"),
            ),
            Drift(
                kind=DriftKind.ORPHAN,
                text="an album of this project that no manifest declares",
                album_id=AlbumId("b" * 32),
            ),
        ),
        summary=Summary(
            create=2,
            change=1,
            replace=1,
            delete=1,
            let_go=1,
            blocked=2,
            unchanged=1,
            members_add=452,
            members_remove=1,
            uploads=24,
            upload_bytes=1_312_000_000,
            read_calls=14,
            apply_calls=61,
        ),
    )


def wedding() -> Plan:
    """An album of 600 photos of which three go and five change their places."""
    gone = tuple(photo(number) for number in (50, 213, 214))
    moving = {10: 300, 77: 5, 400: 402, 599: 1, 301: 590}
    after = [number for number in range(1, 601) if photo(number) not in gone and number not in moving]
    for number, place in sorted(moving.items(), key=lambda item: item[1]):
        after.insert(place - 1, number)
    members = MemberChange(
        before=photos(1, 600),
        after=tuple(photo(number) for number in after),
        removed=gone,
        moved=tuple(Move(asset_id=photo(number), before=number, after=place) for number, place in moving.items()),
    )
    reason = Reason(code="removed", text="3 photos leave it and 5 move, which the API can only do in a new album")
    return plan(
        changes=(change(Verb.REPLACE, "smith-jones", "Smith & Jones", 6, reason=reason, members=members),),
        steps=(SOMETHING,),
        names=names(600),
        summary=Summary(replace=1, members_remove=3, members_move=5, read_calls=4, apply_calls=16),
    )


def scattered() -> Plan:
    """An album in which every third photo is new and many move."""
    added = tuple(photo(number) for number in range(3, 601, 3))
    before = tuple(photo(number) for number in range(1, 601) if number % 3)
    moved = tuple(Move(asset_id=photo(number), before=number, after=601 - number) for number in range(301, 400, 3))
    members = MemberChange(before=before, after=photos(1, 600), added=added, moved=moved)
    return plan(
        changes=(change(Verb.UPDATE, "smith-jones", "Smith & Jones", 6, members=members),),
        steps=(SOMETHING,),
        names=names(600),
        summary=Summary(change=1, members_add=200, members_move=33, read_calls=4, apply_calls=4),
    )


def hostile() -> Plan:
    """Every string that comes from elsewhere tries to repaint the terminal."""
    members = MemberChange(before=photos(1, 3), after=photos(1, 4), added=(photo(4),))
    return plan(
        catalog_name=HOSTILE,
        changes=(
            change(
                Verb.UPDATE,
                "a",
                HOSTILE,
                6,
                fields=(FieldChange(path="name", before=HOSTILE, after=HOSTILE + '" → "'),),
                members=members,
                reason=Reason(code="x", text=HOSTILE),
                blocked=(BlockedPhoto(asset_id=photo(1), text=HOSTILE, span=span(3, HOSTILE)),),
            ),
            change(Verb.CREATE, "wide", "結婚式 👨\u200d👩\u200d👧", 9, cover=photo(2)),
            change(Verb.CREATE, "long", "long " * 40, 9),
        ),
        steps=(SOMETHING,),
        names=dict.fromkeys(photos(1, 4), HOSTILE),
        drift=(Drift(kind=DriftKind.UNLISTED, text=HOSTILE, address=Address("albums.a")),),
        warnings=(warning("LRP210", HOSTILE, span=span(9, HOSTILE)),),
        summary=Summary(change=1, create=2, read_calls=1, apply_calls=1),
    )


def nothing() -> Plan:
    """The catalog is as it should be."""
    return plan(changes=(change(Verb.UNCHANGED, "same", "Same", 3),), summary=Summary(unchanged=1, read_calls=3))


def only_kept() -> Plan:
    """Nothing can be done, but something is to be said."""
    blocked = BlockedPhoto(asset_id=photo(1), text="it has left the catalog", span=span(4))
    return plan(
        changes=(change(Verb.UNCHANGED, "same", "Same", 3, blocked=(blocked,)),),
        names=names(1),
        drift=(
            Drift(
                kind=DriftKind.UNLISTED,
                text="3 photos that no manifest lists are kept",
                address=Address("albums.same"),
                count=3,
            ),
        ),
        summary=Summary(unchanged=1, blocked=1, read_calls=3),
    )


def first_time() -> Plan:
    """No state, and an album to make."""
    members = MemberChange(after=photos(1, 1), added=photos(1, 1))
    return plan(
        has_state=False,
        catalog_name="",
        changes=(change(Verb.CREATE, "first", "First", 3, members=members),),
        steps=(SOMETHING,),
        names=names(1),
        summary=Summary(create=1, members_add=1, read_calls=1, apply_calls=2),
        apply_seconds=0.3,
        read_seconds=75.0,
    )


EXAMPLES = {
    "everything": everything,
    "wedding": wedding,
    "scattered": scattered,
    "hostile": hostile,
    "nothing": nothing,
    "only-kept": only_kept,
    "first-time": first_time,
}
