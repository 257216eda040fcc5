from django.db import migrations

OURS = ("pleiades", "spot67")  # until now a satellite's collection was called as its sensor


def fill(apps, schema_editor):
    collections = apps.get_model("catalogue", "Collection").objects
    licences = apps.get_model("accounts", "Licence").objects
    for platform in apps.get_model("catalogue", "Platform").objects.filter(collection=None):
        collection, _new = collections.get_or_create(
            code=platform.sensor_id,
            defaults={"title_fr": platform.sensor.name_fr, "title_en": platform.sensor.name_en},
        )
        platform.collection = collection
        platform.save(update_fields=["collection"])
    for code in OURS:
        if licences.filter(code=code).exists():
            collections.filter(code=code, licence=None).update(licence_id=code)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0009_what_goes_in"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
