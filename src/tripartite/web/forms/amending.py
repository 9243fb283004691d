"""How much of each service is to be in service after an amendment."""

from collections.abc import Iterator
from typing import Any

from django import forms

from tripartite.pricing import Grid
from tripartite.pricing.grid import Service


class AmendForm(forms.Form):
    """One field a service of the grid that is counted by one quantity, starting from what is held."""

    reason = forms.CharField(label="Pourquoi une nouvelle version", max_length=500, required=False)

    def __init__(self, *args: Any, grid: Grid, held: list[dict[str, Any]], again: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.grid = grid
        self.held = {line["service"]: line["quantity"] for line in held if _simple(grid.services.get(line["service"]))}
        for code, service in grid.services.items():
            if _simple(service):
                self.fields[code] = self._quantity(service)
        if not again:
            del self.fields["reason"]

    def _quantity(self, service: Service) -> forms.Field:
        measured = service.quantities["quantity"]
        whole = measured.step == 1
        most = 1 if service.held_once else None
        words: dict[str, Any] = {"label": service.name, "min_value": 0, "max_value": most, "required": False}
        initial = self.held.get(service.code, 0)
        widget = forms.NumberInput({"class": "short", "inputmode": "numeric" if whole else "decimal"})
        if whole:
            return forms.IntegerField(initial=initial, widget=widget, **words)
        return forms.FloatField(initial=initial, widget=widget, step_size=float(measured.step), **words)

    def families(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The fields, family by family, each with what is held now."""
        for code, family in self.grid.families.items():
            rows = [
                {"field": self[one.code], "held": self.held.get(one.code), "unit": one.unit}
                for one in self.grid.services.values()
                if one.family == code and one.code in self.fields
            ]
            if rows:
                yield family.name, rows

    def wanted(self) -> dict[str, int | float]:
        """What is to be in service, where it is said; a field left empty is what was held."""
        given = {code: self.cleaned_data.get(code) for code in self.fields if code != "reason"}
        return {code: quantity for code, quantity in given.items() if quantity is not None}


def _simple(service: Service | None) -> bool:
    return service is not None and set(service.quantities) == {"quantity"} and not service.options
