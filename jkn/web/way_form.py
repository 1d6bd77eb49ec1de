"""The form for choosing one of a few ways to go on."""

from collections.abc import Mapping

from wtforms import RadioField, SelectChoice, ValidationError

from jkn.web.form import Form


class WayForm(Form):
    """`labels`: the words for each value. `missing`: the error when none of them was chosen.
    `ahead`: the value that is chosen in advance, if it is among them."""

    way = RadioField(validate_choice=False)

    def __init__(
        self, legend: str, labels: Mapping[str, str], missing: str, ahead: str | None = None
    ) -> None:
        super().__init__(data={"way": ahead})
        self._missing = missing
        self.way.label.text = legend
        self.way.choices = [SelectChoice(value, label) for value, label in labels.items()]

    def validate_way(self, field: RadioField) -> None:
        if field.data not in {it.value for it in field.choices}:
            raise ValidationError(self._missing)
