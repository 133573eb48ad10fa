"""
The table of diagnostic codes: what each stands for and how a command that ends with it exits.

One row a code; the reference page docs/reference/diagnostics.md is made from this table.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from attrs import frozen


class ExitCode(IntEnum):
    """How a command ended, as docs/reference/contract.md promises."""

    DONE = 0
    UNEXPECTED = 1
    CHANGES = 2
    INVALID = 3
    CREDENTIALS = 4
    GUARD = 5
    STALE = 6
    LEASE = 7
    INCOMPLETE = 8
    READ_BACK = 9
    SERVICE = 10
    USAGE = 64


@frozen
class Code:
    """A row of the table: a title for the reference page, and the exit code."""

    title: str
    exit_code: ExitCode


CODES: Mapping[str, Code] = MappingProxyType(
    {
        "LRP001": Code("unexpected error", ExitCode.UNEXPECTED),
        # Files and YAML
        "LRP101": Code("file missing or unreadable", ExitCode.INVALID),
        "LRP102": Code("not UTF-8", ExitCode.INVALID),
        "LRP103": Code("not valid YAML", ExitCode.INVALID),
        "LRP104": Code(
            "YAML feature that is not accepted (anchors that multiply, tags, depth, several documents)",
            ExitCode.INVALID,
        ),
        "LRP105": Code("unknown or missing format version", ExitCode.INVALID),
        "LRP106": Code("state, journal, plan or snapshot file damaged", ExitCode.INVALID),
        "LRP107": Code("file of a newer format", ExitCode.INVALID),
        "LRP108": Code("state or journal could not be written, and so nothing was sent", ExitCode.INVALID),
        "LRP109": Code("snapshot does not hold what the plan needs", ExitCode.INVALID),
        # What a manifest says
        "LRP201": Code("unknown key", ExitCode.INVALID),
        "LRP202": Code("duplicate key", ExitCode.INVALID),
        "LRP203": Code("wrong type or value", ExitCode.INVALID),
        "LRP204": Code("photo not found", ExitCode.INVALID),
        "LRP205": Code("photo name is ambiguous", ExitCode.INVALID),
        "LRP206": Code("cover is not a member", ExitCode.INVALID),
        "LRP207": Code("parent does not exist", ExitCode.INVALID),
        "LRP208": Code("parents form a cycle", ExitCode.INVALID),
        "LRP209": Code("required key missing", ExitCode.INVALID),
        "LRP210": Code("photo named twice", ExitCode.INVALID),
        "LRP211": Code("file to upload missing, unreadable or not a photo", ExitCode.INVALID),
        "LRP212": Code("file to upload differs from its sha256", ExitCode.INVALID),
        "LRP213": Code("photo is in the trash or has left the catalog", ExitCode.INVALID),
        "LRP214": Code(
            'album named by "within" or "select" does not exist, or leads back to itself',
            ExitCode.INVALID,
        ),
        "LRP221": Code('album or set named by "adopt" cannot be taken over', ExitCode.INVALID),
        "LRP222": Code(
            '"moved" leads to no address, or two ways, or from one that has its album still', ExitCode.INVALID
        ),
        "LRP231": Code("file with develop settings missing, unreadable or not XMP", ExitCode.INVALID),
        "LRP232": Code("sidecar is ambiguous", ExitCode.INVALID),
        "LRP233": Code("different develop settings for one photo", ExitCode.INVALID),
        "LRP234": Code("develop settings cannot be copied", ExitCode.INVALID),
        "LRP235": Code("develop settings for a video", ExitCode.INVALID),
        # Account, sign-in
        "LRP301": Code("no credentials", ExitCode.CREDENTIALS),
        "LRP302": Code("credentials refused", ExitCode.CREDENTIALS),
        "LRP303": Code("account may not use the service", ExitCode.CREDENTIALS),
        "LRP304": Code("no catalog, or another one", ExitCode.CREDENTIALS),
        "LRP305": Code("state belongs to another account, API key or project", ExitCode.CREDENTIALS),
        "LRP306": Code("sign-in could not be read from its store, or not be stored", ExitCode.CREDENTIALS),
        "LRP307": Code("auth.command gave no access token", ExitCode.CREDENTIALS),
        "LRP308": Code("sign-in did not come through", ExitCode.CREDENTIALS),
        "LRP309": Code("service wants a newer release of lrplan", ExitCode.CREDENTIALS),
        "LRP351": Code("clock of this machine is off", ExitCode.CREDENTIALS),
        "LRP352": Code("access token ends soon, or is for another API key", ExitCode.CREDENTIALS),
        "LRP353": Code("access token lacks a scope", ExitCode.CREDENTIALS),
        "LRP354": Code("storage of the account is not known", ExitCode.CREDENTIALS),
        # Guards
        "LRP401": Code("more changes of a kind than the limits allow", ExitCode.GUARD),
        "LRP402": Code("would delete every album", ExitCode.GUARD),
        "LRP403": Code("storage would not suffice", ExitCode.GUARD),
        "LRP405": Code("select that finds no photo, or list file that holds none", ExitCode.GUARD),
        "LRP404": Code("would delete or replace what is protected", ExitCode.GUARD),
        # Stale
        "LRP502": Code("original file, or one with develop settings, changed since the plan", ExitCode.STALE),
        "LRP503": Code("plan is not the expected one", ExitCode.STALE),
        "LRP508": Code("state changed while it was being rebuilt", ExitCode.STALE),
        # Lease
        "LRP601": Code("another apply is running", ExitCode.LEASE),
        # Apply
        "LRP703": Code("storage is full; the service said to stop", ExitCode.INCOMPLETE),
        "LRP704": Code("the run ended before a call was sent", ExitCode.INCOMPLETE),
        "LRP705": Code("the run ended before a call was sent again", ExitCode.INCOMPLETE),
        "LRP706": Code("state or journal could not be written any more", ExitCode.INCOMPLETE),
        "LRP751": Code("an earlier apply did not finish", ExitCode.INCOMPLETE),
        "LRP752": Code("albums of this project that nothing declares or remembers", ExitCode.INCOMPLETE),
        "LRP753": Code("throw-away album of a probe could not be removed", ExitCode.INCOMPLETE),
        "LRP754": Code("probe was stopped, or could not make its throw-away album", ExitCode.INCOMPLETE),
        # Service
        "LRP801": Code("service could not be reached", ExitCode.SERVICE),
        "LRP802": Code("service kept failing", ExitCode.SERVICE),
        "LRP803": Code("service answered in an unknown way", ExitCode.SERVICE),
        "LRP804": Code("service refused a request", ExitCode.SERVICE),
        "LRP805": Code("sign-in service could not be reached or kept failing", ExitCode.SERVICE),
        "LRP806": Code("service asked for a longer pause than is worth waiting for", ExitCode.SERVICE),
        # Usage
        "LRP901": Code("wrong usage", ExitCode.USAGE),
        "LRP902": Code("output could not be written", ExitCode.UNEXPECTED),
    }
)
