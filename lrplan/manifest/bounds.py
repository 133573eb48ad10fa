"""The bounds of what a manifest may say, each with its source."""

FORMAT_VERSION = 1
PROJECT_PATTERN = "[a-z0-9-]{1,40}"
NAME_CHARACTERS_MAX = 1024  # Lightroom API, the bound of a catalog's name; none is given for albums
SERVICE_PAYLOAD_CHARACTERS_MAX = 1024  # Lightroom API, servicePayload
PATH_CHARACTERS_MAX = 4096  # PATH_MAX of Linux
ARGUMENTS_MAX = 64  # ours
COUNT_MAX = 1_000_000_000
BYTES_MAX = 10**18
PART_BYTES_MIN = 32 * 1024  # Lightroom API, upload in parts: at least 32 KiB but for the last
PART_BYTES_MAX = 200_000_000  # Lightroom API, "Create asset original": at most 200 MB a call
STAMP_MAX = 2**31 - 1
KEY_DESCRIBED = "1 to 80 small letters, digits, dots, underscores and hyphens, of which the first is a letter or digit"
