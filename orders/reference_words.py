"""What the rules as delivered say of their sources, so that a French reader reads it in French.

The rows keep the English; pages and files show `in_language`. What an administrator writes is shown as
it was written.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

DELIVERED = frozenset(
    {
        _("Airbus price list, 2014: 500 km²"),
        _("By extension of the stereo rule; no public source."),
        _(
            "Circle worked out from SPOT 6-7's orbit (694 km) above 5° of elevation; the "
            "station's own mask is not published."
        ),
        _("DINAMIS, 2018: free within means"),
        _("DINAMIS, 2021: partnership needed"),
        _("DINAMIS, 2021; DRIEE, 2016: 100 km²"),
        _("DINAMIS, October 2021"),
        _("DINAMIS, October 2021: DSP price, no free share; figure of 2016"),
        _("DINAMIS, October 2021: co-funding, CNES (ISIS); amount not published, figure of 2016"),
        _("DINAMIS, October 2021: contribution to the scheme"),
        _("DINAMIS, October 2021: free within the quota"),
        _("DINAMIS, October 2021: free within the scheme's means"),
        _("DINAMIS, October 2021: no unit purchase, a global contribution"),
        _("DINAMIS, October 2021: preferential rate; amount not published, figure of 2019"),
        _("DRIEE, 2016: 100 km²"),
        _("DRIEE, 2016: 4.06 €/km² archive, 5.22 €/km² tasking, double for stereo"),
        _("DRIEE, 2016: European laboratories, Pléiades only"),
        _("DRIEE, 2016: double for stereo"),
        _("DRIEE, 2016: science through ISIS, 1 €/km², archive or tasking"),
        _("Natural Earth 1:50,000,000 (public domain): land outline, approximate."),
        _("No figure for 2019; DRIEE, 2016"),
        _("Recueil of good practice, sheet 17, 2019: free, or 1.40 to 1.80 €/km²"),
        _("SPOT 6-7 telemetry contract, 2015: free inside the station's circle"),
        _("Set for the start; no public source. An administrator changes it."),
        _("Quotas, co-funding and contributions, as presented on 22 October 2021."),
        _("Free, or at 1.40 to 1.80 €/km², as published in 2019; the day is not known."),
        _("ISIS and the public-service delegation, as published on 17 May 2016."),
    }
)


def in_language(text: str) -> str:
    """A source or a note in the active language, where it is one of those delivered."""
    return gettext(text) if text in DELIVERED else text
