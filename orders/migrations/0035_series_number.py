"""The numbers of programmes: S-2026-0001."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0034_shares_of_later_years")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_series_number;", "DROP SEQUENCE orders_series_number;"
        ),
    ]
