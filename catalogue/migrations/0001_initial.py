"""The catalogue's tables, with the two extensions their indexes need."""

import uuid
from decimal import Decimal

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS postgis", migrations.RunSQL.noop),
        # An index over a footprint and an instant together: see the year windows of the search.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "code",
                    models.SlugField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("title_fr", models.CharField(max_length=120, verbose_name="title in French")),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                (
                    "description_fr",
                    models.TextField(blank=True, verbose_name="description in French"),
                ),
                (
                    "description_en",
                    models.TextField(blank=True, verbose_name="description in English"),
                ),
                (
                    "credit",
                    models.CharField(blank=True, max_length=200, verbose_name="credit line"),
                ),
                (
                    "is_demonstration",
                    models.BooleanField(
                        default=False, verbose_name="invented for the demonstration"
                    ),
                ),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Platform",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=20, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("resolution_m", models.FloatField(verbose_name="resolution, in metres")),
                ("swath_km", models.FloatField(verbose_name="swath, in kilometres")),
                ("in_service_from", models.DateField(verbose_name="in service from")),
                (
                    "in_service_to",
                    models.DateField(blank=True, null=True, verbose_name="in service to"),
                ),
            ],
            options={
                "verbose_name": "satellite",
                "verbose_name_plural": "satellites",
                "ordering": ["sensor", "code"],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by_part",
                    models.CharField(blank=True, max_length=40, verbose_name="part of the system"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "delivery_key",
                    models.CharField(
                        max_length=120, unique=True, verbose_name="key of its delivery"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("primary", "primary"),
                            ("projected", "projected"),
                            ("ortho", "ortho"),
                            ("mosaic", "mosaic"),
                        ],
                        max_length=10,
                        verbose_name="processing level",
                    ),
                ),
                (
                    "spectral",
                    models.CharField(blank=True, max_length=20, verbose_name="spectral processing"),
                ),
                ("bands", models.JSONField(blank=True, default=list, verbose_name="bands")),
                (
                    "bits",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="bits per value"
                    ),
                ),
                (
                    "image_format",
                    models.CharField(blank=True, max_length=20, verbose_name="image format"),
                ),
                (
                    "epsg",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="EPSG code"),
                ),
                (
                    "resolution_m",
                    models.FloatField(blank=True, null=True, verbose_name="resolution, in metres"),
                ),
                (
                    "cloud_cover",
                    models.FloatField(blank=True, null=True, verbose_name="cloud, in %"),
                ),
                (
                    "footprint",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="footprint"
                    ),
                ),
                (
                    "clouds",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="clouds"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area, in km²"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("published", "published"), ("withdrawn", "withdrawn")],
                        default="published",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "state_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason of the state"
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                (
                    "produced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="produced at"),
                ),
                (
                    "notes",
                    models.JSONField(
                        blank=True, default=list, verbose_name="notes of the ingestion"
                    ),
                ),
                (
                    "quicklook",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="quicklook's name in the store"
                    ),
                ),
                (
                    "thumbnail",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="thumbnail's name in the store"
                    ),
                ),
                (
                    "quicklook_corners",
                    models.JSONField(
                        blank=True, null=True, verbose_name="corners of the quicklook"
                    ),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="accounts.licence",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["-published_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProductFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=400, verbose_name="path inside the product")),
                ("role", models.CharField(max_length=20, verbose_name="role")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "storage_name",
                    models.CharField(max_length=400, unique=True, verbose_name="name in the store"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="catalogue.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a product",
                "verbose_name_plural": "files of a product",
                "ordering": ["product", "name"],
            },
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("browser", "in the browser"),
                            ("link", "by a signed link"),
                            ("archive", "as one archive"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="accounts.signature",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="catalogue.product",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="catalogue.productfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "download",
                "verbose_name_plural": "downloads",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="key"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="area"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area, in km²"
                    ),
                ),
                (
                    "is_kept",
                    models.BooleanField(default=False, verbose_name="in the owner's library"),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_areas",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved area",
                "verbose_name_plural": "saved areas",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Scene",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item_id", models.CharField(max_length=100, verbose_name="identifier")),
                ("datetime", models.DateTimeField(verbose_name="acquired at")),
                (
                    "cloud_cover",
                    models.FloatField(blank=True, null=True, verbose_name="cloud, in %"),
                ),
                ("snow_cover", models.FloatField(blank=True, null=True, verbose_name="snow, in %")),
                (
                    "incidence",
                    models.FloatField(blank=True, null=True, verbose_name="incidence, in degrees"),
                ),
                (
                    "incidence_along",
                    models.FloatField(
                        blank=True, null=True, verbose_name="incidence along the track"
                    ),
                ),
                (
                    "incidence_across",
                    models.FloatField(
                        blank=True, null=True, verbose_name="incidence across the track"
                    ),
                ),
                (
                    "viewing",
                    models.FloatField(
                        blank=True, null=True, verbose_name="viewing angle, in degrees"
                    ),
                ),
                (
                    "viewing_along",
                    models.FloatField(
                        blank=True, null=True, verbose_name="viewing angle along the track"
                    ),
                ),
                (
                    "viewing_across",
                    models.FloatField(
                        blank=True, null=True, verbose_name="viewing angle across the track"
                    ),
                ),
                (
                    "orientation",
                    models.FloatField(
                        blank=True, null=True, verbose_name="orientation, in degrees"
                    ),
                ),
                (
                    "sun_azimuth",
                    models.FloatField(
                        blank=True, null=True, verbose_name="sun azimuth, in degrees"
                    ),
                ),
                (
                    "sun_elevation",
                    models.FloatField(
                        blank=True, null=True, verbose_name="sun elevation, in degrees"
                    ),
                ),
                ("resolution_m", models.FloatField(verbose_name="resolution, in metres")),
                (
                    "stereo",
                    models.CharField(
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        default="mono",
                        max_length=10,
                        verbose_name="stereo",
                    ),
                ),
                (
                    "stereo_key",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="pass shared with its stereo mates"
                    ),
                ),
                (
                    "centre_lon",
                    models.DecimalField(
                        blank=True,
                        decimal_places=16,
                        max_digits=19,
                        null=True,
                        verbose_name="longitude of the centre",
                    ),
                ),
                (
                    "centre_lat",
                    models.DecimalField(
                        blank=True,
                        decimal_places=16,
                        max_digits=18,
                        null=True,
                        verbose_name="latitude of the centre",
                    ),
                ),
                (
                    "footprint",
                    django.contrib.gis.db.models.fields.GeometryField(
                        spatial_index=False, srid=4326, verbose_name="footprint"
                    ),
                ),
                (
                    "footprint_source",
                    models.CharField(
                        choices=[
                            ("supplier", "the supplier's own"),
                            ("drawn_by_us", "drawn by us"),
                            ("cell", "only the 1° cell of the identifier"),
                        ],
                        max_length=12,
                        verbose_name="where the footprint comes from",
                    ),
                ),
                (
                    "completeness",
                    models.CharField(
                        choices=[
                            ("complete", "complete"),
                            ("to_complete", "to be completed by the desk"),
                        ],
                        default="complete",
                        max_length=12,
                        verbose_name="completeness",
                    ),
                ),
                (
                    "quicklook",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="quicklook's name in the store"
                    ),
                ),
                (
                    "quicklook_corners",
                    models.JSONField(
                        blank=True, null=True, verbose_name="corners of the quicklook"
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="added at")),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenes",
                        to="catalogue.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scenes",
                        to="catalogue.platform",
                        verbose_name="satellite",
                    ),
                ),
            ],
            options={
                "verbose_name": "scene",
                "verbose_name_plural": "scenes",
                "ordering": ["-datetime", "-id"],
            },
        ),
        migrations.AddField(
            model_name="product",
            name="scene",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="catalogue.scene",
            ),
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        max_length=120, unique=True, verbose_name="identifier, without DS_"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identifiers",
                        to="catalogue.product",
                    ),
                ),
                (
                    "scene",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identifiers",
                        to="catalogue.scene",
                    ),
                ),
            ],
            options={
                "verbose_name": "identifier",
                "verbose_name_plural": "identifiers",
                "ordering": ["value"],
            },
        ),
        migrations.CreateModel(
            name="SceneEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by_part",
                    models.CharField(blank=True, max_length=40, verbose_name="part of the system"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "added from its identifier"),
                            ("completed", "completed by the desk"),
                            ("corrected", "corrected by the desk"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "facts",
                    models.JSONField(blank=True, default=dict, verbose_name="what was written"),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scene",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="catalogue.scene",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a scene",
                "verbose_name_plural": "events of a scene",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Sensor",
            fields=[
                (
                    "code",
                    models.SlugField(
                        max_length=20, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name_fr", models.CharField(max_length=80, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("family", models.CharField(max_length=20, verbose_name="family")),
                (
                    "unit",
                    models.CharField(
                        choices=[("km2", "km²"), ("attempt", "scene-equivalent attempts")],
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                (
                    "scene_equivalent_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="area of a scene equivalent, in km²",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "sensor",
                "verbose_name_plural": "sensors",
                "ordering": ["order", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit", "km2"),
                            models.Q(
                                ("scene_equivalent_km2__gt", Decimal("0")),
                                ("scene_equivalent_km2__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sensor_attempt_has_an_area",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="platform",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="platforms",
                to="catalogue.sensor",
            ),
        ),
        migrations.AddConstraint(
            model_name="productfile",
            constraint=models.UniqueConstraint(
                fields=("product", "name"), name="product_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="productfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="product_file_has_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedarea",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_km2__gt", 0)), name="saved_area_is_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedarea",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_kept", False),
                    models.Q(("owner__isnull", False), models.Q(("name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="saved_area_kept_has_an_owner_and_a_name",
            ),
        ),
        migrations.AddIndex(
            model_name="scene",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["footprint", "datetime"], name="scene_footprint_datetime"
            ),
        ),
        migrations.AddIndex(
            model_name="scene",
            index=models.Index(fields=["-datetime", "-id"], name="scene_newest"),
        ),
        migrations.AddIndex(
            model_name="scene",
            index=models.Index(
                fields=["platform", "-datetime", "-id"], name="scene_platform_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="scene",
            index=models.Index(
                condition=models.Q(("stereo_key", ""), _negated=True),
                fields=["stereo_key"],
                name="scene_stereo_key",
            ),
        ),
        migrations.AddIndex(
            model_name="scene",
            index=models.Index(
                condition=models.Q(("completeness", "to_complete")),
                fields=["added_at"],
                name="scene_to_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="scene",
            constraint=models.UniqueConstraint(fields=("item_id",), name="scene_item_id_once"),
        ),
        migrations.AddConstraint(
            model_name="scene",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cloud_cover", None), ("cloud_cover__range", (0, 100)), _connector="OR"
                ),
                name="scene_cloud_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="scene",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("snow_cover", None), ("snow_cover__range", (0, 100)), _connector="OR"
                ),
                name="scene_snow_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="scene",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("centre_lat", None), ("centre_lon", None)),
                    models.Q(("centre_lat__isnull", False), ("centre_lon__isnull", False)),
                    _connector="OR",
                ),
                name="scene_centre_is_a_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="scene",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.In(
                    models.Func(
                        models.F("footprint"),
                        function="GeometryType",
                        output_field=models.CharField(),
                    ),
                    ["POLYGON", "MULTIPOLYGON"],
                ),
                name="scene_footprint_is_an_area",
            ),
        ),
        migrations.AddConstraint(
            model_name="scene",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("footprint_source", "cell"), _negated=True),
                    ("completeness", "to_complete"),
                    _connector="OR",
                ),
                name="scene_with_only_a_cell_is_to_complete",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("state", "published")),
                fields=["scene"],
                name="product_published_scene",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_link", None), ("by_part", ""), ("by_user__isnull", False)),
                    models.Q(("by_link__isnull", False), ("by_part", ""), ("by_user", None)),
                    models.Q(
                        models.Q(("by_link", None), ("by_user", None)),
                        models.Q(("by_part", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="catalogue_product_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_km2__gt", 0)), name="product_has_an_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("product", None), ("scene__isnull", False)),
                    models.Q(("product__isnull", False), ("scene", None)),
                    _connector="OR",
                ),
                name="identifier_names_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__regex", "^[^a-z\\s]+$"),
                    models.Q(("value__startswith", "DS_"), _negated=True),
                ),
                name="identifier_is_written_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="sceneevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_link", None), ("by_part", ""), ("by_user__isnull", False)),
                    models.Q(("by_link__isnull", False), ("by_part", ""), ("by_user", None)),
                    models.Q(
                        models.Q(("by_link", None), ("by_user", None)),
                        models.Q(("by_part", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="catalogue_sceneevent_has_one_actor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sceneevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="629d248020fa6a8d2f67d1d429d476c3525c036f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5cd1b",
                    table="catalogue_sceneevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="platform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_service_to", None),
                    ("in_service_to__gte", models.F("in_service_from")),
                    _connector="OR",
                ),
                name="platform_ends_after_it_begins",
            ),
        ),
    ]
