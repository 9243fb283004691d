"""What is not an order is refused with the same code by every door: API, batch, command line; screens say it too."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import tariffs
from tests.factories.accounts import AT, TESTER

from tripartite.cli.main import main
from tripartite.pricing.order import OrderError
from tripartite.pricing.order_text import MAX_BYTES, decode_order
from tripartite.tariffs.services import adopt_grid, draft_grid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("adopted_grid")]
GOOD = b'{"beneficiary": {"kind": "commune", "department": "62"}, "lines": [{"service": "antivirus", "quantity": 1}]}'
TWICE = "Le champ « quantity » est écrit deux fois : n'en garder qu'un."
NOT_JSON = "La demande n'est pas du JSON valable."
REFUSED: dict[str, tuple[bytes, str]] = {
    "a key twice": (GOOD.replace(b'"quantity": 1', b'"quantity": 1, "quantity": 2'), TWICE),
    "a key twice, alike": (GOOD.replace(b'"quantity": 1', b'"quantity": 1, "quantity": 1'), TWICE),
    "NaN": (GOOD.replace(b": 1", b": NaN"), NOT_JSON),
    "Infinity": (GOOD.replace(b": 1", b": Infinity"), NOT_JSON),
    "minus Infinity": (GOOD.replace(b": 1", b": -Infinity"), NOT_JSON),
    "a zero character": (GOOD.replace(b"antivirus", b"anti\\u0000virus"), NOT_JSON),
    "half a surrogate pair": (GOOD.replace(b"antivirus", b"anti\\ud800virus"), NOT_JSON),
    "half a pair in a key": (GOOD.replace(b"quantity", b"quantit\\ud800"), NOT_JSON),
    "half a pair, raw": (GOOD.replace(b"antivirus", b"anti\xed\xa0\x80virus"), NOT_JSON),
    "too many digits": (GOOD.replace(b": 1", b": 1." + b"0" * 50), "Un nombre a trop de chiffres : 40 au plus."),
    "too big": (GOOD.replace(b"antivirus", b"a" * MAX_BYTES), "La demande est trop volumineuse."),
    "too big to be sent": (GOOD.replace(b"antivirus", b"a" * 1_000_001), "La demande est trop volumineuse."),
}
every = pytest.mark.parametrize("raw", REFUSED.values(), ids=list(REFUSED))


@every
def test_the_pure_reading_refuses_it(raw: tuple[bytes, str]) -> None:
    with pytest.raises(OrderError) as refused:
        decode_order(raw[0])

    assert (refused.value.code, refused.value.message) == ("bad-order", raw[1])


@every
def test_the_api_refuses_it(client: Client, raw: tuple[bytes, str]) -> None:
    answer = client.post("/api/v1/estimates", data=raw[0], content_type="application/json")

    assert (answer.status_code, answer.json()["error"]) == (422, {"code": "bad-order", "message": raw[1]})


@every
def test_the_command_line_refuses_it(tmp_path: Path, capsys: Any, raw: tuple[bytes, str]) -> None:
    file = tmp_path / "demande.json"
    file.write_bytes(raw[0])
    status = main(["estimate", str(file)])

    if b"\xed\xa0\x80" in raw[0]:
        assert (status, capsys.readouterr().err) == (2, f"{file} : ce n'est pas du texte UTF-8.\n")
    else:
        assert (status, capsys.readouterr().err) == (1, f"{raw[1]}\n")


def test_a_batch_refuses_each_and_answers_the_others(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    lines = [line for raw, _ in REFUSED.values() for line in (raw, GOOD)]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines)), encoding="utf-8"))

    assert main(["estimate", "--format", "jsonl", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["error"] for answer in answers[::2]] == [
        {"code": "bad-order", "message": message} for _, message in REFUSED.values()
    ]
    assert [answer["totals"]["lfn"]["yearly_cents"] for answer in answers[1::2]] == [1700] * len(REFUSED)


def test_a_batch_that_begins_with_what_is_no_text_goes_on(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n\xfe\n" + GOOD), encoding="utf-8"))

    assert main(["estimate", "--format", "jsonl", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("error", {}).get("code") for answer in answers] == ["bad-order", "bad-order", None]


@pytest.mark.parametrize("figure", ["population", "staff"])
def test_a_figure_beyond_all_is_refused_alike(client: Client, tmp_path: Path, capsys: Any, figure: str) -> None:
    most, beyond = 100_000_000, json.loads(GOOD)
    beyond["beneficiary"][figure] = most + 1
    file = tmp_path / "demande.json"
    file.write_text(json.dumps(beyond))
    answer = client.post("/api/v1/estimates", data=beyond, content_type="application/json")

    said = f"beneficiary.{figure} : ce nombre est trop grand, 100\u202f000\u202f000 au plus."
    assert (answer.status_code, answer.json()["error"]) == (422, {"code": "bad-order", "message": said})
    assert (main(["estimate", str(file)]), capsys.readouterr().err) == (1, f"{said}\n")
    for typed, refused in ((most + 1, True), ("9" * 4_000, True), (most, False)):
        page = client.get(reverse("estimator"), {"kind": "commune", "department": "62", figure: typed})
        shown = "Ce nombre est trop grand : 100\u202f000\u202f000 au plus." in page.content.decode()
        assert (page.status_code, shown) == (200, refused)


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "-Infinity", "1e999", "1\x002", "\ud800", "9" * 400])
def test_a_screen_says_that_it_is_no_number(client: Client, typed: str) -> None:
    query = {"kind": "commune", "department": "62", "antivirus": typed.encode("utf-8", "surrogatepass")}
    page = client.get(reverse("estimator"), query)
    said = page.content.decode()

    assert page.status_code == 200
    assert ("Un champ est à corriger" in said, "trop grand" in said) == (True, typed.isdigit())


@pytest.mark.parametrize(("on", "days"), [("2026-12-31", ""), ("2027-01-01", "du 26/03/2024 au 31/12/2026")])
def test_a_grid_that_another_took_over_from_is_outside_its_days(client: Client, on: str, days: str) -> None:
    text = tariffs.grid_text().replace(
        'code = "cdg62/2024-03-26"', 'code = "cdg62/2027-01-01"\nsupersedes = "cdg62/2024-03-26"', 1
    )
    text = text.replace("applies_from = 2024-03-26", "applies_from = 2027-01-01", 1)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code="cdg62/2027-01-01", actor=TESTER, at=AT)
    order = json.loads(GOOD) | {"on": on, "grid": "cdg62/2024-03-26"}

    answer = client.post("/api/v1/estimates", data=order, content_type="application/json").json()

    said = [warning["message"] for warning in answer["warnings"] if warning["code"] == "outside-grid-days"]
    shown = f"La grille cdg62/2024-03-26 s'applique {days} : le 01/01/2027 est hors de ses jours."
    assert said == ([shown] if days else [])


@pytest.mark.parametrize(("on", "warned"), [("2024-03-25", True), ("2024-03-26", False), ("2026-11-27", False)])
def test_every_door_warns_of_a_day_outside_those_of_the_grid_named(
    client: Client, tmp_path: Path, capsys: Any, on: str, warned: bool
) -> None:
    order = json.loads(GOOD) | {"on": on, "grid": "cdg62/2024-03-26"}
    file = tmp_path / "demande.json"
    file.write_text(json.dumps(order), encoding="utf-8")
    expected = ["outside-grid-days"] if warned else []

    answer = client.post("/api/v1/estimates", data=order, content_type="application/json").json()
    assert [warning["code"] for warning in answer["warnings"]] == expected
    assert main(["estimate", str(file), "--format", "json"]) == 0
    assert [warning["code"] for warning in json.loads(capsys.readouterr().out)["warnings"]] == expected
    assert main(["estimate", str(file)]) == 0
    assert ("est hors de ses jours." in capsys.readouterr().out) is warned
