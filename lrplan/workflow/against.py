"""
A catalog out of a file in the place of the live one: what a plan asks of the service is answered from a snapshot.

It is asked the same questions in the same rounds as the service would be, and answers as that would have then; so the
plan is the same too. What nobody asked when the snapshot was taken it does not know, and says so rather than guess.

The surprising case: what this machine remembers is not looked at, even if it is newer. What the snapshot remembers
belongs to the catalog that it holds; of another instant, the two would disagree on what lrplan put where.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager

from lrplan.diagnostics import Failure, error
from lrplan.manifest.entries import Project
from lrplan.model.album import Album, Flag
from lrplan.model.asset import Asset
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.model.rendition import AssetDetail, Rendition
from lrplan.model.snapshot import Account, Catalog
from lrplan.model.state import State
from lrplan.model.taken import Taken
from lrplan.model.window import holds, is_unknown
from lrplan.plan.plan import Plan
from lrplan.plan.write import Answer, Write
from lrplan.ports import Clock, Events, Files, Foreign, JournalWriter, MemberListing, Run, Salvage, Sink
from lrplan.workflow.surroundings import Surroundings


def against(taken: Taken, project: Project, *, files: Files, clock: Clock, events: Events) -> Surroundings:
    """What a plan of *project* may touch where the catalog is that of a snapshot: no network, and no memory.

    Raises:
        Failure: LRP305, the snapshot was taken for another project.
    """
    if taken.project not in (project.name, *project.previous):
        why = f"It was taken for project {taken.project}, not {project.name}; ids depend on it."
        hint = "take one in this project: lrplan snapshot -o FILE"
        raise Failure(error("LRP305", "the snapshot is of another project", why=why, hint=hint))
    return Surroundings(
        service=TakenCatalog(taken),
        service_id=taken.snapshot.service_id,
        memory=TakenMemory(taken.state),
        files=files,
        clock=clock,
        events=events,
        taken=taken.snapshot,
    )


class TakenCatalog:
    """The service port over a snapshot. It makes no calls, and can be written to as little as it can be asked news."""

    def __init__(self, taken: Taken) -> None:
        self._snapshot = taken.snapshot
        self._aside = taken.aside
        self._finds_trash, self._finds_undated = taken.finds_trash, taken.finds_undated

    @property
    def calls(self) -> int:
        """None are ever made."""
        return 0

    async def account(self) -> Account:
        """Whose catalog it was."""
        return self._snapshot.account

    async def catalog(self) -> Catalog:
        """The account's catalog."""
        return self._snapshot.catalog

    async def albums(self) -> tuple[Album, ...]:
        """Every album and set of the API key, in the order of their ids."""
        return tuple(self._snapshot.albums[one] for one in sorted(self._snapshot.albums))

    async def collections(self) -> tuple[Album, ...]:
        """Not known. Failure LRP109."""
        raise _lacking("the customer's own albums")

    async def album(self, album_id: AlbumId) -> Album | None:
        """One album; None when it was not there."""
        return self._snapshot.albums.get(album_id)

    async def members(self, album_id: AlbumId) -> MemberListing | None:
        """The members of an album in shown order; None when it was not there. Failure LRP109 if nobody looked."""
        album, listing = self._snapshot.albums.get(album_id), self._snapshot.members.get(album_id)
        if album is None:
            return None
        if listing is None:
            raise _lacking(f'the photos of the album "{album.name}"')
        assets = self._snapshot.assets
        return MemberListing(membership=listing, assets=tuple(assets[a] for a in listing.asset_ids if a in assets))

    async def members_by_date(self, album_id: AlbumId, *, flag: Flag | None = None) -> MemberListing | None:
        """The same: where something was missed when the snapshot was taken, both listings were joined.

        Failure LRP109 for those of a flag.
        """
        album = self._snapshot.albums.get(album_id)
        if album is not None and flag is not None:
            raise _lacking(f'which photos of the album "{album.name}" were flagged')
        return await self.members(album_id)

    async def assets_by_id(self, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
        """The assets with these ids, as far as they existed."""
        assets = self._snapshot.assets
        return tuple(assets[one] for one in dict.fromkeys(asset_ids) if one in assets)

    async def assets_by_sha256(self, sha256: Sha256) -> tuple[Asset, ...]:
        """The assets whose original has this hash, as far as the service found such by it."""
        return tuple(
            asset
            for asset in self._snapshot.assets.values()
            if asset.sha256 == sha256
            and (self._finds_trash or not asset.is_trashed)
            and (self._finds_undated or not is_unknown(asset.capture_date))
        )

    async def incomplete(self, among: Collection[AssetId] | None = None) -> frozenset[AssetId]:  # noqa: ARG002
        """What waited for its original."""
        return self._snapshot.incomplete or frozenset()

    async def walk(self, *, captured_after: str | None, captured_before: str | None) -> tuple[Asset, ...]:
        """Every asset captured in the window that a walk showed."""
        return tuple(
            asset
            for asset in self._snapshot.assets.values()
            if asset.id not in self._aside and holds(asset.capture_date, after=captured_after, before=captured_before)
        )

    async def trash(self) -> tuple[Asset, ...]:
        """Every photo and video in the trash."""
        return tuple(asset for asset in self._snapshot.assets.values() if asset.is_trashed)

    async def holder(self, album_id: AlbumId) -> Album | Foreign | None:
        """What has this id, if it was of the API key. Failure LRP109 else: it may be another key's."""
        album = self._snapshot.albums.get(album_id)
        if album is None:
            raise _lacking("albums of other API keys")
        return album

    async def health(self) -> str:
        """Not known. Failure LRP109."""
        raise _lacking("the version of the service")

    async def changed_since(self, instant: str, *, with_trash: bool = True) -> tuple[Asset, ...]:  # noqa: ARG002
        """Not known. Failure LRP109."""
        raise _lacking(f"what changed since {instant}")

    async def asset(self, asset_id: AssetId) -> AssetDetail | None:
        """Not known. Failure LRP109."""
        raise _lacking(f"the details of the photo {self._name(asset_id)}")

    async def develop(self, asset_id: AssetId) -> bytes | None:
        """Not known. Failure LRP109."""
        raise _lacking(f"the develop settings of the photo {self._name(asset_id)}")

    async def rendition(self, asset_id: AssetId, kind: Rendition, sink: Sink) -> bool:  # noqa: ARG002
        """Not known. Failure LRP109."""
        raise _lacking(f"renditions of the photo {self._name(asset_id)}")

    async def await_rendition(self, asset_id: AssetId, kind: Rendition) -> bool:  # noqa: ARG002
        """Not known. Failure LRP109."""
        raise _lacking(f"renditions of the photo {self._name(asset_id)}")

    async def send(self, write: Write, *, stamp: str) -> Answer:
        """A bug in lrplan."""
        raise NotImplementedError("nothing can be written to a snapshot")

    def halt(self) -> None:
        """Nothing is ever under way."""

    def resume(self) -> None:
        """Nothing was ever halted."""

    def _name(self, asset_id: AssetId) -> str:
        asset = self._snapshot.assets.get(asset_id)
        return asset.file_name if asset is not None and asset.file_name else asset_id


class TakenMemory:
    """The memory port over what was remembered when a snapshot was taken; it takes nothing new."""

    def __init__(self, state: State | None) -> None:
        self._state = state

    def load_state(self) -> State | None:
        """What was remembered, unfinished runs included."""
        return self._state

    def runs(self) -> tuple[Run, ...]:
        """None: those that had not ended are part of the state already."""
        return ()

    def save_state(self, state: State) -> None:
        """A bug in lrplan."""
        raise NotImplementedError("nothing can be remembered by a snapshot")

    def start_run(self, run_id: str, plan: Plan) -> AbstractAsyncContextManager[JournalWriter]:
        """A bug in lrplan."""
        raise NotImplementedError("nothing can be remembered by a snapshot")

    def salvage(self) -> Salvage:
        """All of it: a snapshot that is damaged is not read."""
        return Salvage(state=self._state)

    def set_aside(self) -> str:
        """A bug in lrplan."""
        raise NotImplementedError("nothing can be remembered by a snapshot")

    def holder(self) -> str | None:
        """Nobody."""
        return None

    def hold(self) -> AbstractAsyncContextManager[None]:
        """A bug in lrplan."""
        raise NotImplementedError("nothing can be remembered by a snapshot")


def _lacking(what: str) -> Failure:
    return Failure(
        error(
            "LRP109",
            "the snapshot does not hold what the plan needs",
            why=f"It does not hold {what}.",
            hint="plan against the live catalog, without --against",
        )
    )
