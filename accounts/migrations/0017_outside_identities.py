"""Outside identities in the history of an account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_session_epoch")]

    operations = [
        migrations.AlterField(
            model_name="personevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("profile", "profile changed"),
                    ("key_made", "API key made"),
                    ("key_revoked", "API key revoked"),
                    ("data_asked", "copy of the personal data asked for"),
                    ("data_taken", "copy of the personal data taken"),
                    ("erased", "person erased"),
                    ("identity_added", "outside identity added"),
                    ("identity_removed", "outside identity taken off"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
