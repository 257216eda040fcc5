"""The walk without a place goes by satellite and collection: a collection of few scenes is found at once."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The table may hold millions of scenes: they are searched while the index is built.
    atomic = False

    dependencies = [("catalogue", "0011_every_platform_has_a_collection")]

    operations = [
        AddIndexConcurrently(
            model_name="scene",
            index=models.Index(
                fields=["platform", "collection", "-datetime", "-id"], name="scene_kind_newest"
            ),
        ),
        RemoveIndexConcurrently(model_name="scene", name="scene_platform_newest"),
    ]
