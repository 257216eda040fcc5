"""Organisations, people, licences and trust: the tables as they stood when the first versions were drawn together."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.models.partner


class Migration(migrations.Migration):
    # A database that has them all, as they were, is taken as it is.
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_link_subjects"),
        ("accounts", "0003_api_key_columns"),
        ("accounts", "0004_api_keys_get_their_organisation"),
        ("accounts", "0005_api_keys_act_for_an_organisation"),
        ("accounts", "0006_trust"),
        ("accounts", "0007_programs_and_outside_identifiers"),
        ("accounts", "0008_organisation_facts"),
        ("accounts", "0009_licence_versions"),
        ("accounts", "0010_partner_accounts"),
        ("accounts", "0011_dossier"),
        ("accounts", "0012_receipts"),
        ("accounts", "0013_belonging"),
        ("accounts", "0014_erased_people"),
        ("accounts", "0015_changes"),
        ("accounts", "0016_session_epoch"),
        ("accounts", "0017_outside_identities"),
        ("accounts", "0018_change_reminders"),
        ("accounts", "0019_erasures"),
        ("accounts", "0020_delegations"),
        ("accounts", "0021_notices"),
        ("accounts", "0022_webhooks"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Adviser",
            fields=[
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("cnes", "CNES, for Pléiades"),
                            ("airbus", "Airbus Defence and Space, for SPOT 6-7"),
                        ],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="adviser",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        default="fr",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
            ],
            options={
                "verbose_name": "adviser",
                "verbose_name_plural": "advisers",
                "ordering": ["code"],
            },
        ),
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
            name="Change",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("facts", "facts of the organisation"),
                            ("legal", "legal representative"),
                            ("referent", "referents"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_legal", "Waiting for the new legal representative"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="under_review",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                (
                    "verified_how",
                    models.TextField(blank=True, verbose_name="how the address was verified"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="desk reminded"),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="administrators told"),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ["-asked_at", "-pk"],
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
                            ("order", "for each order"),
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
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="How long a signature of the former version still counts.",
                        verbose_name="days of grace",
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        blank=True,
                        help_text="{year} stands for the year of the image.",
                        max_length=200,
                        verbose_name="credit line",
                    ),
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
                ("purpose", models.CharField(max_length=30, verbose_name="for")),
                ("subject_key", models.CharField(blank=True, max_length=64, verbose_name="about")),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("subject_key", ""), _negated=True),
                        fields=["purpose", "subject_key"],
                        name="mailed_link_by_subject",
                    )
                ],
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
                            ("draft", "Being written"),
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
                            ("appealed", "Refused, and read again on appeal"),
                            ("dismissed", "Refused after appeal"),
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
                    "mission",
                    models.TextField(blank=True, verbose_name="mission of public interest"),
                ),
                (
                    "order_reference",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="reference of the public order"
                    ),
                ),
                (
                    "order_ends_on",
                    models.DateField(blank=True, null=True, verbose_name="end of the public order"),
                ),
                (
                    "partner_name",
                    models.CharField(blank=True, max_length=200, verbose_name="European partner"),
                ),
                (
                    "partner_country",
                    models.CharField(blank=True, max_length=2, verbose_name="partner's country"),
                ),
                (
                    "answers",
                    models.JSONField(blank=True, default=dict, verbose_name="form being written"),
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
                ("charter_file", models.CharField(blank=True, max_length=200)),
                ("charter_sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ["-proposed_at", "-pk"],
                "indexes": [models.Index(fields=["state", "due_at"], name="membership_by_turn")],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("referent_email", models.F("legal_email")), _negated=True
                        ),
                        name="membership_two_different_people",
                        violation_error_message="The legal representative and the referent need different addresses.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "domain",
                    models.CharField(max_length=253, unique=True, verbose_name="e-mail domain"),
                ),
            ],
            options={
                "verbose_name": "personal e-mail domain",
                "verbose_name_plural": "personal e-mail domains",
                "ordering": ["domain"],
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
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="outside identifier",
                    ),
                ),
                (
                    "sleep_told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="warned of closing"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "session_epoch",
                    models.PositiveIntegerField(default=0, verbose_name="sessions ended"),
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
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "end_told_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="end announced"
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="referent reminded"),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="desk told"),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("user",),
                        name="one_current_affiliation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_current", False), ("state", "active"), _connector="OR"
                        ),
                        name="current_affiliation_is_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_referent", False),
                            ("state__in", ["active", "suspended"]),
                            _connector="OR",
                        ),
                        name="referent_affiliation_is_alive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("requested_at")),
                            _connector="OR",
                        ),
                        name="affiliation_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("reason", models.TextField(max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="named at")),
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
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lent",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="away",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="borrowed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decides meanwhile",
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
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["starts_on", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["receiver", "ends_on"], name="delegation_of_receiver")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_delegation_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="delegation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("receiver")), _negated=True),
                        name="delegation_to_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="delegation_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
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
                            ("mail", "by mail, at once"),
                            ("daily", "in a mail a day"),
                            ("weekly", "in a mail a week"),
                            ("list", "on this site only"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="of")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "digest",
                "verbose_name_plural": "digests",
                "ordering": ["-on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "on"), name="digest_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["daily", "weekly"])), name="digest_gathers"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("rnsr", "national directory of research structures"),
                            ("esr", "list of higher education"),
                            ("ror", "Research Organization Registry"),
                            ("domains", "list of university domains"),
                        ],
                        max_length=10,
                        verbose_name="register",
                    ),
                ),
                ("key", models.CharField(max_length=60, verbose_name="key in the register")),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=60, verbose_name="short name"),
                ),
                (
                    "other_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other names",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=80, verbose_name="kind")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="town")),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                ("rnsr", models.CharField(blank=True, max_length=10, verbose_name="RNSR")),
                ("ror", models.CharField(blank=True, max_length=9, verbose_name="ROR")),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="e-mail domains",
                    ),
                ),
                (
                    "supervisors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="supervising bodies",
                    ),
                ),
                ("website", models.CharField(blank=True, max_length=300, verbose_name="web site")),
                ("is_closed", models.BooleanField(default=False, verbose_name="closed")),
                ("folded_name", models.TextField(editable=False)),
                ("folded_short", models.TextField(editable=False)),
                ("folded", models.TextField(editable=False)),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
            ],
            options={
                "verbose_name": "directory entry",
                "verbose_name_plural": "directory entries",
                "ordering": ["name", "pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded"], name="directory_by_typing", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["folded_name"], name="directory_by_name"),
                    models.Index(fields=["folded_short"], name="directory_by_short_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "key"), name="directory_entry_once")
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
        migrations.CreateModel(
            name="Invitation",
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
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "full_name",
                    models.CharField(blank=True, max_length=150, verbose_name="full name"),
                ),
                ("position", models.CharField(max_length=150, verbose_name="position")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="sent",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "affiliation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
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
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-made_at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_invitation_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("affiliation__isnull", False), ("state", "accepted")),
                            models.Q(
                                models.Q(("state", "accepted"), _negated=True),
                                ("affiliation", None),
                            ),
                            _connector="OR",
                        ),
                        name="accepted_invitation_has_an_affiliation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "receiver",
                    models.CharField(
                        choices=[
                            ("organisation", "a colleague of my organisation"),
                            ("member", "another member of DINAMIS"),
                            ("public_actor", "a public actor that is not a member"),
                            ("contractor", "a contractor of a public order"),
                            ("foreign_partner", "a foreign partner"),
                            ("publication", "readers of a publication"),
                            ("public", "everybody"),
                        ],
                        max_length=20,
                        verbose_name="to whom",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("with_signature", "Yes, once they have signed"),
                            ("no", "No"),
                        ],
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                (
                    "sentence_fr",
                    models.CharField(max_length=400, verbose_name="sentence in French"),
                ),
                (
                    "sentence_en",
                    models.CharField(max_length=400, verbose_name="sentence in English"),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="accounts.licence",
                        verbose_name="licence",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of a licence",
                "verbose_name_plural": "answers of licences",
                "ordering": ["licence", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("licence", "receiver"), name="licence_answers_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceDraft",
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
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("title_fr", models.CharField(max_length=200, verbose_name="title in French")),
                ("body_fr", models.TextField(max_length=200000, verbose_name="text in French")),
                ("title_en", models.CharField(max_length=200, verbose_name="title in English")),
                ("body_en", models.TextField(max_length=200000, verbose_name="text in English")),
                (
                    "markup",
                    models.CharField(
                        choices=[("plain", "plain text"), ("markdown", "Markdown")],
                        default="markdown",
                        max_length=10,
                        verbose_name="written as",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="in force from")),
                (
                    "is_placeholder",
                    models.BooleanField(
                        default=False, verbose_name="placeholder, not the real text"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="why it changes")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waiting for a second person"),
                            ("approved", "Approved"),
                            ("dropped", "Dropped"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
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
                        related_name="drafts",
                        to="accounts.licence",
                        verbose_name="licence",
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
                "verbose_name": "draft of a licence",
                "verbose_name_plural": "drafts of licences",
                "ordering": ["-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_licencedraft_has_one_actor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("licence", "version"),
                        name="licence_version_drafted_once",
                    ),
                ],
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
                (
                    "markup",
                    models.CharField(
                        choices=[("plain", "plain text"), ("markdown", "Markdown")],
                        default="plain",
                        max_length=10,
                        verbose_name="written as",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("licence", "version", "language"), name="licence_text_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkedAccount",
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
                            ("wanted", "Being opened"),
                            ("active", "Account open"),
                            ("changing", "Being changed"),
                            ("ending", "Being closed"),
                            ("inactive", "Account closed"),
                            ("failed", "Failed"),
                        ],
                        default="wanted",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "remote_id",
                    models.CharField(blank=True, max_length=200, verbose_name="identifier there"),
                ),
                ("told_sha256", models.CharField(blank=True, max_length=64)),
                ("intent", models.PositiveIntegerField(default=1)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                (
                    "succeeded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last success"),
                ),
                ("busy_until", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_accounts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "account with a partner",
                "verbose_name_plural": "accounts with partners",
                "ordering": ["partner", "pk"],
            },
        ),
        migrations.CreateModel(
            name="LinkedAccountEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wanted", "Being opened"),
                            ("active", "Account open"),
                            ("changing", "Being changed"),
                            ("ending", "Being closed"),
                            ("inactive", "Account closed"),
                            ("failed", "Failed"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("wanted", "Being opened"),
                            ("active", "Account open"),
                            ("changing", "Being changed"),
                            ("ending", "Being closed"),
                            ("inactive", "Account closed"),
                            ("failed", "Failed"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.linkedaccount",
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
                "verbose_name": "event of an account with a partner",
                "verbose_name_plural": "events of accounts with partners",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_linkedaccountevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceDraftEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                ("source", models.CharField(blank=True, max_length=10, verbose_name="from")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waiting for a second person"),
                            ("approved", "Approved"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.licencedraft",
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
                "verbose_name": "event of a draft",
                "verbose_name_plural": "events of drafts",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_licencedraftevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationEvent",
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
                ("at", models.DateTimeField(verbose_name="when")),
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
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.invitation",
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
                "verbose_name": "invitation event",
                "verbose_name_plural": "invitation events",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_invitationevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
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
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
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
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "ordering": ["-at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_erasure_has_one_actor",
                    )
                ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_duty_has_one_actor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user", "kind"),
                        name="duty_held_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DelegationEvent",
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
                ("step", models.CharField(max_length=10, verbose_name="step")),
                ("reason", models.TextField(blank=True, max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
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
                    "delegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.delegation",
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
                "verbose_name": "event of an absence",
                "verbose_name_plural": "events of an absence",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_delegationevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeEvent",
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
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_legal", "Waiting for the new legal representative"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_legal", "Waiting for the new legal representative"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.change",
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
                "verbose_name": "change event",
                "verbose_name_plural": "change events",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_changeevent_has_one_actor",
                    )
                ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_affiliationevent_has_one_actor",
                    )
                ],
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
            name="LicenceNotice",
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
                ("until", models.DateField(verbose_name="former signature counts until")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="accounts.licence",
                    ),
                ),
                (
                    "user",
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
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of a new version",
                "verbose_name_plural": "notices of new versions",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("licence", "version", "user"),
                        name="person_asked_once_for_a_version",
                    ),
                    models.UniqueConstraint(
                        fields=("licence", "version", "membership"),
                        name="member_asked_once_for_a_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("membership", None), ("user__isnull", False)),
                            models.Q(("membership__isnull", False), ("user", None)),
                            _connector="OR",
                        ),
                        name="notice_has_one_reader",
                    ),
                ],
            },
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
                            ("draft", "Being written"),
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
                            ("appealed", "Refused, and read again on appeal"),
                            ("dismissed", "Refused after appeal"),
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
                            ("draft", "Being written"),
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
                            ("appealed", "Refused, and read again on appeal"),
                            ("dismissed", "Refused after appeal"),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_membershipevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(blank=True, max_length=254, verbose_name="address")),
                ("key", models.CharField(max_length=160, verbose_name="about")),
                ("family", models.CharField(max_length=20, verbose_name="kind")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                ("text", models.CharField(blank=True, max_length=600, verbose_name="text")),
                ("path", models.CharField(blank=True, max_length=300, verbose_name="leads to")),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "by mail, at once"),
                            ("daily", "in a mail a day"),
                            ("weekly", "in a mail a week"),
                            ("list", "on this site only"),
                        ],
                        max_length=10,
                        verbose_name="comes",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="told"),
                ),
                (
                    "made_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="told on"
                    ),
                ),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="accounts.digest",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["person", "-made_at"], name="notice_of_a_person"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["person"],
                        name="notice_unread_by_person",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("channel__in", ["daily", "weekly"]),
                            ("mailed_at", None),
                            ("read_at", None),
                        ),
                        fields=["channel", "made_on"],
                        name="notice_to_gather",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), ("person__isnull", False)),
                            models.Q(
                                models.Q(("person", None)), models.Q(("address", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="notice_is_told_to_one_reader",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False)),
                        fields=("key", "person"),
                        name="notice_told_once_to_a_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person", None)),
                        fields=("key", "address"),
                        name="notice_told_once_to_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), ("channel", "mail"), _connector="OR"
                        ),
                        name="notice_without_an_account_is_mailed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("family", models.CharField(max_length=20, verbose_name="kind")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "by mail, at once"),
                            ("daily", "in a mail a day"),
                            ("weekly", "in a mail a week"),
                            ("list", "on this site only"),
                        ],
                        max_length=10,
                        verbose_name="comes",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of notices",
                "verbose_name_plural": "choices of notices",
                "ordering": ["user", "family"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "family"), name="notice_choice_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
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
                            ("asked", "Opinion asked"),
                            ("favourable", "Favourable"),
                            ("reserved", "Favourable with reservations"),
                            ("unfavourable", "Unfavourable"),
                            ("silent", "Without an answer in time"),
                            ("withdrawn", "No longer asked"),
                        ],
                        default="asked",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="opinion")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "is_counted",
                    models.BooleanField(default=True, verbose_name="of the present round"),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="accounts.adviser",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion",
                "verbose_name_plural": "opinions",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_counted", True)),
                        fields=("membership", "adviser"),
                        name="one_opinion_per_adviser_and_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state__in", ["favourable", "reserved", "unfavourable"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ["favourable", "reserved", "unfavourable"]),
                                    _negated=True,
                                ),
                                ("answered_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="opinion_answered_when_it_says_so",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionEvent",
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
                            ("asked", "Opinion asked"),
                            ("favourable", "Favourable"),
                            ("reserved", "Favourable with reservations"),
                            ("unfavourable", "Unfavourable"),
                            ("silent", "Without an answer in time"),
                            ("withdrawn", "No longer asked"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("asked", "Opinion asked"),
                            ("favourable", "Favourable"),
                            ("reserved", "Favourable with reservations"),
                            ("unfavourable", "Unfavourable"),
                            ("silent", "Without an answer in time"),
                            ("withdrawn", "No longer asked"),
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
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.opinion",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion event",
                "verbose_name_plural": "opinion events",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_opinionevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                (
                    "adviser",
                    models.CharField(
                        choices=[
                            ("cnes", "CNES, for Pléiades"),
                            ("airbus", "Airbus Defence and Space, for SPOT 6-7"),
                        ],
                        max_length=20,
                        verbose_name="adviser",
                    ),
                ),
                ("is_needed", models.BooleanField(default=True, verbose_name="opinion needed")),
                ("effective_on", models.DateField(verbose_name="from")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "opinion needed",
                "verbose_name_plural": "opinions needed",
                "ordering": ["category", "adviser", "effective_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category", "adviser", "effective_on"),
                        name="opinion_rule_once_a_day",
                    )
                ],
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
        migrations.CreateModel(
            name="Merger",
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
                ("reason", models.TextField(verbose_name="reason")),
                ("moved", models.JSONField(default=dict, verbose_name="what moved")),
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
                    "absorbed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merger",
                        to="accounts.organisation",
                        verbose_name="absorbed organisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mergers",
                        to="accounts.organisation",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "merger",
                "verbose_name_plural": "mergers",
                "ordering": ["-at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_merger_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("absorbed", models.F("successor")), _negated=True),
                        name="nobody_absorbs_itself",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="french_member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="co_operations",
                to="accounts.organisation",
                verbose_name="French member",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="order_body",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders_given",
                to="accounts.organisation",
                verbose_name="public body that gives the order",
            ),
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
            model_name="mailedlink",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="accounts.organisation",
            ),
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
                (
                    "last_used_ip",
                    models.GenericIPAddressField(
                        blank=True, null=True, verbose_name="last used from"
                    ),
                ),
                (
                    "expiry_told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry announced"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to="accounts.organisation",
                        verbose_name="acts for",
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
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organisation__isnull", False),
                            ("revoked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="api_key_acts_for_an_organisation",
                    ),
                ],
            },
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "domain"), name="domain_once_per_organisation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "base_url",
                    models.CharField(
                        max_length=300,
                        validators=[accounts.models.partner.validate_base],
                        verbose_name="address of its SCIM service",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                (
                    "trusted",
                    models.BooleanField(
                        default=False,
                        help_text="Everybody gets an account there by itself; otherwise each person asks for it.",
                        verbose_name="trusted",
                    ),
                ),
                (
                    "compared_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="compared"
                    ),
                ),
                (
                    "differences",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="differences"
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
                "verbose_name_plural": "partners",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("base_url__startswith", "https://"),
                            ("base_url__startswith", "http://"),
                            _connector="OR",
                        ),
                        name="partner_speaks_http",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="linkedaccount",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="accounts.partner",
                verbose_name="partner",
            ),
        ),
        migrations.CreateModel(
            name="PersonEvent",
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
                            ("profile", "profile changed"),
                            ("key_made", "API key made"),
                            ("key_revoked", "API key revoked"),
                            ("data_asked", "copy of the personal data asked for"),
                            ("data_taken", "copy of the personal data taken"),
                            ("erased", "person erased"),
                            ("identity_added", "outside identity added"),
                            ("identity_removed", "outside identity taken off"),
                            ("calendar_made", "address of the calendar made"),
                            ("calendar_stopped", "address of the calendar withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=80, verbose_name="about")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a person",
                "verbose_name_plural": "events of people",
                "ordering": ["at", "pk"],
                "abstract": False,
                "indexes": [models.Index(fields=["user", "-at"], name="person_event_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_personevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client_id",
                    models.CharField(max_length=60, unique=True, verbose_name="client identifier"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("site", "web site with a server, which keeps a secret"),
                            ("app", "application on a device or in a browser, without a secret"),
                            ("tool", "command-line tool, signed in by a code typed in a browser"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "redirect_uris",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="addresses it returns to",
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                (
                                    "openid",
                                    "know that it is you, by an identifier that says nothing else",
                                ),
                                ("profile", "read your name"),
                                ("email", "read your e-mail address"),
                                ("organisation", "read which organisation you belong to"),
                                ("read", "search and read as you"),
                                ("download", "download files as you"),
                                ("order", "ask for images as you"),
                                (
                                    "offline_access",
                                    "stay signed in for 30 days after each use, until you revoke it",
                                ),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="may ask to",
                    ),
                ),
                ("secret_hash", models.CharField(blank=True, max_length=200)),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="registered"
                    ),
                ),
                (
                    "disabled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="disabled"),
                ),
            ],
            options={
                "verbose_name": "program",
                "verbose_name_plural": "programs",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "site"), models.Q(("secret_hash", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("kind", "site"), _negated=True), ("secret_hash", "")
                            ),
                            _connector="OR",
                        ),
                        name="program_of_a_site_has_a_secret",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "tool"), ("redirect_uris__len", 0)),
                            models.Q(
                                models.Q(("kind", "tool"), _negated=True),
                                ("redirect_uris__len__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="program_returns_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgramEvent",
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
                    "step",
                    models.CharField(
                        choices=[
                            ("register", "Registered"),
                            ("change", "Changed"),
                            ("renew", "New secret"),
                            ("disable", "Disabled"),
                            ("enable", "Enabled"),
                            ("agree", "Agreed to by a person"),
                            ("revoke", "Signed out by a person"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="as it was then")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "program event",
                "verbose_name_plural": "program events",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_programevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="about")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "link",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("membership", "key"), name="reminder_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_at", models.DateTimeField(verbose_name="expected by")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="referent reminded"),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="desk told"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "yearly review",
                "verbose_name_plural": "yearly reviews",
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("organisation",),
                        name="one_open_review_per_organisation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewAct",
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
                    "verdict",
                    models.CharField(
                        choices=[("keep", "still with us"), ("end", "has left")],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("applies_at", models.DateTimeField(verbose_name="takes effect")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="accounts.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer in a review",
                "verbose_name_plural": "answers in reviews",
                "ordering": ["-at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_reviewact_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at", None), ("applied_at", None), _connector="OR"
                        ),
                        name="review_act_is_applied_or_undone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_at", None),
                            ("applied_at__gte", models.F("applies_at")),
                            _connector="OR",
                        ),
                        name="review_act_waits_for_its_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "keep"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_end_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="accounts.reviewact",
                    ),
                ),
                (
                    "affiliation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="accounts.affiliation",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision in a review",
                "verbose_name_plural": "decisions in reviews",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("act", "affiliation"), name="decided_once_in_an_act"
                    )
                ],
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
                            ("receiver", "receiver of a product passed on"),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_signature_has_one_actor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("capacity", "user")),
                        fields=("user", "licence_code", "version", "subject"),
                        name="signed_once_by_a_user",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("capacity", "legal_representative")),
                        fields=("membership", "licence_code", "version", "subject"),
                        name="accepted_once_for_a_membership",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("capacity", "receiver")),
                        fields=("by_link", "licence_code", "version", "subject"),
                        name="signed_once_through_a_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("capacity", "user"), ("membership", None), ("user__isnull", False)
                            ),
                            models.Q(
                                ("capacity", "legal_representative"),
                                ("membership__isnull", False),
                                ("user", None),
                            ),
                            models.Q(
                                ("by_link__isnull", False),
                                ("capacity", "receiver"),
                                ("membership", None),
                                ("user", None),
                            ),
                            _connector="OR",
                        ),
                        name="signature_has_its_signer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="accounts.signature",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt of a signature",
                "verbose_name_plural": "receipts of signatures",
                "ordering": ["signature"],
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
                "constraints": [
                    models.CheckConstraint(
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
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supervisor", "supervising body"),
                            ("host", "host institution"),
                            ("partner", "partner body"),
                        ],
                        default="supervisor",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervisions",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "supervision",
                "verbose_name_plural": "supervisions",
                "ordering": ["organisation", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("organisation", "name"),
                        name="supervised_once_by_a_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body", models.F("organisation")), _negated=True),
                        name="nobody_supervises_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since", None),
                            ("until", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="supervision_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("url", models.CharField(max_length=300, verbose_name="address")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        size=None,
                        verbose_name="hears of",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("disabled", "Stopped: it did not answer"),
                            ("removed", "Removed"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True)),
                (
                    "old_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="the former secret signs until"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="failing since"),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(default=0, verbose_name="failures in a row"),
                ),
                (
                    "resting_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="rests until"),
                ),
                (
                    "busy_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="in a worker's hands until"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "active")),
                        fields=["organisation"],
                        name="webhook_listening",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subjects__len__gt", 0)),
                        name="webhook_hears_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("old_secret", ""), ("old_until", None)),
                            models.Q(
                                models.Q(("old_secret", ""), _negated=True),
                                ("old_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_former_secret_has_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since", None), ("failures", 0)),
                            models.Q(("failing_since__isnull", False), ("failures__gt", 0)),
                            _connector="OR",
                        ),
                        name="webhook_fails_since_an_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("key", models.CharField(max_length=120, verbose_name="about")),
                (
                    "message_id",
                    models.CharField(max_length=60, unique=True, verbose_name="identifier"),
                ),
                ("type", models.CharField(max_length=80, verbose_name="type")),
                ("body", models.TextField(max_length=20000, verbose_name="body")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("given_up", "Given up"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="accounts.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook call",
                "verbose_name_plural": "webhook calls",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["webhook", "-made_at"], name="webhook_call_log"),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["webhook", "due_at"],
                        name="webhook_call_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "key"), name="webhook_call_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status"),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "address",
                                "This address may not be called: it leads into a private network.",
                            ),
                            (
                                "name",
                                "The name of the machine is not known, or nothing listens there.",
                            ),
                            ("tls", "The certificate of the other side is not valid."),
                            ("slow", "No answer in time."),
                            ("redirect", "It sends elsewhere; only the address given is called."),
                            ("broken", "The connection broke."),
                        ],
                        max_length=10,
                        verbose_name="fault",
                    ),
                ),
                ("milliseconds", models.PositiveIntegerField(verbose_name="milliseconds")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="accounts.webhookcall",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook attempt",
                "verbose_name_plural": "webhook attempts",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", False),
                            models.Q(("fault", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="webhook_attempt_ended",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
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
                    "step",
                    models.CharField(
                        choices=[
                            ("make", "Made"),
                            ("change", "Changed"),
                            ("rotate", "New secret"),
                            ("ping", "Tried"),
                            ("replay", "Sent again"),
                            ("pause", "Paused"),
                            ("resume", "Went on"),
                            ("disable", "Stopped"),
                            ("remove", "Removed"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="as it was then")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
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
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook event",
                "verbose_name_plural": "webhook events",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_webhookevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="ready")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("storage_name", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy of personal data",
                "verbose_name_plural": "copies of personal data",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ready_at", None)),
                        fields=("user",),
                        name="one_copy_made_at_a_time",
                    )
                ],
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
        pgtrigger.migrations.AddTrigger(
            model_name="linkedaccountevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5a95893d01695c29483a388b8337a042b8bc0533",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a328e",
                    table="accounts_linkedaccountevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="licencedraftevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0d8b8ccb4987ed6e30efc40bab7b121dc3f7e372",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ed323",
                    table="accounts_licencedraftevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invitationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="daf23d962af867f3cb4eedb3f026a1b651002cd3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b4566",
                    table="accounts_invitationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="erasure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e91141113ae01afdf37d83a8c3d12353f8617bb0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8dda0",
                    table="accounts_erasure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delegationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="delegation_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8fa2a1adf559cab601732e71a55db31657fd9a25",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_delegation_event_only_added_3ff9a",
                    table="accounts_delegationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4bd8a762ce0e15686f1bc354fda3deff8e2f99b0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_86db7",
                    table="accounts_changeevent",
                    when="BEFORE",
                ),
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
        pgtrigger.migrations.AddTrigger(
            model_name="opinionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d3f3a52e04e9f58884312c56a5588f66f8af893d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7ead5",
                    table="accounts_opinionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merger",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0b05bec8048377a7b0a1b1861d13d540ecee8195",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_40399",
                    table="accounts_merger",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "active",
                            "appealed",
                            "awaiting_legal",
                            "awaiting_opinions",
                            "awaiting_referent",
                            "draft",
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
            model_name="mailedlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("membership__isnull", False), ("organisation", None), ("subject_key", "")
                    ),
                    models.Q(
                        ("membership", None), ("organisation__isnull", False), ("subject_key", "")
                    ),
                    models.Q(
                        models.Q(("membership", None), ("organisation", None)),
                        models.Q(("subject_key", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="mailed_link_has_one_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "sent")),
                fields=("organisation", "email"),
                name="invited_once_per_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["awaiting_legal", "under_review"])),
                fields=("organisation", "kind"),
                name="one_open_change_of_a_kind",
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
        migrations.AddIndex(
            model_name="linkedaccount",
            index=models.Index(fields=["partner", "state"], name="linked_account_by_state"),
        ),
        migrations.AddConstraint(
            model_name="linkedaccount",
            constraint=models.UniqueConstraint(
                fields=("user", "partner"), name="linked_account_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ab12179ca78ae034abb9ebf88853b5337e7aa9ef",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ba890",
                    table="accounts_personevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f17cb7f411ef754c7099a4a4d1250c61081d281c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_62783",
                    table="accounts_programevent",
                    when="BEFORE",
                ),
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
        pgtrigger.migrations.AddTrigger(
            model_name="webhookevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="63737be82f003503f377b81afded1cf149ba29ce",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9b78b",
                    table="accounts_webhookevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
