"""Cutting a sorted listing into pages that never split a tie.

Problem: the next page is asked for by the sorting value of the last item, so items that share it must come together,
which makes pages longer than their limit.
Method: find the value at the limit, then read everything up to and including that value; then look whether anything
lies on either side.
Surprising case: walking up, the page is cut upwards from the bound but still handed over newest first, as the contract
has it: ``prev`` is after the first item, ``next`` before the last.
"""

import sqlite3

from attrs import evolve, frozen

from lrplan.sandbox.database import Database, Value


@frozen(kw_only=True)
class Selection:
    """What is listed: ``columns`` and ``source`` of an SQL query, its conditions and their values.

    ``key`` is the text column or expression that sorts and cuts, ``tie`` sorts inside a tie.
    """

    columns: str
    source: str
    where: tuple[str, ...]
    values: tuple[Value, ...]
    key: str
    tie: str

    def having(self, condition: str, *values: Value) -> "Selection":
        """Give the same with one more condition."""
        return evolve(self, where=(*self.where, condition), values=(*self.values, *values))

    def sql(self, columns: str) -> str:
        """Write the query without its order."""
        return f"SELECT {columns} FROM {self.source} WHERE {' AND '.join(self.where)}"  # noqa: S608  # our own text


@frozen(kw_only=True)
class Page:
    """Rows (with a column ``page_key``) and whether anything has a lower or a higher key than all of them."""

    rows: list[sqlite3.Row]
    lower: bool
    higher: bool


def cut(database: Database, selection: Selection, bound: str | None, limit: int, *, rising: bool) -> Page:
    """Take at least ``limit`` rows strictly beyond ``bound`` (all, when ``None``), in order, whole ties only."""
    sign, far, order = (">", "<=", "ASC") if rising else ("<", ">=", "DESC")
    key = selection.key
    beyond = selection if bound is None else selection.having(f"{key} {sign} ?", bound)
    edge = database.row(
        f"{beyond.sql(f'{key} AS page_key')} ORDER BY {key} {order} LIMIT 1 OFFSET {limit - 1}", beyond.values
    )
    within = beyond if edge is None else beyond.having(f"{key} {far} ?", edge["page_key"])
    columns = f"{selection.columns}, {key} AS page_key"
    rows = database.rows(
        f"{within.sql(columns)} ORDER BY {key} {order}, {_order_ties(selection.tie, order)}", within.values
    )
    if not rows:
        return Page(rows=[], lower=False, higher=False)
    ends = sorted((rows[0]["page_key"], rows[-1]["page_key"]))
    return Page(
        rows=rows,
        lower=_any(database, selection.having(f"{key} < ?", ends[0])),
        higher=_any(database, selection.having(f"{key} > ?", ends[1])),
    )


def _order_ties(tie: str, order: str) -> str:
    return ", ".join(f"{column.strip()} {order}" for column in tie.split(","))


def _any(database: Database, selection: Selection) -> bool:
    return database.row(f"{selection.sql('1')} LIMIT 1", selection.values) is not None
