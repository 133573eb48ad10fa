"""
The one place that builds adapters: environment and project in, the ports of one run out.

Flag, then environment, then lrplan.yaml, then default. Credentials come from the environment only, never from a file of
the project.

The surprising case: `endpoint: sandbox` starts the stand-in inside this very process, for the length of the command,
and with it come its own credentials, whatever the environment holds for the real service.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import field, frozen

from lrplan.cli.desk import Desk
from lrplan.cli.trouble import tell
from lrplan.diagnostics import Diagnostic, Failure, error
from lrplan.manifest.entries import Project
from lrplan.model.ids import ServiceId
from lrplan.ports import Events
from lrplan.workflow.surroundings import Surroundings

LIVE_ENDPOINT = "https://lr.adobe.io"  # Lightroom API, "Getting started"
SANDBOX = "sandbox"
SANDBOX_FOLDER = Path(".lrplan") / "sandbox"


@frozen(kw_only=True)
class Access:
    """Where the service is, and what opens it."""

    endpoint: str
    api_key: str
    access_token: str = field(repr=False)


@asynccontextmanager
async def surroundings(desk: Desk, events: Events) -> AsyncIterator[Surroundings]:
    """Everything a run on this project may touch, open for the length of the block.

    Raises:
        Failure: LRP301 when credentials are missing; LRP101 when the sandbox cannot keep its data.
    """
    from lrplan.lightroom.credentials import GivenCredentials
    from lrplan.lightroom.service import connect
    from lrplan.sources.clock import SystemClock
    from lrplan.sources.files import LocalFiles
    from lrplan.sources.originals import LocalOriginals
    from lrplan.storage.folder import FolderMemory

    def tell_one(said: Diagnostic) -> None:
        tell([said], desk.sources)

    project = desk.manifest.project
    clock = SystemClock()
    async with _access(project, desk.folder) as access:
        service = connect(
            endpoint=access.endpoint,
            credentials=GivenCredentials(api_key=ServiceId(access.api_key), token=access.access_token),
            originals=LocalOriginals(desk.folder),
            clock=clock,
            events=events,
            concurrency=project.api.concurrency,
            rate=project.api.rate,
        )
        async with service as connected:
            yield Surroundings(
                service=connected,
                service_id=ServiceId(access.api_key),
                memory=FolderMemory(desk.folder / project.state, shown=project.state, tell=tell_one),
                files=LocalFiles(desk.folder, manifests=project.manifests, cache=desk.folder / project.state / "cache"),
                clock=clock,
                events=events,
            )


@asynccontextmanager
async def _access(project: Project, folder: Path) -> AsyncIterator[Access]:
    declared = project.endpoint.value if project.endpoint is not None else LIVE_ENDPOINT
    endpoint = os.environ.get("LRPLAN_ENDPOINT") or declared
    if endpoint != SANDBOX:
        yield credentials_from(os.environ, endpoint)
        return
    from lrplan.cli.stand_in import stand_in
    from lrplan.sandbox import SandboxOptions

    async with stand_in(SandboxOptions(data=folder / SANDBOX_FOLDER)) as served:
        yield Access(endpoint=served.endpoint, api_key=served.api_key, access_token=served.access_token)


def credentials_from(environment: Mapping[str, str], endpoint: str) -> Access:
    """The API key and the token that *environment* names, itself or in files. Failure LRP301 when one is missing."""
    return Access(
        endpoint=endpoint,
        api_key=_secret(environment, "LRPLAN_API_KEY", "API key"),
        access_token=_secret(environment, "LRPLAN_ACCESS_TOKEN", "access token"),
    )


def _secret(environment: Mapping[str, str], name: str, what: str) -> str:
    if value := environment.get(name, "").strip():
        return value
    file = environment.get(name + "_FILE")
    if not file:
        raise Failure(
            error(
                "LRP301",
                f"no {what}",
                why=f"Neither {name} nor {name}_FILE is set.",
                hint="set it, or write `endpoint: sandbox` in lrplan.yaml to try lrplan without an Adobe account",
            )
        )
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        raise Failure(error("LRP301", f"no {what}", why=f"{name}_FILE is {file}: {reason}.")) from problem
    if not value:
        raise Failure(error("LRP301", f"no {what}", why=f"{name}_FILE is {file}, and that file is empty."))
    return value
