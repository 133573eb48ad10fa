"""What happens during a run, as values: all that progress, the JSON stream and logs ever learn."""

from attrs import frozen


@frozen(kw_only=True)
class Called:
    """A request was answered. *route* is the template, never the ids; *seconds* includes waiting for the answer."""

    method: str
    route: str
    status: int
    seconds: float


@frozen(kw_only=True)
class Retried:
    """A request will be sent again after *wait_s* seconds."""

    method: str
    route: str
    why: str
    wait_s: float


@frozen(kw_only=True)
class Phase:
    """A new part of the story began; *what* is a few words for people. *total* counts its units, 0 if unknown."""

    what: str
    total: int = 0


@frozen(kw_only=True)
class Advanced:
    """*count* units of the current phase are done."""

    count: int = 1


@frozen(kw_only=True)
class BytesSent:
    """*count* bytes of originals went out."""

    count: int


@frozen(kw_only=True)
class StepStarted:
    """An action of the plan began; *name* is what people call it: an address, or a file."""

    step_id: str
    name: str


@frozen(kw_only=True)
class StepEnded:
    """An action of the plan ended: `done`, `already`, `failed`, `skipped` or `stale`; *why* where it is not done."""

    step_id: str
    name: str
    result: str
    why: str = ""


@frozen(kw_only=True)
class Noted:
    """Something the user should read while it happens: a takeover, a doubt that was settled."""

    what: str


Event = Called | Retried | Phase | Advanced | BytesSent | StepStarted | StepEnded | Noted
