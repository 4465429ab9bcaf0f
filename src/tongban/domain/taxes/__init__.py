"""The tax estimate 税费估算: what each side will probably have to pay.  The tax office decides (税务机关核定为准)."""

from tongban.domain.taxes.deal import Deal, HomesOwned, Seat, TaxFigures
from tongban.domain.taxes.estimate import estimate
from tongban.domain.taxes.holding import HomeHistory, full_years_reached, held_since
from tongban.domain.taxes.lines import Estimate, Standing, Tax, TaxLine, TaxPayer

__all__ = [
    "Deal",
    "Estimate",
    "HomeHistory",
    "HomesOwned",
    "Seat",
    "Standing",
    "Tax",
    "TaxFigures",
    "TaxLine",
    "TaxPayer",
    "estimate",
    "full_years_reached",
    "held_since",
]
