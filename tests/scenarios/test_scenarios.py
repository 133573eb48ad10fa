"""
Every scenario reads as it is written down, applies, and leaves nothing to do.

Each plan is held against its JSON too, one file a scenario in tests/golden/situations.
UPDATE_GOLDEN=1 writes the expected blocks and these files anew, to be read as a diff: the sentence above the blocks
says what must be there.
"""

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from ruamel.yaml import YAML

from lrplan.diagnostics import Diagnostic, ExitCode, Failure
from lrplan.diagnostics.text import render
from lrplan.diff.change import DriftKind, Verb
from lrplan.formats.plan import encode_plan
from lrplan.manifest.entries import Manifest, SourceText
from lrplan.manifest.parse import parse_manifests
from lrplan.model.inventory import Inventory
from lrplan.model.scope import Scope
from lrplan.render.drift import drift_text
from lrplan.render.memory import rebuild_question, rebuilt_text
from lrplan.render.text import plan_text
from lrplan.workflow.against import against
from lrplan.workflow.apply import apply
from lrplan.workflow.drift import drift
from lrplan.workflow.plan import PlanResult, plan
from lrplan.workflow.rebuild import keep, look
from lrplan.workflow.report import Verified
from lrplan.workflow.surroundings import Surroundings
from lrplan.workflow.taking import take
from tests.memory_catalog import MemoryCatalog
from tests.ports import FakeClock, GivenFiles, KeptEvents, MemoryInMemory
from tests.scenarios.cases import EXPECTED, Case, cases_in, rewrite
from tests.scenarios.live import (
    SERVICE,
    Scene,
    expanded,
    originals_of,
    scene_of,
    settings_of,
    shown,
    with_addresses,
    xmp_files_of,
)

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden" / "situations"
FILES = sorted(file for file in HERE.glob("*.md") if file.name != "README.md")
CASES = [case for file in FILES for case in cases_in(file)]
PROJECT = "lrplan: 1\nproject: studio-north\n"
WORDS = ("warm", "cold", "grey")  # what scenarios call develop settings
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
INPUTS = {"yaml project", "yaml manifest", "yaml live", "yaml files", "photos"}


class _Files(GivenFiles):
    """Given files, of which those of the project's folder and of its manifests are seen there."""

    def inventory(self, lists: Any, originals: Any, *, part_size_bytes: int) -> Inventory:
        found = super().inventory(lists, originals, part_size_bytes=part_size_bytes)
        seen = [path for path in self.originals if "/" not in path.removeprefix("manifests/")]
        return evolve(found, beside={path.removeprefix("manifests/"): (path,) for path in seen})


def _yaml(text: str) -> Any:
    return YAML(typ="safe").load(text) or {}


def _sources(case: Case) -> tuple[SourceText, list[SourceText]]:
    manifests = []
    for block in case.all_of("yaml manifest"):
        file = f"manifests/{block.words[0]}" if block.words else "manifests/albums.yaml"
        manifests.append(SourceText(file, block.text.encode()))
    return SourceText("lrplan.yaml", (case.text_of("yaml project") or PROJECT).encode()), manifests


def _lists(case: Case) -> dict[str, bytes]:
    return {
        block.words[0]: "".join(f"{label}.jpg\n" for label in expanded(block.text)).encode()
        for block in case.all_of("photos")
    }


def _surroundings(case: Case, scene: Scene) -> tuple[Surroundings, MemoryCatalog]:
    service, memory = MemoryCatalog(scene.snapshot), MemoryInMemory()
    memory.state = scene.state
    service.flags = dict(scene.flags)
    files = _Files({}, _lists(case))
    local, live = _yaml(case.text_of("yaml files") or ""), _yaml(case.text_of("yaml live") or "")
    files.originals = originals_of(local)  # type: ignore[assignment]
    files.xmp_bytes = xmp_files_of(local)
    files.xmp_problems = {path: body for path, body in local.items() if path.endswith(".xmp") and isinstance(body, str)}
    service.settings = settings_of(live, local)
    around = Surroundings(
        service=service, service_id=SERVICE, memory=memory, files=files, clock=FakeClock(), events=KeptEvents()
    )
    return around, service


@frozen(kw_only=True)
class _Options:
    """What stands behind the fence of the plan: `--allow delete=3`, `--target albums.a`, `--against snapshot`."""

    allow: dict[str, int]
    scope: Scope
    is_against: bool


def _options(case: Case) -> _Options:
    given: dict[str, list[str]] = {"--allow": [], "--target": [], "--exclude": [], "--against": []}
    option = ""
    for word in (word for block in case.all_of("plan") for word in block.words):
        if word in given:
            option = word
        else:
            given[option].append(word)
    allowed = {kind: int(number) for kind, _, number in (word.partition("=") for word in given["--allow"])}
    scope = Scope(target=tuple(given["--target"]), exclude=tuple(given["--exclude"]))
    return _Options(allow=allowed, scope=scope, is_against=bool(given["--against"]))


async def _planned(manifest: Manifest, around: Surroundings, options: _Options) -> PlanResult:
    if options.is_against:
        taken = await take(manifest, around)
        around = against(taken, manifest.project, files=around.files, clock=around.clock, events=around.events)
    return await plan(manifest, around, allow=options.allow, scope=options.scope)


def _told(said: tuple[Diagnostic, ...], sources: list[SourceText], exit_code: ExitCode | None) -> str:
    text = render(said, {source.file: source.content for source in sources})
    return text + (f"\n\n(exit {int(exit_code)})" if exit_code is not None else "")


def _plan_text(made: PlanResult) -> str:
    lines = plan_text(made.plan, to_apply=None if made.refusals or made.plan.as_of else "lrplan apply")
    text = _without_seconds("\n".join(line.text for line in lines))
    return re.sub(r" to apply, about [\d,]+ \w+\.", " to apply.", text)


def _without_seconds(text: str) -> str:
    return re.sub(r" \((\d[\d,]* calls?), [\d.]+ s\)", r" (\1)", text)


async def _applied(made: PlanResult, manifest: Manifest, around: Surroundings, service: MemoryCatalog) -> None:
    """Apply, and see that what was planned is what is sent, and that nothing of it is left to do."""
    before = service.calls
    report = await apply(made.plan, around, manifest=manifest)
    assert report.exit_code is ExitCode.DONE, (report.items, report.remains, report.diagnostics)
    assert report.verified is not Verified.NOTHING
    if not made.plan.is_empty:
        assert service.calls - before == made.plan.summary.apply_calls, "the plan counts its calls exactly"
    again = await plan(manifest, around, scope=made.plan.scope)
    put_off = [drift.count for drift in made.plan.drift if drift.kind is DriftKind.PUT_OFF]
    if put_off:
        assert again.plan.summary.members_remove == sum(put_off), "the plan has said what comes next"
        return
    assert again.plan.does_nothing, [change for change in again.plan.visible_changes if change.verb is not Verb.BLOCKED]
    told = [[one.withheld.reason for one in plan.changes if one.withheld] for plan in (made.plan, again.plan)]
    assert told[0] == told[1], "what is withheld is told again"


def _rebuilt(case: Case, manifest: Manifest, around: Surroundings) -> dict[str, str]:
    """Rebuild the state first, where the case shows that; what a person is shown and asked."""
    if not case.all_of("rebuild"):
        return {}
    looked = asyncio.run(look(manifest, around))
    lines = rebuilt_text(looked.rebuilt, is_damaged=False, unreadable=())
    asyncio.run(keep(looked, around))
    return {"rebuild": "\n".join((*(line.text for line in lines), rebuild_question(looked.rebuilt)))}


def play(case: Case) -> dict[str, str]:
    """Plan and apply a scenario; what there is to see, by the kind of block."""
    project, manifests = _sources(case)
    sources = [project, *manifests]
    manifest, said = parse_manifests(project, manifests)
    if manifest is None:
        return {"diagnostics": _told(said, sources, Failure(*said).exit_code)}
    scene = scene_of(_yaml(case.text_of("yaml live") or ""), manifest.project.name)
    scene = with_addresses(scene, (*manifest.sets, *manifest.albums))
    scene = evolve(scene, words=WORDS)
    around, service = _surroundings(case, scene)
    if case.all_of("drift"):
        lines = drift_text(asyncio.run(drift(manifest, around)))
        return {"drift": _without_seconds("\n".join(line.text for line in lines))}
    found = _rebuilt(case, manifest, around)
    try:
        made = asyncio.run(_planned(manifest, around, _options(case)))
    except Failure as failure:
        return {"diagnostics": _told(failure.diagnostics, sources, failure.exit_code)}
    found |= {"plan": _plan_text(made), "json": encode_plan(made.plan, version="golden").decode()}
    if made.refusals:
        return found | {"diagnostics": _told(made.refusals, sources, ExitCode.GUARD)}
    asyncio.run(_applied(made, manifest, around, service))
    return found | {"after": shown(service.world, scene)}


def _golden(case: Case) -> Path:
    """Where the plan of *case* stands as JSON."""
    words = re.sub(r"[^a-z0-9]+", "-", case.title.lower()).strip("-")
    return GOLDEN / f"{case.file.stem}.{words}.json"


if UPDATE:  # one file is one test, since tests run side by side

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_what_is_expected_is_written_anew(file: Path) -> None:
        for case in cases_in(file):
            found = play(case)
            rewrite(case, {kind: found.get(kind, "") for kind in EXPECTED})
            if "json" in found:
                GOLDEN.mkdir(exist_ok=True)
                _golden(case).write_text(found["json"], encoding="utf-8")


@pytest.mark.skipif(UPDATE, reason="what is expected is being written anew")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_reviewer_sees(case: Case) -> None:
    found = play(case)
    for kind in ("diagnostics", "drift", "rebuild", "plan"):
        assert (case.text_of(kind) or "").rstrip("\n") == found.get(kind, ""), kind
    after = case.text_of("after")
    assert after is None or after.rstrip("\n") == found.get("after", "")
    if "json" in found:
        assert _golden(case).read_text(encoding="utf-8") == found["json"], "the plan as JSON"


@pytest.mark.skipif(UPDATE, reason="what is expected is being written anew")
def test_every_plan_stands_as_json_and_no_other() -> None:
    planned = {_golden(case) for case in CASES if case.text_of("plan")}
    assert set(GOLDEN.iterdir()) == planned
    assert len(planned) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_says_what_must_be_seen_before_it_shows_it(case: Case) -> None:
    assert case.says, "a case opens with a sentence"
    assert case.says.endswith((".", ":")), case.says
    assert {block.kind for block in case.blocks} <= INPUTS | set(EXPECTED)


def test_titles_are_told_apart() -> None:
    assert len({case.id for case in CASES}) == len(CASES) >= 25


def test_a_long_wedding_with_few_changes_is_read_without_scrolling() -> None:
    wedding = next(case for case in CASES if "600 photos" in case.title)
    assert len((wedding.text_of("plan") or "").splitlines()) < 25
