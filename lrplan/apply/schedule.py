"""
Which steps may run now: the requirements of a plan, counted down.

A step whose requirement did not end well is skipped, with all that depends on it, and nothing else. Steps that delete
wait until no other step can start any more.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Sequence

from lrplan.plan.action import Step
from lrplan.plan.edges import deletes


class Schedule:
    """The steps of one run that are still to come. Not safe to share between threads; a run has one loop."""

    def __init__(self, steps: Sequence[Step], *, done: Collection[str] = ()) -> None:
        """Start with the steps in *done* already behind us."""
        self._steps = {step.id: step for step in steps if step.id not in done}
        self._waiting = {
            step.id: sum(before in self._steps for before in step.requires) for step in self._steps.values()
        }
        self._followers: defaultdict[str, list[str]] = defaultdict(list)
        for step in self._steps.values():
            for before in step.requires:
                self._followers[before].append(step.id)
        self._ready: deque[str] = deque()
        self._ready_last: deque[str] = deque()
        self._running: set[str] = set()
        self._open_first = sum(not deletes(step.action) for step in self._steps.values())
        for step in self._steps.values():
            if not self._waiting[step.id]:
                self._queue(step.id)

    def next(self) -> Step | None:
        """Take the next step that may start; None when there is none for now."""
        queue = self._ready
        if not queue:
            if self._open_first or not self._ready_last:
                return None
            queue = self._ready_last
        step = self._steps[queue.popleft()]
        self._running.add(step.id)
        return step

    def end(self, step_id: str, *, well: bool) -> tuple[str, ...]:
        """Note that a running step ended; returns the steps that are skipped because it did not end well."""
        self._running.discard(step_id)
        self._close(step_id)
        if well:
            for follower in self._followers[step_id]:
                if follower in self._waiting:
                    self._waiting[follower] -= 1
                    if not self._waiting[follower]:
                        self._queue(follower)
            return ()
        skipped: list[str] = []
        doomed = deque(self._followers[step_id])
        while doomed:
            follower = doomed.popleft()
            if follower not in self._waiting:
                continue
            skipped.append(follower)
            self._close(follower)
            doomed.extend(self._followers[follower])
        return tuple(skipped)

    def remaining(self) -> tuple[str, ...]:
        """The steps that neither ran nor were skipped, in plan order."""
        return tuple(step for step in self._steps if step in self._waiting and step not in self._running)

    def _queue(self, step_id: str) -> None:
        (self._ready_last if deletes(self._steps[step_id].action) else self._ready).append(step_id)

    def _close(self, step_id: str) -> None:
        if self._waiting.pop(step_id, None) is not None and not deletes(self._steps[step_id].action):
            self._open_first -= 1
