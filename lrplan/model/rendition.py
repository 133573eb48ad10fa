"""Pictures that the service makes of an original, and what one asset shows of them."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from lrplan.model.asset import Asset


class Rendition(StrEnum):
    """A kind of rendition, by the service's own name. Lightroom API, "Get latest asset rendition"."""

    THUMBNAIL = "thumbnail2x"
    SMALL = "640"
    MEDIUM = "1280"
    LARGE = "2048"
    LARGEST = "2560"
    FULL_SIZE = "fullsize"

    @property
    def is_generated(self) -> bool:
        """It has to be asked for and is gone after a day; the others exist once the original is in."""
        return self in (Rendition.LARGEST, Rendition.FULL_SIZE)


@frozen(kw_only=True)
class AssetDetail:
    """One asset, and what can be read of it.

    Attributes:
        renditions: Those that there are; False for one that was made before the photo was last edited.
        has_develop: Develop settings were uploaded for it.
    """

    asset: Asset
    renditions: Mapping[Rendition, bool] = field(factory=dict)
    has_develop: bool = False
