"""
Why one step comes before another: a table of rules, and nothing else.

A rule looks at two actions and says whether the second needs the first. Independent steps run side by side; steps that
delete come last as a rank, not by edges, so that a failure elsewhere skips nothing that does not depend on it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from attrs import evolve, frozen

from lrplan.model.address import is_set
from lrplan.model.ids import AlbumId, AssetId
from lrplan.plan.action import (
    TOP_LEVEL,
    Action,
    AddMembers,
    CopySettings,
    CreateAlbum,
    DeleteAlbum,
    RetireAlbum,
    SetCover,
    SetDevelop,
    Step,
    UpdateAlbum,
    UploadOriginal,
)


@frozen
class Rule:
    """An ordering rule: steps that provide something come before the steps that use it.

    Attributes:
        upwards: What lies above a used thing, in the tree as it will be, is used too.
    """

    why: str
    provides: Callable[[Action], Sequence[AlbumId | AssetId]]
    uses: Callable[[Action], Sequence[AlbumId | AssetId]]
    upwards: bool = False


def _makes_album(action: Action) -> Sequence[AlbumId]:
    return (action.album_id,) if isinstance(action, CreateAlbum) else ()


def _goes_into(action: Action) -> Sequence[AlbumId]:
    if isinstance(action, CreateAlbum | UpdateAlbum) and action.parent not in (None, TOP_LEVEL):
        return (AlbumId(str(action.parent)),)
    return ()


def _moves_album(action: Action) -> Sequence[AlbumId]:
    return (action.album_id,) if isinstance(action, UpdateAlbum) and action.parent is not None else ()


def _fills(action: Action) -> Sequence[AlbumId]:
    match action:
        case AddMembers() | SetCover():
            return (action.album_id,)
        case RetireAlbum():
            return (action.successor,)
        case _:
            return ()


def _uploads(action: Action) -> Sequence[AssetId]:
    return (action.asset_id,) if isinstance(action, UploadOriginal) else ()


def _develops(action: Action) -> Sequence[AssetId]:
    return (action.asset_id,) if isinstance(action, SetDevelop | CopySettings) else ()


def _copies(action: Action) -> Sequence[AssetId]:
    return (action.source,) if isinstance(action, CopySettings) else ()


def _places(action: Action) -> Sequence[AssetId]:
    return tuple(photo.asset_id for photo in action.photos) if isinstance(action, AddMembers) else ()


def _added_to(action: Action) -> Sequence[AlbumId]:
    return (action.album_id,) if isinstance(action, AddMembers) else ()


def _needs_all_of(action: Action) -> Sequence[AlbumId]:
    match action:
        case SetCover():
            return (action.album_id,)
        case RetireAlbum():
            return (action.successor,)
        case _:
            return ()


def _covers(action: Action) -> Sequence[AlbumId]:
    return (action.album_id,) if isinstance(action, SetCover | UpdateAlbum) else ()


def _updates(action: Action) -> Sequence[AlbumId]:
    return (action.album_id,) if isinstance(action, UpdateAlbum) else ()


def _retires_to(action: Action) -> Sequence[AlbumId]:
    return (action.successor,) if isinstance(action, RetireAlbum) else ()


RULES: tuple[Rule, ...] = (
    Rule("an album goes into a set that exists", _makes_album, _goes_into),
    Rule(
        "sets move top-down over the final tree, so that no move makes a circle", _moves_album, _goes_into, upwards=True
    ),
    Rule("photos and covers go into an album that exists", _makes_album, _fills),
    Rule("a photo is added once its original has been sent", _uploads, _places),
    Rule("develop settings are for a photo that is there", _uploads, _develops),
    Rule("develop settings are copied once they are those that shall be copied", _develops, _copies),
    Rule("a photo is added once it has its develop settings", _develops, _places),
    Rule("a cover is a member; an old generation goes when all photos are in the new one", _added_to, _needs_all_of),
    Rule(
        "an update sends the whole payload as it was, so it comes before what else changes the album", _updates, _fills
    ),
    Rule("an old generation goes when the new one has its cover and its fields", _covers, _retires_to),
)


def with_edges(steps: Sequence[Step], live_parents: Sequence[tuple[AlbumId, AlbumId]]) -> tuple[Step, ...]:
    """Give every step what it requires, and sort them so that each comes after what it requires.

    Args:
        steps: In the order in which they shall stand where no rule decides.
        live_parents: Pairs (child, parent) of the catalog as it is; of albums that are deleted, the child goes first.
    """
    requires: defaultdict[str, dict[str, None]] = defaultdict(dict)
    parents = _parents_afterwards(steps, live_parents)
    for rule in RULES:
        providers: defaultdict[AlbumId | AssetId, list[str]] = defaultdict(list)
        for step in steps:
            for thing in rule.provides(step.action):
                providers[thing].append(step.id)
        for step in steps:
            used = rule.uses(step.action)
            for thing in _with_ancestors(used, parents) if rule.upwards else used:
                for provider in providers.get(thing, ()):
                    if provider != step.id:
                        requires[step.id].setdefault(provider)
    deleting = {step.action.album_id: step.id for step in steps if isinstance(step.action, DeleteAlbum | RetireAlbum)}
    for child, parent in live_parents:
        if child in deleting and parent in deleting:
            requires[deleting[parent]].setdefault(deleting[child])
    linked = [evolve(step, requires=tuple(sorted(requires[step.id]))) for step in steps]
    return _sorted(linked)


def _parents_afterwards(
    steps: Sequence[Step], live_parents: Sequence[tuple[AlbumId, AlbumId]]
) -> Mapping[AlbumId | AssetId, AlbumId]:
    parents: dict[AlbumId | AssetId, AlbumId] = dict(live_parents)
    for step in steps:
        action = step.action
        if isinstance(action, CreateAlbum | UpdateAlbum) and action.parent is not None:
            parents.pop(action.album_id, None)
            for parent in _goes_into(action):
                parents[action.album_id] = parent
    return parents


def _with_ancestors(
    things: Sequence[AlbumId | AssetId], parents: Mapping[AlbumId | AssetId, AlbumId]
) -> Sequence[AlbumId | AssetId]:
    path = list(things)
    for thing in path:
        if thing in parents and parents[thing] not in path:
            path.append(parents[thing])
    return path


def deletes(action: Action) -> bool:
    """Tell the steps that run last, once no other can start any more.

    An older generation of a set is among them: what is to leave it has left by then, or is gone.
    """
    return isinstance(action, DeleteAlbum) or (isinstance(action, RetireAlbum) and is_set(action.address))


def _sorted(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Topological, and otherwise as given. A cycle would be a bug in the rules.

    Raises:
        ValueError: The steps require each other in a circle.
    """
    by_id = {step.id: step for step in steps}
    waiting = {step.id: len(step.requires) for step in steps}
    followers: defaultdict[str, list[str]] = defaultdict(list)
    for step in steps:
        for before in step.requires:
            followers[before].append(step.id)
    ready = [step.id for step in reversed(steps) if not waiting[step.id]]
    done: list[Step] = []
    while ready:
        current = ready.pop()
        done.append(by_id[current])
        for follower in reversed(followers[current]):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    if len(done) != len(steps):
        raise ValueError("the steps of a plan require each other in a circle")
    return tuple(done)
