"""The catalogue's addresses: they do not move."""

urlpatterns = []
