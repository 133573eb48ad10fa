"""The numbers of the Lightroom API that a plan must respect, each with its source."""

from lrplan.manifest.schema import PART_BYTES_MAX

MEMBERS_PER_CALL_MAX = 50  # Lightroom API, "Add assets to album": limited to 50 assets per call
MEMBERS_PER_PAGE_MAX = 500  # Lightroom API, "List assets of an album": limit, maximum 500
ASSETS_PER_PAGE_MAX = 500  # Lightroom API, "Retrieve assets": limit, maximum 500
ASSET_IDS_PER_CALL_MAX = 100  # Lightroom API, "Retrieve assets": asset_ids, 1 to 100
UPLOAD_PER_CALL_BYTES_MAX = PART_BYTES_MAX  # one number: a manifest may ask for no larger parts either
GENERATIONS_TRIED_MAX = 8  # ours: how many ids in a row may turn out to be unusable before a person must look


def parts_of(size_bytes: int, part_size_bytes: int) -> int:
    """How many calls an original of this size takes: one up to *part_size_bytes*, else one a part."""
    if size_bytes <= min(part_size_bytes, UPLOAD_PER_CALL_BYTES_MAX):
        return 1
    return -(-size_bytes // part_size_bytes)


def pages_of(items: int, per_page: int) -> int:
    """How many pages a listing of *items* has; an empty one has one."""
    return max(1, -(-items // per_page))
