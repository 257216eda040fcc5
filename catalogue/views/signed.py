"""A bearer link: one file, for whoever holds it, checked anew at each request."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import Download
from catalogue.services import downloads
from catalogue.views.products import give
from dinamis.errors import NotAllowed
from dinamis.sending import file_name


@login_not_required
@require_safe
def signed_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """Send the file of a link. In a browser it needs the session of the person it was made for."""
    bearer = downloads.open_link(token)
    if name != file_name(bearer.file.name):
        raise Http404
    if request.user.is_authenticated and request.user != bearer.user:
        raise NotAllowed("not_your_link", _("This link was made for somebody else."))
    return give(
        request,
        bearer.user,
        bearer.file.product,
        bearer.file,
        how=Download.How.LINK,
        bearer=bearer,
    )
