"""How a person wants to be told: one choice for each family of news that can be chosen."""

from typing import Any

from django import forms

from accounts.families import Channel, Family


class NoticeChoicesForm(forms.Form):
    """Fields are named after the families; those that are fixed have none."""

    def __init__(self, *args: Any, chosen: list[tuple[Family, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for family, way in chosen:
            if not family.why_fixed:
                self.fields[family.code] = forms.ChoiceField(
                    label=family.label,
                    help_text=family.says,
                    choices=Channel.choices,
                    initial=way,
                )

    @property
    def ways(self) -> dict[str, str]:
        """Family → way, as the service takes it."""
        return dict(self.cleaned_data)
