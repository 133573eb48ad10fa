"""Asking several questions at once; the gate of the session bounds how many are under way."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TypeVar

R = TypeVar("R")


async def together(questions: Sequence[Coroutine[object, object, R]]) -> list[R]:
    """The answers to *questions*, asked side by side. The first failure ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except BaseExceptionGroup as several:
        first: BaseException = several
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return [task.result() for task in tasks]
