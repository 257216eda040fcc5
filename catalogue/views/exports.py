"""The list of results as a file: CSV for sheets, GeoJSON, KML and GeoParquet for GIS."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_http_methods

from catalogue.exported.formats import FORMATS
from catalogue.services import exports
from catalogue.views.workbench import asked


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def as_file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """At most a thousand scenes, in the order of the list, with what each is worth over the area.

    A list of names that no address holds is posted.
    """
    question, _area = asked(request)
    # Asked before the first byte is sent, so that a refusal is a page.
    rows = exports.of_question(question, user=request.user)
    form = FORMATS[kind]
    return StreamingHttpResponse(
        form.write(rows),
        content_type=form.kind,
        headers={
            "Content-Disposition": f'attachment; filename="{form.name}"',
            "Cache-Control": "private, no-store",  # what is under embargo is some readers' alone
        },
    )
