"""Questions that are asked side by side."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

from lrplan.diagnostics import Failure

T = TypeVar("T")


async def together(questions: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """Ask side by side; the service's own gate bounds how many are under way. The first failure ends all."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except BaseExceptionGroup as failures:
        found, _ = failures.split(Failure)
        if found is not None:
            raise first_of(found) from failures
        raise
    return [task.result() for task in tasks]


def first_of(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first single failure inside a group of groups."""
    first: BaseException = failures
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
