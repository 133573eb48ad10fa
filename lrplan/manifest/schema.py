"""
Which keys a manifest may have: the one table.

The checks of a manifest, its JSON Schema and its reference page are all made from `TABLES`. To add a key, add a row
in `project_keys`, `entry_keys` or `photo_keys`; where its type is new, also a class in `value_types`.

The surprising case: a key that is left out is not managed, so hardly any key is required, and a default says what
lrplan does without the key, not what it writes into the catalog.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lrplan.manifest.entry_keys import ALBUM, LINK, PUBLISH_INFO, REMOTE_LINKS, SET, WITHIN
from lrplan.manifest.photo_keys import COVER, DEVELOP, MEMBER, MEMBER_PUBLISH_INFO, SELECT
from lrplan.manifest.project_keys import API, AUTH, DEFAULTS, LIMITS, MOVE, TOP
from lrplan.manifest.table import Table

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "top": TOP,
        "set": SET,
        "album": ALBUM,
        "member": MEMBER,
        "select": SELECT,
        "cover": COVER,
        "develop": DEVELOP,
        "within": WITHIN,
        "publishInfo": PUBLISH_INFO,
        "remoteLinks": REMOTE_LINKS,
        "link": LINK,
        "memberPublishInfo": MEMBER_PUBLISH_INFO,
        "auth": AUTH,
        "move": MOVE,
        "defaults": DEFAULTS,
        "limits": LIMITS,
        "api": API,
    }
)
