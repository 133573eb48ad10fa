"""The stand-in, opened for a command: what keeps it from starting is told like every other mistake."""

import errno
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.sandbox import AfterRequest, RunningSandbox, SandboxOptions, running

_REMOVE = "if nothing in it is worth keeping, remove the folder: it is made again"


@asynccontextmanager
async def stand_in(
    options: SandboxOptions, *, after_request: AfterRequest | None = None
) -> AsyncIterator[RunningSandbox]:
    """Serve until the block is left.

    Raises:
        Failure: LRP901, the port is taken; LRP101, the folder for its data cannot be used.
    """
    async with AsyncExitStack() as stack:
        try:
            served = await stack.enter_async_context(running(options, after_request=after_request))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                what = f"port {options.port} is taken"
                raise Failure(error("LRP901", what, hint="leave --port out to get one that is free")) from problem
            raise Failure(_unusable(options, problem.strerror or str(problem))) from problem
        except sqlite3.Error as problem:
            is_passing = isinstance(problem, sqlite3.OperationalError)  # busy, full, not permitted
            raise Failure(_unusable(options, str(problem), hint="" if is_passing else _REMOVE)) from problem
        yield served


def _unusable(options: SandboxOptions, reason: str, *, hint: str = "") -> Diagnostic:
    what = f"the sandbox cannot use {options.data}"
    return error("LRP101", what, why=f"{reason[:1].upper()}{reason[1:]}.", hint=hint)
