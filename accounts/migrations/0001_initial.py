import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("length", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "end of a chain",
                "verbose_name_plural": "ends of chains",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                (
                    "code",
                    models.SlugField(
                        max_length=20, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name_fr", models.CharField(max_length=150, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=150, verbose_name="name in English")),
                (
                    "signer",
                    models.CharField(
                        choices=[
                            ("legal_representative", "the legal representative"),
                            ("user", "the user"),
                            ("nobody", "nobody: an open licence"),
                        ],
                        max_length=20,
                        verbose_name="signed by",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("organisation", "once for the organisation"),
                            ("user", "once per person"),
                            ("product", "for each product"),
                        ],
                        max_length=20,
                        verbose_name="signed",
                    ),
                ),
                (
                    "at_joining",
                    models.BooleanField(
                        default=False,
                        verbose_name="accepted by the legal representative when joining",
                    ),
                ),
                (
                    "resign_on_new_version",
                    models.BooleanField(
                        default=True, verbose_name="signed again at each new version"
                    ),
                ),
                (
                    "credit",
                    models.CharField(blank=True, max_length=200, verbose_name="credit line"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "licence",
                "verbose_name_plural": "licences",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="MailedLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("prove", "prove the referent's address"),
                            ("accept", "accept for the organisation"),
                            ("correct", "correct the form"),
                        ],
                        max_length=20,
                        verbose_name="for",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="replaced"),
                ),
            ],
            options={
                "verbose_name": "mailed link",
                "verbose_name_plural": "mailed links",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                (
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                "awaiting_referent",
                                "Waiting for the referent to prove their address",
                            ),
                            ("awaiting_legal", "Waiting for the legal representative"),
                            ("sent_back", "Sent back for correction"),
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_opinions", "Waiting for outside opinions"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("suspended", "Suspended"),
                            ("expired", "Expired"),
                            ("left", "Left"),
                        ],
                        default="awaiting_referent",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("referent_name", models.CharField(max_length=150, verbose_name="future referent")),
                (
                    "referent_email",
                    models.EmailField(max_length=254, verbose_name="referent's e-mail address"),
                ),
                (
                    "referent_proved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="address proved"),
                ),
                (
                    "legal_name",
                    models.CharField(max_length=150, verbose_name="legal representative"),
                ),
                ("legal_position", models.CharField(max_length=150, verbose_name="position")),
                (
                    "legal_email",
                    models.EmailField(
                        max_length=254, verbose_name="legal representative's e-mail address"
                    ),
                ),
                (
                    "legal_accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                ),
                (
                    "legal_verified_how",
                    models.TextField(blank=True, verbose_name="how the address was verified"),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                (
                    "activated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="active since"),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "certificate_number",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        null=True,
                        unique=True,
                        verbose_name="certificate",
                    ),
                ),
                ("certificate_file", models.CharField(blank=True, max_length=200)),
                ("certificate_sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["-proposed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                ("full_name", models.CharField(max_length=150, verbose_name="full name")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        default="fr",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "nationality",
                    models.CharField(blank=True, max_length=2, verbose_name="nationality"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                (
                    "joined_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="account made"
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["full_name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="user_email_once",
                        violation_error_message="There is already an account with this address.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Waiting for the referent"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("suspended", "Suspended"),
                            ("ended", "Ended"),
                        ],
                        default="requested",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("position", models.CharField(max_length=150, verbose_name="position")),
                ("statement", models.TextField(blank=True, verbose_name="why")),
                ("is_referent", models.BooleanField(default=False, verbose_name="referent")),
                ("is_current", models.BooleanField(default=False, verbose_name="current")),
                ("requested_at", models.DateTimeField(verbose_name="asked")),
                (
                    "activated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="active since"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "affiliation",
                "verbose_name_plural": "affiliations",
                "ordering": ["-requested_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="LicenceText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("body", models.TextField(verbose_name="text")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                ("seal", models.CharField(editable=False, max_length=64)),
                ("effective_on", models.DateField(verbose_name="in force from")),
                (
                    "is_placeholder",
                    models.BooleanField(
                        default=False, verbose_name="placeholder, not the real text"
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="accounts.licence",
                        verbose_name="licence",
                    ),
                ),
            ],
            options={
                "verbose_name": "licence text",
                "verbose_name_plural": "licence texts",
                "ordering": ["licence", "-effective_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                            ("desk", "DINAMIS desk"),
                            ("quota_administrator", "quota administrator"),
                            ("administrator", "administrator"),
                        ],
                        max_length=20,
                        verbose_name="duty",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
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
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AffiliationEvent",
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
                ("step", models.CharField(max_length=30, verbose_name="step")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("requested", "Waiting for the referent"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("suspended", "Suspended"),
                            ("ended", "Ended"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("requested", "Waiting for the referent"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("suspended", "Suspended"),
                            ("ended", "Ended"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "affiliation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.affiliation",
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
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
            ],
            options={
                "verbose_name": "affiliation event",
                "verbose_name_plural": "affiliation events",
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="mailedlink",
            name="membership",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="accounts.membership",
            ),
        ),
        migrations.CreateModel(
            name="MembershipEvent",
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
                ("step", models.CharField(max_length=30, verbose_name="step")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "awaiting_referent",
                                "Waiting for the referent to prove their address",
                            ),
                            ("awaiting_legal", "Waiting for the legal representative"),
                            ("sent_back", "Sent back for correction"),
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_opinions", "Waiting for outside opinions"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("suspended", "Suspended"),
                            ("expired", "Expired"),
                            ("left", "Left"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            (
                                "awaiting_referent",
                                "Waiting for the referent to prove their address",
                            ),
                            ("awaiting_legal", "Waiting for the legal representative"),
                            ("sent_back", "Sent back for correction"),
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_opinions", "Waiting for outside opinions"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("suspended", "Suspended"),
                            ("expired", "Expired"),
                            ("left", "Left"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
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
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership event",
                "verbose_name_plural": "membership events",
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=40, verbose_name="short name"),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("public_body", "French public body or local authority"),
                            ("research", "French research or higher-education body"),
                            ("association", "Association with a public-interest mission"),
                            ("contractor", "French company working for a public body"),
                            ("private_rd", "French company, for its own research and development"),
                            ("european_scientist", "European scientific body, outside France"),
                            ("foreign_scientist", "Scientific body outside Europe"),
                        ],
                        max_length=20,
                        verbose_name="category",
                    ),
                ),
                ("country", models.CharField(default="FR", max_length=2, verbose_name="country")),
                (
                    "siret",
                    models.CharField(blank=True, max_length=14, null=True, verbose_name="SIRET"),
                ),
                (
                    "rnsr",
                    models.CharField(blank=True, max_length=10, null=True, verbose_name="RNSR"),
                ),
                ("ror", models.CharField(blank=True, max_length=9, null=True, verbose_name="ROR")),
                (
                    "sector",
                    models.CharField(
                        choices=[
                            ("agriculture", "agriculture and food"),
                            ("forest", "forest and natural environments"),
                            ("coast", "coast and sea"),
                            ("water", "water, snow and ice"),
                            ("risk", "natural hazards and solid Earth"),
                            ("urban", "town and country planning"),
                            ("heritage", "archaeology and heritage"),
                            ("climate", "climate and atmosphere"),
                            ("mapping", "mapping and reference data"),
                            ("teaching", "teaching"),
                            ("other", "another sector"),
                        ],
                        max_length=20,
                        verbose_name="sector",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="proposed")),
                (
                    "admitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first admitted"),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("admitted_at__isnull", False)),
                        fields=("siret",),
                        name="organisation_siret_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("admitted_at__isnull", False)),
                        fields=("rnsr",),
                        name="organisation_rnsr_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("admitted_at__isnull", False)),
                        fields=("ror",),
                        name="organisation_ror_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="affiliation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="affiliations",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.CreateModel(
            name="OrganisationDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "domain",
                    models.CharField(db_index=True, max_length=253, verbose_name="e-mail domain"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail domain",
                "verbose_name_plural": "e-mail domains",
                "ordering": ["domain"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
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
                ("number", models.PositiveBigIntegerField(unique=True, verbose_name="number")),
                (
                    "licence_code",
                    models.CharField(db_index=True, max_length=20, verbose_name="licence"),
                ),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                (
                    "text_sha256",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the text"),
                ),
                ("subject", models.CharField(blank=True, max_length=60, verbose_name="for")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("legal_representative", "legal representative"),
                            ("user", "user"),
                        ],
                        max_length=20,
                        verbose_name="as",
                    ),
                ),
                (
                    "session_mfa",
                    models.BooleanField(default=False, verbose_name="second factor used"),
                ),
                ("signed_at", models.DateTimeField(verbose_name="signed")),
                ("facts_digest", models.CharField(max_length=64)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
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
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="accounts.membership",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="accounts.licencetext",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ["number"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignerFacts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("salt", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                (
                    "email",
                    models.CharField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("position", models.CharField(blank=True, max_length=150, verbose_name="position")),
                ("ip", models.CharField(blank=True, max_length=45, verbose_name="address")),
                (
                    "user_agent",
                    models.CharField(blank=True, max_length=300, verbose_name="browser"),
                ),
                ("keep_until", models.DateField(verbose_name="kept until")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
                ("seal", models.CharField(max_length=64)),
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="accounts.signature",
                    ),
                ),
            ],
            options={
                "verbose_name": "facts of a signer",
                "verbose_name_plural": "facts of signers",
                "ordering": ["signature"],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "access_key",
                    models.CharField(max_length=40, unique=True, verbose_name="access key"),
                ),
                ("secret_sha256", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "search and read"),
                                ("download", "download files"),
                                ("order", "ask for images"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="may",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scopes__len__gt", 0)), name="api_key_may_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refused", "refused"),
                            ("signed_in", "signed in"),
                            ("sign_in_failed", "sign-in failed"),
                            ("signed_out", "signed out"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60, verbose_name="code")),
                (
                    "status",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status"),
                ),
                ("method", models.CharField(blank=True, max_length=10, verbose_name="method")),
                ("route", models.CharField(blank=True, max_length=200, verbose_name="route")),
                ("ip", models.GenericIPAddressField(blank=True, null=True, verbose_name="address")),
                (
                    "user_agent",
                    models.CharField(blank=True, max_length=300, verbose_name="browser"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trail",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["user", "-at"], name="event_by_person")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1bf40f0eb024e810be1097dfd8460846c2509412",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_d527a",
                    table="accounts_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_a_year",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.at > now() - interval '365 days')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="20d03df8bdbffda5b6b9db98b2ccbc3fd3dc41eb",
                    operation="DELETE",
                    pgid="pgtrigger_kept_a_year_54398",
                    table="accounts_event",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="licencetext",
            constraint=models.UniqueConstraint(
                fields=("licence", "version", "language"), name="licence_text_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="licencetext",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="00a01d0b65aa8396db1bd328e3c67824e68dfda9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ef48c",
                    table="accounts_licencetext",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
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
                name="accounts_duty_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("user", "kind"),
                name="duty_held_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliationevent",
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
                name="accounts_affiliationevent_has_one_actor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ace25363e99645fc5f67ce90bc21afde978d1c1b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3eae5",
                    table="accounts_affiliationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipevent",
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
                name="accounts_membershipevent_has_one_actor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membershipevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e1f05704110766345bef638c18be4307af995a77",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9ee6c",
                    table="accounts_membershipevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["state", "due_at"], name="membership_by_turn"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "active",
                            "awaiting_legal",
                            "awaiting_opinions",
                            "awaiting_referent",
                            "sent_back",
                            "suspended",
                            "under_review",
                        ],
                    )
                ),
                fields=("organisation",),
                name="one_living_membership_per_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["active", "suspended", "left"]), _negated=True),
                    models.Q(
                        ("activated_at__isnull", False),
                        ("legal_accepted_at__isnull", False),
                        ("referent_proved_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="membership_active_only_when_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("referent_email", models.F("legal_email")), _negated=True),
                name="membership_two_different_people",
                violation_error_message="The legal representative and the referent need different addresses.",
            ),
        ),
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(
                fields=["organisation", "state"], name="affiliation_by_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "requested", "suspended"])),
                fields=("user", "organisation"),
                name="affiliation_once_per_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("user",),
                name="one_current_affiliation",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_current", False), ("state", "active"), _connector="OR"),
                name="current_affiliation_is_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_referent", False), ("state__in", ["active", "suspended"]), _connector="OR"
                ),
                name="referent_affiliation_is_alive",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), ("ended_at__gte", models.F("requested_at")), _connector="OR"
                ),
                name="affiliation_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationdomain",
            constraint=models.UniqueConstraint(
                fields=("organisation", "domain"), name="domain_once_per_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
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
                name="accounts_signature_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("capacity", "user")),
                fields=("user", "licence_code", "version", "subject"),
                name="signed_once_by_a_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("capacity", "legal_representative")),
                fields=("membership", "licence_code", "version", "subject"),
                name="accepted_once_for_a_membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("capacity", "user"), ("membership", None), ("user__isnull", False)),
                    models.Q(
                        ("capacity", "legal_representative"),
                        ("membership__isnull", False),
                        ("user", None),
                    ),
                    _connector="OR",
                ),
                name="signature_has_its_signer",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signature",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="914259be5abe41607d73ceb6a21ac3c6dc7abd6c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c1684",
                    table="accounts_signature",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="signerfacts",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(
                        ("email", ""),
                        ("ip", ""),
                        ("name", ""),
                        ("position", ""),
                        ("salt", ""),
                        ("user_agent", ""),
                    ),
                    _connector="OR",
                ),
                name="erased_facts_are_blank",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signerfacts",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="d8db263ea011065194d149b7e51ee68fe3a4e79c",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_b4501",
                    table="accounts_signerfacts",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signerfacts",
            trigger=pgtrigger.compiler.Trigger(
                name="only_erased",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."erased_at" IS NULL OR OLD."erased_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="71ca360739ce1082c6ab85fae16b7b6ab2202fef",
                    operation="UPDATE",
                    pgid="pgtrigger_only_erased_1028a",
                    table="accounts_signerfacts",
                    when="BEFORE",
                ),
            ),
        ),
    ]
