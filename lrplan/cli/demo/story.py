"""
The story of the demonstration, one act after the other; it goes on only while each act ends as promised.

Manifests become a plan, the plan is applied and read back, a second plan finds nothing to do. Then the manifests are
edited, and the apply of that edit is killed in the middle; the same command finishes it.
"""

from collections.abc import Mapping
from pathlib import Path
from signal import SIGKILL

import click
from attrs import frozen

from lrplan.cli.demo.edit import difference, edited
from lrplan.cli.demo.example import MANIFEST, PICTURES, OwnPhotos, example_manifests, own_photos
from lrplan.cli.demo.stage import Stage, expect
from lrplan.diagnostics import ExitCode
from lrplan.formats.plan import decode_plan
from lrplan.render.amounts import count, size
from lrplan.render.escape import for_text
from lrplan.render.line import Line, Tone

VERIFIED = "Verified: the catalog matches the manifests."
NO_CHANGES = "No changes. The catalog matches the manifests."
_DIFF_TONES = {"+": Tone.CREATE, "-": Tone.DELETE, "@": Tone.FAINT}
_LEFT_OUT_SHOWN = 10


@frozen(kw_only=True)
class _Wish:
    """What the project asks for: the text of each manifest, and the pictures that the catalog already has, if any."""

    manifests: Mapping[str, str]
    pictures: Path | None = None


async def perform(stage: Stage, photos: Path | None) -> None:
    """Play the demonstration in the stage's folder, which `init` makes. Failure LRP001 when it does not come out."""
    own = None if photos is None else own_photos(photos, stage.folder)
    began = "a catalog of its own with 24 photos" if photos is None else f"an empty catalog, and the photos in {photos}"
    stage.tell(f"A demonstration in {stage.folder}, on a stand-in for Adobe's service: {began}.\nFirst a new project.")
    project = stage.folder
    begun = await stage.run("init", str(project), "--sandbox", "--project", "demo", folder=Path())
    expect(begun, ExitCode.DONE)
    stage.enter()
    wish = _example(stage) if own is None else _own(stage, own)
    example = project / "manifests" / "example.yaml"
    example.unlink()
    stage.tell(f"We have manifests of our own, so I remove {example}.")
    for path, text in wish.manifests.items():
        (project / path).write_text(text, encoding="utf-8")
    async with stage.lit(wish.pictures):
        await _first_apply(stage)
        await _edit(stage, wish)
        await _interrupted_apply(stage)
    _farewell(stage)


def _example(stage: Stage) -> _Wish:
    from lrplan.sandbox.pictures import make_pictures

    manifests = example_manifests()
    pictures = stage.folder / "photos"
    make_pictures(pictures, PICTURES)
    names = ", ".join(manifests)
    stage.tell(f"This is what we want, in {names}; the photos are in the catalog already:")
    for text in manifests.values():
        stage.show(tuple(Line(f"  {for_text(line)}", Tone.FAINT) for line in _beginning(text)))
    return _Wish(manifests=manifests, pictures=pictures)


def _own(stage: Stage, own: OwnPhotos) -> _Wish:
    stage.tell(
        f"I wrote {MANIFEST}: an album of {count(own.count, 'photo')} of yours ({size(own.size_bytes)}), the latest "
        "first, to be uploaded."
    )
    for name, reason in list(own.left_out.items())[:_LEFT_OUT_SHOWN]:
        stage.show((Line(f"  left out: {for_text(name)}: {for_text(reason)}", Tone.CHANGE),))
    if len(own.left_out) > _LEFT_OUT_SHOWN:
        stage.show((Line(f"  … and {len(own.left_out) - _LEFT_OUT_SHOWN:,} more left out", Tone.CHANGE),))
    stage.show(tuple(Line(f"  {for_text(line)}", Tone.FAINT) for line in _beginning(own.manifest)))
    return _Wish(manifests={MANIFEST: own.manifest})


def _beginning(text: str, lines_max: int = 24) -> list[str]:
    lines = text.splitlines()
    return lines if len(lines) <= lines_max + 2 else [*lines[:lines_max], f"… and {len(lines) - lines_max} more lines"]


async def _first_apply(stage: Stage) -> None:
    stage.tell("What would that change? Planning only reads.")
    expect(await stage.run("plan"), ExitCode.DONE, "to create")
    stage.tell("Do it. When all is sent, lrplan reads the catalog again to see that it is so.")
    expect(await stage.run("apply", "--auto-approve"), ExitCode.DONE, VERIFIED)
    stage.tell("Once more: there must be nothing left to do.")
    again = await stage.run("plan")
    expect(again, ExitCode.DONE, NO_CHANGES)
    _count_no_writes(stage, again.calls, again.writes)


async def _edit(stage: Stage, wish: _Wish) -> None:
    path, before = max(wish.manifests.items(), key=lambda item: len(item[1]))
    after = edited(before)
    (stage.folder / path).write_text(after, encoding="utf-8")
    stage.tell(f"Now I edit {path}:")
    stage.show(
        tuple(
            Line(f"  {for_text(line)}", _DIFF_TONES.get(line[0], Tone.PLAIN))
            for line in difference(before, after, path)
        )
    )


async def _interrupted_apply(stage: Stage) -> None:
    expect(await stage.run("plan", "-o", "plan.json"), ExitCode.DONE, "To do it")
    plan = decode_plan((stage.folder / "plan.json").read_bytes(), file="plan.json")
    total = plan.summary.apply_calls
    if plan.summary.replace:
        stage.tell(
            "+/- because the API can neither take a photo out of an album nor move one inside it: lrplan makes the\n"
            "album anew, sees that everything is in it, and deletes the old one last."
        )
    stage.tell(f"All of that takes {count(total, 'call')}. In the middle of them I pull the plug, with SIGKILL.")
    killed = await stage.run("apply", "plan.json", plug_at=(total - 1) // 2)
    expect(killed, -SIGKILL)
    stage.show((Line(f"I pulled the plug at call {killed.plugged_at} of {total}.", Tone.BAD),))
    stage.tell("The call was carried out, its answer never arrived, and nobody knows. The same command again:")
    expect(await stage.run("apply", "plan.json"), ExitCode.DONE, VERIFIED)
    stage.tell("And the proof that nothing is missing and nothing is there twice:")
    again = await stage.run("plan")
    expect(again, ExitCode.DONE, NO_CHANGES)
    _count_no_writes(stage, again.calls, again.writes)


def _count_no_writes(stage: Stage, calls: int, writes: int) -> None:
    said = f"(The stand-in counted {count(calls, 'call')}, and {writes or 'none'} of them wrote.)"
    stage.show((Line(said, Tone.FAINT),))
    expect_no_writes(writes)


def expect_no_writes(writes: int) -> None:
    """See that planning wrote nothing. Failure LRP001 when it did."""
    from lrplan.diagnostics import Failure, error

    if writes:
        what = f"the demonstration went wrong: a plan sent {count(writes, 'call')} that write"
        raise Failure(error("LRP001", what, why="This is a bug in lrplan."))


def _farewell(stage: Stage) -> None:
    there = stage.session.inside(stage.folder)
    folder, data = Path(there.folder), Path(".lrplan") / "sandbox"
    assert stage.stand_in is not None
    catalog = f"/v2/catalogs/{stage.stand_in.catalog_id}"
    stage.tell(f"The project stays in {folder}; its catalog lives on in {folder / data}.")
    click.echo(f"  Go on:      edit {folder / 'manifests'}, then {there.command('plan')}")
    click.echo(f"  Look at it: {there.command('sandbox', '--data', data)}")
    click.echo("              and, with what it prints,")
    click.echo(
        '              curl -s -H "X-API-Key: $LRPLAN_API_KEY" -H "Authorization: Bearer $LRPLAN_ACCESS_TOKEN" '
        f'"$LRPLAN_ENDPOINT{catalog}/albums"'
    )
