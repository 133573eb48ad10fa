"""
What a journal proves about a plan that was being applied.

A run writes one entry before it sends a request and one after it has understood the answer. If it dies in between, the
journal cannot tell whether the catalog changed, and this module does not guess: such a request is *in doubt*. Doubt is
harmless here. Ids are derived, so sending again what was sent is the same as not having sent it; and a photo that may
have been added counts as put there by lrplan, which only matters if it turns out to be in the album.
"""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from lrplan.journal.entries import Begun, Ended, Entry, Intent, Outcome, Settled, Started, StepDone
from lrplan.model.ids import AlbumId, AssetId
from lrplan.plan.plan import Plan

MADE = frozenset({"accepted", "exists"})
ENDED_WELL = frozenset({"done", "already"})


@frozen(kw_only=True)
class Progress:
    """What is proven of one run.

    Attributes:
        done: Steps that ended well.
        begun: Steps of which this run may have sent at least one request.
        writes: The requests that this run may have sent, or an earlier one of the same plan: the step of each.
        stamps: The instant that went into each request, by its name; reused when it is sent again.
        made: Albums whose creation was answered well.
        doubted: Albums of requests that were not answered.
        refused: Photos that an `AddMembers` was told are not in, by step.
        actual: Ids of the plan that turned out to stand for others.
        digest: Of the plan, as the first line names it; "" without one.
        ended: How the run said it ended; None for one that was cut off.
    """

    done: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    writes: Mapping[str, str] = field(factory=dict)
    stamps: Mapping[str, str] = field(factory=dict)
    made: frozenset[AlbumId] = frozenset()
    doubted: frozenset[AlbumId] = frozenset()
    refused: Mapping[str, frozenset[AssetId]] = field(factory=dict)
    actual: Mapping[str, str] = field(factory=dict)
    digest: str = ""
    ended: str | None = None

    @property
    def sent(self) -> bool:
        """Whether any writing request may have gone out."""
        return bool(self.writes)


def replay(entries: Iterable[Entry]) -> Progress:
    """Read a journal from its start."""
    done: set[str] = set()
    stamps: dict[str, str] = {}
    intents: dict[str, Intent] = {}
    before: dict[str, Intent | None] = {}
    taken_over: dict[str, str] = {}
    made: set[AlbumId] = set()
    answered: set[str] = set()
    refused: dict[str, frozenset[AssetId]] = {}
    actual: dict[str, str] = {}
    ended, digest = None, ""
    for entry in entries:
        match entry:
            case Started():
                digest = entry.digest
            case Begun():
                taken_over[entry.write] = entry.step_id
                stamps.setdefault(entry.write, entry.stamp)
            case Intent():
                before[entry.write] = intents.get(entry.write)
                intents[entry.write] = entry
                stamps.setdefault(entry.write, entry.stamp)
            case Outcome(result="unsent"):
                # it stands as an earlier run left it, which may have sent it and not have heard
                earlier = before.get(entry.write)
                if earlier is not None:
                    intents[entry.write] = earlier
                else:
                    intents.pop(entry.write, None)
            case Outcome():
                answered.add(entry.write)
                intent = intents.get(entry.write)
                if intent is not None and entry.result in MADE and intent.album_id is not None:
                    made.add(intent.album_id)
                if intent is not None and entry.asset_ids:
                    refused[intent.step_id] = refused.get(intent.step_id, frozenset()) | set(entry.asset_ids)
            case Settled():
                actual[entry.planned] = entry.actual
            case StepDone():
                if entry.result in ENDED_WELL:
                    done.add(entry.step_id)
            case Ended():
                ended = entry.result
    return Progress(
        done=frozenset(done),
        begun=frozenset(intent.step_id for intent in intents.values()),
        writes={**taken_over, **{write: intent.step_id for write, intent in intents.items()}},
        stamps=stamps,
        made=frozenset(made),
        doubted=frozenset(
            intent.album_id
            for write, intent in intents.items()
            if intent.album_id is not None and write not in answered
        ),
        refused=refused,
        actual=actual,
        digest=digest,
        ended=ended,
    )


def handed_over(progress: Progress) -> tuple[Entry, ...]:
    """What a run that goes on with the same plan writes down first, so that its journal serves resumption alone.

    What the earlier runs put where is not repeated: that is for the state, of which they become part.
    """
    return (
        *(Settled(step_id="", planned=planned, actual=actual) for planned, actual in sorted(progress.actual.items())),
        *(
            Begun(write=write, step_id=step_id, stamp=progress.stamps[write])
            for write, step_id in sorted(progress.writes.items())
        ),
        *(StepDone(step_id=step_id, result="already") for step_id in sorted(progress.done)),
    )


def parts_arrived(entries: Iterable[Entry]) -> Mapping[AssetId, frozenset[str]]:
    """The parts of originals that one run was told have arrived: their ranges, by asset."""
    intents: dict[str, Intent] = {}
    arrived: dict[AssetId, set[str]] = {}
    for entry in entries:
        if isinstance(entry, Intent) and entry.content_range:
            intents[entry.write] = entry
        if isinstance(entry, Outcome) and entry.result == "accepted" and entry.write in intents:
            intent = intents[entry.write]
            for asset_id in intent.asset_ids:
                arrived.setdefault(asset_id, set()).add(intent.content_range)
    return {asset_id: frozenset(ranges) for asset_id, ranges in arrived.items()}


def plan_name(digest: str, plan: Plan) -> str:
    """Names this very plan; another with the same digest, made later, has found the catalog the same once more."""
    return f"{digest}@{plan.created_at}"
