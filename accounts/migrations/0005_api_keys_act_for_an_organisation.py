from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_api_keys_get_their_organisation")]
    operations = [
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("organisation__isnull", False), ("revoked_at__isnull", False), _connector="OR"
                ),
                name="api_key_acts_for_an_organisation",
            ),
        ),
    ]
