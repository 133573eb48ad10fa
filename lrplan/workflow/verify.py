"""Reading touched albums again, and waiting a bounded time for listings that lag behind what was written."""

from collections.abc import Mapping, Sequence

from attrs import evolve, field, frozen

from lrplan.apply.conduct import Conducted
from lrplan.apply.readback import Found, differences, keeps_parent, shows_covers
from lrplan.diff.change import Change, Verb
from lrplan.model.address import Address
from lrplan.model.album import Album, Membership
from lrplan.model.ids import AlbumId, AssetId, Sha256
from lrplan.plan.action import Action, CopySettings, SetDevelop, Step, UploadOriginal
from lrplan.plan.limits import LAG_WAITS_S
from lrplan.plan.plan import Plan
from lrplan.plan.requests import actual_album, actual_asset
from lrplan.workflow.reading import together
from lrplan.workflow.settings import read_settings
from lrplan.workflow.surroundings import Surroundings


@frozen(kw_only=True)
class ReadBack:
    """What a read-back found.

    Attributes:
        remains: For each address that is not as the plan said, a line for each thing that differs.
        keeps_parents: Something that was to leave its set for the top level is still in it.
    """

    remains: Mapping[Address, tuple[str, ...]] = field(factory=dict)
    keeps_parents: bool = False


async def read_back(
    plan: Plan, conducted: Conducted, around: Surroundings, *, waits_s: Sequence[float] = LAG_WAITS_S
) -> ReadBack:
    """Compare every touched album whose steps all ended well with what the plan said.

    Args:
        waits_s: How long to wait before each further look at what still differs.

    Raises:
        Failure: As the service port raises it: what was written could not be read.
    """
    steps: dict[Address, list[Step]] = {}
    for step in plan.steps:
        steps.setdefault(step.action.address, []).append(step)
    open_changes = [
        change
        for change in plan.changes
        if change.address in steps and all(conducted.endings[step.id].result.is_well for step in steps[change.address])
    ]
    lines: dict[Address, tuple[str, ...]] = {}
    covers_shown = is_second = keeps_parents = False
    for wait_s in (*waits_s, None):
        incomplete = frozenset[AssetId]()
        actions = [step.action for one in open_changes for step in steps.get(one.address, ())]
        sent = [actual_asset(one.asset_id, conducted.actual) for one in actions if isinstance(one, UploadOriginal)]
        if sent:
            incomplete = await around.service.incomplete(sent)
        develop = await _settings_of(actions, conducted, around)
        found = await together(_read(change, conducted, around, by_date_too=is_second) for change in open_changes)
        found = [evolve(one, incomplete=incomplete, develop=develop) for one in found]
        lines, keeps_parents = {}, False
        covers_shown = covers_shown or shows_covers(found)
        for change, now in zip(open_changes, found, strict=True):
            mine = tuple(steps.get(change.address, ()))
            said = differences(change, mine, now, conducted.actual, covers_shown=covers_shown)
            if said:
                lines[change.address] = said
                keeps_parents = keeps_parents or keeps_parent(mine, now, conducted.actual)
        if not lines:
            return ReadBack()
        open_changes = [change for change in open_changes if change.address in lines]
        is_second = True
        if wait_s is not None:
            await around.clock.sleep(wait_s)
    return ReadBack(remains=lines, keeps_parents=keeps_parents)


async def _settings_of(
    actions: Sequence[Action], conducted: Conducted, around: Surroundings
) -> Mapping[AssetId, Sha256]:
    """The develop settings of the photos for which some were sent, as far as there are any."""
    sent = [
        actual_asset(one.asset_id, conducted.actual) for one in actions if isinstance(one, SetDevelop | CopySettings)
    ]
    return await read_settings(sent, around)


async def _read(change: Change, conducted: Conducted, around: Surroundings, *, by_date_too: bool) -> Found:
    """Read an album again; *by_date_too* where a photo was missed: see `CatalogReader.members`."""
    target = change.new_id or change.id
    wanted = () if target is None or change.verb is Verb.DELETE else (actual_album(target, conducted.actual),)
    albums: dict[AlbumId, Album] = {}
    members: dict[AlbumId, Membership] = {}
    for album_id in (*wanted, *change.retired):
        album = await around.service.album(album_id)
        if album is None:
            continue
        albums[album_id] = album
        if album_id in wanted and change.looks_inside:
            listing = await around.service.members(album_id)
            by_date = await around.service.members_by_date(album_id) if by_date_too and listing is not None else None
            if listing is not None:
                members[album_id] = (listing.with_others(by_date) if by_date is not None else listing).membership
    return Found(albums=albums, members=members)
