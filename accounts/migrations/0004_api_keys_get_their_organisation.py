"""Give each key the organisation its person acts for; a key whose person acts for none stops."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def fill(apps: Any, schema_editor: Any) -> None:
    keys = apps.get_model("accounts", "ApiKey").objects.filter(organisation=None)
    current = apps.get_model("accounts", "Affiliation").objects.filter(is_current=True)
    for user, organisation in current.values_list("user", "organisation"):
        keys.filter(user=user).update(organisation=organisation)
    keys.filter(organisation=None, revoked_at=None).update(revoked_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api_key_columns")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
