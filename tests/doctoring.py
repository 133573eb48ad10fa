"""A doctor without its terminal: examined and probed in this process, on any server, with waits that take no time."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from aiohttp import web
from attrs import field, frozen

from lrplan.cli.desk import read_desk
from lrplan.formats.checkup import encode_checkup, encode_probe
from lrplan.lightroom.credentials import GivenCredentials
from lrplan.lightroom.service import connect
from lrplan.model.checkup import Checkup
from lrplan.model.ids import ServiceId
from lrplan.model.probing import Probe
from lrplan.render.checkup import checkup_text, probe_text
from lrplan.sources.originals import LocalOriginals
from lrplan.storage.folder import FolderMemory
from lrplan.workflow.diagnose import diagnose
from lrplan.workflow.patient import Line, Patient
from lrplan.workflow.probe import probe
from tests.contract.odd_server import KEY, TOKEN, OddServer
from tests.inside import Heard, QuickClock


def said(value: object = None, status: int = 200, **headers: str) -> Callable[[], web.Response]:
    """An answer that may be given again and again: JSON, or a text as it is."""
    body = value if isinstance(value, str) else "while (1) {}\n" + json.dumps(value) if value is not None else ""

    def answer() -> web.Response:
        return web.Response(status=status, body=body.encode(), headers=headers)

    return answer


class IllServer(OddServer):
    """The odd server, with some of its answers replaced: by method and path below `/v2/`."""

    instead: Mapping[str, Callable[[], web.Response]] = {}

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as told, else as ever."""
        path = request.raw_path.partition("?")[0].removeprefix("/v2/")
        told = self.instead.get(f"{request.method} {path}")
        if told is None:
            return await super().handle(request)
        await request.read()
        return told()


def jwt(**claims: object) -> str:
    """A token that says *claims* of itself, signed by nobody."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*encoded, "c2VjcmV0LXNpZ25hdHVyZQ"))


@frozen(kw_only=True)
class Ward:
    """Where somebody is examined: an endpoint, credentials, and a folder that may hold a project."""

    endpoint: str
    folder: Path
    key: str = KEY
    token: str = TOKEN
    heard: Heard = field(factory=Heard)

    async def examine(self) -> Checkup:
        """`lrplan doctor`."""
        async with self._service() as service:
            return await diagnose(self._patient(service))

    async def probe(self, stop=None) -> Probe:
        """`lrplan doctor --probe --yes`, less the examination."""
        async with self._service() as service:
            patient = self._patient(service)
            assert patient.line is not None
            account = await service.account()
            clock = patient.clock
            return await probe(patient.line, account, endpoint=self.endpoint, clock=clock, events=self.heard, stop=stop)

    def _service(self):
        return connect(
            endpoint=self.endpoint,
            credentials=GivenCredentials(api_key=ServiceId(self.key), token=self.token),
            originals=LocalOriginals(self.folder),
            clock=QuickClock(),
            events=self.heard,
            concurrency=4,
            rate=0,
        )

    def _patient(self, service) -> Patient:
        has_files = (self.folder / "lrplan.yaml").exists()
        manifest, found, _ = read_desk(self.folder) if has_files else (None, (), {})
        return Patient(
            endpoint=self.endpoint,
            clock=QuickClock(),
            project=manifest.project if manifest is not None else None,
            manifest=manifest,
            said=found,
            has_files=has_files,
            line=Line(service=service, examiner=service.examiner, service_id=ServiceId(self.key)),
            memory=FolderMemory(self.folder / ".lrplan") if manifest is not None else None,
        )


def screen(checkup: Checkup) -> str:
    """What a person sees, with the address of the server and version left out."""
    text = "\n".join(line.text for line in checkup_text(checkup)) + "\n"
    return re.sub(r"http://127\.0\.0\.1:\d+", "http://HOST", text)


def answers(done: Probe) -> dict[str, str]:
    """The answers by question."""
    return {finding.question.value: finding.answer for finding in done.findings}


def everything_shown(checkup: Checkup | None, done: Probe | None = None) -> str:
    """All that an examination ever puts anywhere."""
    shown = ""
    if checkup is not None:
        shown += screen(checkup) + encode_checkup(checkup, done, version="1").decode()
    if done is not None:
        shown += encode_probe(done).decode() + "\n".join(line.text for line in probe_text(done, file="f"))
    return shown
