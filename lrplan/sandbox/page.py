"""The catalog as a person would see it: a tree of sets and albums, covers, photos in order, what the last run changed.

Problem: whoever tries a plan wants to see what became of the albums, without an account and without a client.
Method: one page without scripts, drawn from the tables at each request; pictures are loaded from the sandbox as they
are scrolled to. It shows no token; the API key that made an album is shown where it is not the sandbox's own.
Surprising case: a catalog may hold far more photos than a page can. Beyond a bound an album shows its first photos and
a link to a page of its own, which shows all.
"""

import html
import json
import sqlite3

from lrplan.sandbox.albums import PROJECT, cover_of, noun
from lrplan.sandbox.assets import file_name
from lrplan.sandbox.database import Account, Database, account_of
from lrplan.sandbox.history import (
    ADDED,
    ANNOUNCED,
    CHANGED,
    COVER,
    CREATED,
    DELETED,
    DEVELOPED,
    UPLOADED,
    Change,
    Run,
    last_runs,
)
from lrplan.sandbox.options import DEFAULT_API_KEY
from lrplan.sandbox.page_frame import document

MOST_PICTURES = 2000  # on one page of many albums
FEW_PICTURES = 12  # of an album, once that many are on the page
MOST_LOOSE = 60  # of the photos in no album
MOST_CHANGES = 200  # notes of the last run
GIGABYTE = 1e9


def catalog_page(database: Database, album_id: str | None = None) -> str:
    """Draw every account's catalog, or one album with all its photos."""
    parts = []
    for row in database.rows("SELECT * FROM account ORDER BY rowid"):
        catalog = _Catalog(database, account_of(row))
        parts.append(catalog.alone(album_id) if album_id else catalog.whole())
    body = "".join(parts) or "<main><p>There is no such album.</p></main>"
    return document("Sandbox catalog", body)


class _Catalog:
    """Draws the catalog of one account."""

    def __init__(self, database: Database, account: Account) -> None:
        self._database = database
        self._account = account
        self._id = account.catalog_id or ""
        rows = database.rows("SELECT * FROM album WHERE catalog_id = ? ORDER BY name, serial", (self._id,))
        self._albums = {row["id"]: row for row in rows}
        self._runs = last_runs(database, self._id)
        self._changes = self._runs[0].changes if self._runs else ()
        self._kinds: dict[str, set[str]] = {}
        for one in self._changes:
            self._kinds.setdefault(one.subject_id, set()).add(one.kind)
        self._new = {(one.subject_id, asset_id) for one in self._changes for asset_id in one.asset_ids}
        self._pictures_left = MOST_PICTURES

    def whole(self) -> str:
        """Draw the account, the tree, the last run, each album, and the photos in no album."""
        account = self._account
        used = f"{account.used / GIGABYTE:.1f} of {account.storage_limit / GIGABYTE:.1f} GB used"
        head = (
            f"<header><h1>{_text(account.full_name)}</h1><p class=weak>{_text(account.email)}, "
            f"{_text(account.status)}, {used}</p></header>"
        )
        if not self._id:
            return f"{head}<main><p>This customer has no catalog.</p></main>"
        albums = [row for row in self._albums.values() if noun(row["subtype"]) == "album"]
        tree = self._tree() or "<p class=weak>No albums yet.</p>"
        articles = "".join(self._album(row, full=False) for row in albums)
        return f"{head}<main><section><h2>Albums</h2>{tree}</section>{self._last_run()}{articles}{self._loose()}</main>"

    def alone(self, album_id: str) -> str:
        """Draw one album with all its photos; nothing when it is in another catalog."""
        row = self._albums.get(album_id)
        if row is None:
            return ""
        return f"<main><p><a href='/'>All albums</a></p>{self._album(row, full=True)}</main>"

    def _tree(self) -> str:
        children: dict[str | None, list[sqlite3.Row]] = {}
        for row in self._albums.values():
            parent = row["parent_id"] if row["parent_id"] in self._albums else None
            children.setdefault(parent, []).append(row)
        return self._branch(children, None)

    def _branch(self, children: dict[str | None, list[sqlite3.Row]], parent: str | None) -> str:
        """Draw a set's children, sets first; a level at a time, because nesting has no bound."""
        pieces: list[str] = []
        stack: list[sqlite3.Row | str] = ["</ul>", *reversed(_sets_first(children.get(parent, []))), "<ul class=tree>"]
        if parent is None and not children:
            return ""
        while stack:
            row = stack.pop()
            if isinstance(row, str):
                pieces.append(row)
                continue
            name = _text(row["name"])
            if noun(row["subtype"]) == "album":
                pieces.append(f"<li><a href='#{row['id']}'>{name}</a>{self._marks(row)}</li>")
                continue
            pieces.append(f"<li><span class=set>{name}</span>{self._marks(row)}")
            stack += ["</ul></li>", *reversed(_sets_first(children.get(row["id"], []))), "<ul>"]
        return "".join(pieces)

    def _marks(self, row: sqlite3.Row) -> str:
        """Say what is special about an album: whose it is, that its set is gone, what the last run did to it."""
        marks = ""
        if row["parent_id"] is not None and row["parent_id"] not in self._albums:
            marks += " <small>its set is gone</small>"
        if row["service_id"] is None:
            marks += " <small>the customer's own</small>"
        elif row["service_id"] != DEFAULT_API_KEY:
            marks += f" <small>of {_text(row['service_id'])}</small>"
        kinds = self._kinds.get(row["id"])
        if kinds:
            marks += f" <span class='badge new'>{'new' if CREATED in kinds else 'changed'}</span>"
        return marks

    def _last_run(self) -> str:
        if not self._runs:
            return "<section><h2>Last run</h2><p class=weak>Nothing was changed yet.</p></section>"
        last, *earlier = self._runs
        before = "".join(
            f"<details><summary class=weak>The run before that, {_moment(run)}</summary>{_sentences(run)}</details>"
            for run in earlier
        )
        return (
            "<section id=last-run><h2>What the last run changed</h2>"
            f"<p class=weak>It began to write at {_moment(last)}.</p>{_sentences(last)}{before}</section>"
        )

    def _album(self, row: sqlite3.Row, *, full: bool) -> str:
        counted = self._database.row(
            "SELECT count(*) FROM member WHERE catalog_id = ? AND album_id = ?", (self._id, row["id"])
        )
        assert counted is not None
        total = shown = int(counted[0])
        if not full:
            shown = min(total, max(FEW_PICTURES, self._pictures_left))
            self._pictures_left -= shown
        members = self._database.rows(
            "SELECT a.*, m.payload AS member_payload FROM member m"
            " JOIN asset a ON a.catalog_id = m.catalog_id AND a.id = m.asset_id"
            " WHERE m.catalog_id = ? AND m.album_id = ? ORDER BY m.sort_key, m.created, m.serial LIMIT ?",
            (self._id, row["id"], shown),
        )
        cover_id = cover_of(row) or (members[0]["id"] if members else None)
        photos = "".join(
            self._photo(one, is_cover=one["id"] == cover_of(row), is_new=(row["id"], one["id"]) in self._new)
            for one in members
        )
        rest = ""
        if shown < total:
            rest = f"<p><a href='/?album={row['id']}'>All {total} photos</a></p>"
        cover = f"<img class=cover loading=lazy alt='' src='{self._source(cover_id)}'>" if cover_id else "<span></span>"
        count = f"{total} photo{'' if total == 1 else 's'}"
        parent = self._albums.get(row["parent_id"] or "")
        count += f" in {_text(parent['name'])}" if parent is not None else ""
        return (
            f"<article class=album id='{row['id']}'>{cover}<div><h3 class=name>{_text(row['name'])}{self._marks(row)}"
            f"</h3><p class=weak>{count}</p>{_published(row)}</div><ol class=photos>{photos}</ol>{rest}</article>"
        )

    def _photo(self, row: sqlite3.Row, *, is_cover: bool, is_new: bool) -> str:
        name = _text(file_name(row) or row["id"])
        badges = "<span class='badge is-cover'>cover</span> " if is_cover else ""
        badges += "<span class=badge>new</span> " if is_new else ""
        badges += "<span class=badge>deleted</span> " if row["subtype"].startswith("deleted") else ""
        badges += "" if row["complete"] else "<span class=badge>original awaited</span> "
        classes = " ".join(
            word for word, holds in (("new", is_new), ("gone", row["subtype"].startswith("deleted"))) if holds
        )
        return (
            f"<li class='{classes}'><img loading=lazy alt='{name}' src='{self._source(row['id'])}'>{badges}{name}</li>"
        )

    def _loose(self) -> str:
        """Draw the first photos that are in no album."""
        rows = self._database.rows(
            "SELECT a.* FROM asset a WHERE a.catalog_id = ? AND NOT EXISTS"
            " (SELECT 1 FROM member m WHERE m.catalog_id = a.catalog_id AND m.asset_id = a.id)"
            " ORDER BY a.capture_key DESC, a.serial DESC LIMIT ?",
            (self._id, MOST_LOOSE + 1),
        )
        if not rows:
            return ""
        photos = "".join(self._photo(row, is_cover=False, is_new=False) for row in rows[:MOST_LOOSE])
        more = "<p class=weak>And more.</p>" if len(rows) > MOST_LOOSE else ""
        return f"<section><h2>Photos in no album</h2><ol class=photos>{photos}</ol>{more}</section>"

    def _source(self, asset_id: str) -> str:
        return f"/sandbox/thumbnails/{self._id}/{html.escape(asset_id)}"


def _sets_first(rows: list[sqlite3.Row]) -> list[sqlite3.Row]:
    return sorted(rows, key=lambda row: noun(row["subtype"]) == "album")


def _text(value: str) -> str:
    return html.escape(value)


def _published(row: sqlite3.Row) -> str:
    """Show what a client says of the album elsewhere: its id there, and that it is gone there."""
    publish = json.loads(row["payload"]).get("publishInfo")
    if row["subtype"] != PROJECT or not isinstance(publish, dict):
        return ""
    remote = publish.get("remoteId")
    words = f"<p class=weak>published as <code>{_text(str(remote))}</code></p>" if remote else ""
    return words + ("<p class=weak>no longer published</p>" if publish.get("deleted") is True else "")


def _moment(run: Run) -> str:
    return f"{_text(run.began[:19].replace('T', ' '))} UTC"


def _sentences(run: Run) -> str:
    lines = [f"<li>{_sentence(one)}</li>" for one in run.changes[:MOST_CHANGES]]
    if len(run.changes) > MOST_CHANGES:
        lines.append(f"<li>and {len(run.changes) - MOST_CHANGES} more</li>")
    return f"<ul>{''.join(lines)}</ul>"


def _sentence(change: Change) -> str:
    """Say what one note is about."""
    name, count = f"<b>{_text(change.name)}</b>", len(change.asset_ids)
    if change.kind == ADDED:
        return f"{count} photo{'' if count == 1 else 's'} added to {name}"
    if change.kind == COVER:
        return f"cover of {name} {'chosen' if count else 'taken away'}"
    if change.kind == CHANGED:
        return f"{name} changed" + (f": {_text(change.detail)}" if change.detail else "")
    verbs = {
        CREATED: f"{_text(change.detail)} {name} created",
        DELETED: f"{_text(change.detail)} {name} deleted",
        ANNOUNCED: f"{name} announced",
        UPLOADED: f"{name} uploaded",
        DEVELOPED: f"{name} given develop settings",
    }
    return verbs[change.kind]
