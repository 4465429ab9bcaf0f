"""Every address of a site: one line per audience."""

from __future__ import annotations

from django.urls import include, path

handler400 = "tongban.web.render.bad_request"
handler403 = "tongban.web.render.permission_denied"
handler404 = "tongban.web.render.page_not_found"
handler500 = "tongban.web.render.server_error"

urlpatterns = [
    path("", include("tongban.portal.urls")),
    path("", include("tongban.web.urls")),
    path("", include("tongban.desk.signing_urls")),
    path("desk/", include("tongban.desk.urls")),
    path("admin/", include("tongban.monitor.urls")),
    path("", include("tongban.api.urls")),
]
