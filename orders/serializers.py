"""The shape of what programs send and read; no rule lives here."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from orders.pricing.words import Kind, Mode

MAX_AREA_CHARACTERS = 400_000  # ten thousand points as GeoJSON, generously


class Area(serializers.DictField):
    """A GeoJSON polygon or multipolygon, in degrees; its rules are those of dinamis.geo."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        area = super().to_internal_value(data)
        if area.get("type") not in ("Polygon", "MultiPolygon", "Feature", "FeatureCollection"):
            raise serializers.ValidationError(_("A GeoJSON polygon is expected."))
        if len(str(area)) > MAX_AREA_CHARACTERS:
            raise serializers.ValidationError(_("This area has too many points."))
        return area


class Window(serializers.Serializer):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class Wish(serializers.Serializer):
    """What is wanted: a `scene` by identifier (production), or a `sensor` and a `window` (tasking)."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    scene = serializers.CharField(max_length=120, required=False)
    sensor = serializers.SlugField(max_length=20, required=False)
    area = Area(required=False)
    area_key = serializers.UUIDField(required=False, help_text="A saved area, instead of `area`.")
    mode = serializers.ChoiceField(choices=Mode.choices, default=Mode.MONO)
    options = serializers.DictField(
        child=serializers.CharField(max_length=40), required=False, default=dict
    )
    without = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        max_length=20,
        required=False,
        default=list,
        help_text="Keys of existing products: what they cover is not ordered.",
    )
    window = Window(required=False)
    max_cloud = serializers.IntegerField(min_value=0, max_value=100, required=False)
    max_incidence = serializers.IntegerField(min_value=0, max_value=90, required=False)
    accept_cloud = serializers.IntegerField(
        min_value=0,
        max_value=100,
        required=False,
        help_text="An image no cloudier is accepted by itself; above it you are asked.",
    )
    min_bh = serializers.DecimalField(max_digits=3, decimal_places=2, required=False)
    max_bh = serializers.DecimalField(max_digits=3, decimal_places=2, required=False)
    tries = serializers.IntegerField(min_value=1, max_value=100, required=False)
    project = serializers.CharField(
        max_length=20,
        required=False,
        help_text="The reference of a project of yours, under which it is asked.",
    )

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        production = wish["kind"] == Kind.PRODUCTION
        needed = ["scene"] if production else ["sensor", "window"]
        missing = {name: _("This field is required.") for name in needed if name not in wish}
        if not production and not {"area", "area_key"} & set(wish):
            missing["area"] = _("This field is required.")
        if missing:
            raise serializers.ValidationError(missing)
        return wish


class NewOrder(serializers.Serializer):
    """An order: the quotes to be used, or wishes that are quoted on the way."""

    title = serializers.CharField(max_length=200)
    purpose = serializers.CharField(max_length=4000)
    quotes = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False, default=list
    )
    lines = serializers.ListField(child=Wish(), max_length=20, required=False, default=list)
    wait = serializers.BooleanField(
        default=False, help_text="Wait in the list for quota that is not there now."
    )

    alone = serializers.BooleanField(default=False, help_text="Keep out of joint requests.")

    def validate(self, order: dict[str, Any]) -> dict[str, Any]:
        if bool(order["quotes"]) == bool(order["lines"]):
            raise serializers.ValidationError(
                {"quotes": _("Give quotes, or lines: one of the two.")}
            )
        return order


class StepFacts(serializers.Serializer):
    """What a step may take with it."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    supplier_reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    order_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    payer = serializers.CharField(max_length=200, required=False, allow_blank=True)
    invoice_reference = serializers.CharField(max_length=60, required=False, allow_blank=True)
    paid_on = serializers.DateField(required=False)
    product = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        help_text="One of those offered, to convert.",
    )


class QuoteShown(serializers.Serializer):
    """A quote as programs read it."""

    key = serializers.UUIDField()
    reference = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField()
    units = serializers.DecimalField(max_digits=14, decimal_places=2)
    terms = serializers.CharField()
    beyond = serializers.BooleanField()
    quota_units = serializers.DecimalField(max_digits=14, decimal_places=2)
    paid_units = serializers.DecimalField(max_digits=14, decimal_places=2)
    price_eur = serializers.DecimalField(max_digits=12, decimal_places=2)
    cofunded_eur = serializers.DecimalField(max_digits=12, decimal_places=2)
    place = serializers.CharField()
    place_shares = serializers.JSONField()
    area_km2 = serializers.DecimalField(max_digits=12, decimal_places=2)
    subtracted_km2 = serializers.DecimalField(max_digits=12, decimal_places=2)
    rules = serializers.CharField(source="rule_version.code")
    purse_before = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    purse_after = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    licence = serializers.CharField(source="licence.code", default=None, allow_null=True)
    least_days = serializers.IntegerField(allow_null=True)
    most_days = serializers.IntegerField(allow_null=True)
    available = serializers.JSONField()
    is_provisional = serializers.BooleanField()
    expires_at = serializers.DateTimeField()
    project = serializers.CharField(source="project.reference", default=None, allow_null=True)
    explained = serializers.SerializerMethodField()

    def get_explained(self, quote: Any) -> list[dict[str, str]]:
        return [
            {"id": row.id, "label": row.label, "why": row.why, "amount": row.amount}
            for row in quote.rows
        ]


class DecisionShown(serializers.Serializer):
    """A decision of the desk: until `takes_effect_at` nothing has happened, and its author may undo it."""

    id = serializers.IntegerField(source="pk")
    verb = serializers.CharField()
    state = serializers.CharField()
    takes_effect_at = serializers.DateTimeField()


class LineShown(serializers.Serializer):
    """A line as programs read it: its three lives and the sentence made of them."""

    number = serializers.IntegerField()
    reference = serializers.CharField()
    kind = serializers.CharField()
    sensor = serializers.CharField(source="sensor_id")
    scene = serializers.CharField(source="scene.item_id", default=None)
    approval = serializers.CharField()
    supply = serializers.CharField()
    money = serializers.CharField()
    state_since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    unit = serializers.CharField(source="quote.unit")
    units = serializers.DecimalField(source="quote.units", max_digits=14, decimal_places=2)
    product = serializers.IntegerField(source="product_id", allow_null=True)
    sentence = serializers.CharField(source="turn.text")
    is_yours = serializers.BooleanField(source="turn.is_yours")
    steps = serializers.ListField(child=serializers.CharField())
    # The desk's alone, while it can still be undone.
    decision = DecisionShown(source="pending", allow_null=True, default=None)


class OrderShown(serializers.Serializer):
    """An order as programs read it."""

    reference = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    organisation = serializers.CharField()
    project = serializers.CharField(source="project.reference", default=None, allow_null=True)
    made_at = serializers.DateTimeField()
    lines = LineShown(many=True, source="shown")
