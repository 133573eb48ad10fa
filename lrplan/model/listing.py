"""What one listing of an album shows."""

from attrs import frozen

from lrplan.model.album import Membership
from lrplan.model.asset import Asset


@frozen(kw_only=True)
class MemberListing:
    """The members of one album as listed, with the assets behind them."""

    membership: Membership
    assets: tuple[Asset, ...]

    def with_others(self, other: "MemberListing") -> "MemberListing":
        """This listing, and at its end what *other* shows of the same album beside it."""
        return MemberListing(
            membership=self.membership.with_others(other.membership),
            assets=tuple({asset.id: asset for asset in (*other.assets, *self.assets)}.values()),
        )
