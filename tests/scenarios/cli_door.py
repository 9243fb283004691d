# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""The second door: the command line, where it has the step; the services elsewhere."""

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.scenarios.services_door import ServicesDoor
from tests.scenarios.story import Step
from tests.scenarios.telling import Refused
from tripartite.cli.main import main
from tripartite.quotes.queries.requests import request_list


class CliDoor(ServicesDoor):
    """`tripartite estimate`, `quote`, `subscription`, `grid adopt`, `billing` and `daily`."""

    name = "cli"

    def estimate(self, step: Step, said: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(_run(self.payload(step, said), "estimate", "--format", "json"))
        return answer

    def ask(self, step: Step, said: dict[str, Any]) -> Any:
        """Asked and issued at once is what `tripartite quote` does; asked alone is not a command."""
        if not said.get("issue"):
            super().ask(step, said)
            return
        contact = [f"--{name}={value}" for name, value in said.get("contact", {}).items()]
        with tempfile.TemporaryDirectory() as folder:
            written = _run(self.payload(step, said), "quote", "--out", folder, *contact).split()
            if len(written) != 2 or not all(Path(name).read_bytes().startswith(b"%PDF-") for name in written):
                raise Refused(f"deux PDF attendus, écrits : {written}")
        self.telling.add(request_list().first())

    def go_live(self, step: Step, said: dict[str, Any]) -> Any:
        day = said.get("live_on", step.on).isoformat()
        quantity = ["--quantity", f"{said['quantity']}"] if "quantity" in said else []
        _output("subscription", "go-live", f"{self.activation(said['service']).pk}", "--on", day, *quantity)

    def reduce(self, step: Step, said: dict[str, Any]) -> Any:
        day = said.get("from", step.on).isoformat()
        options = ("--by", f"{said['by']}", "--on", day, "--reason", said["reason"])
        _output("subscription", "reduce", f"{self.subscription(said['service']).pk}", *options)

    def put_right(self, step: Step, said: dict[str, Any]) -> Any:
        key, day = f"{self.going_live(said).pk}", said["day"].isoformat()
        options = ("--on", day, "--quantity", f"{said['quantity']}", "--reason", said["reason"])
        _output("subscription", "correct-change", key, *options)

    def end_service(self, step: Step, said: dict[str, Any]) -> Any:
        day = said.get("last_day", step.on).isoformat()
        key = f"{self.subscription(said['service']).pk}"
        _output("subscription", "end", key, "--last-day", day, "--reason", said["reason"])

    def cost_of(self, body: Any, day: Any) -> dict[str, int]:
        told = json.loads(_output("subscription", "cost", body.siren, "--on", day.isoformat(), "--format", "json"))
        return {issuer: row["yearly_cents"] for issuer, row in told["totals"].items()}

    def due_of(self, body: Any, since: Any, until: Any) -> list[dict[str, Any]]:
        window = ("--since", since.isoformat(), "--until", until.isoformat())
        return list(json.loads(_output("due", body.siren, *window, "--format", "json")))

    def adopt_grid(self, step: Step, said: dict[str, Any]) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "grille.toml"
            file.write_text(self.new_grid(said), encoding="utf-8")
            _output("grid", "adopt", str(file))

    def bill(self, step: Step, said: dict[str, Any]) -> Any:
        _output("billing", "issue", said["issuer"], "--apply")

    def pay(self, step: Step, said: dict[str, Any]) -> Any:
        _output("billing", "pay", said["issuer"], _typed(said["amount"]), "--invoice", self.invoice(said).number)

    def credit_line(self, step: Step, said: dict[str, Any]) -> Any:
        invoice = self.invoice(said)
        part = f"{self.line_of(invoice, said).pk}={_typed(said['amount'])}"
        options = ("--line", part, "--reason", said["reason"], "--apply")
        _output("billing", "credit", said["issuer"], invoice.number, *options)

    def order_titles(self, step: Step, said: dict[str, Any]) -> Any:
        _output("billing", "slip", said["issuer"], "--by-table", "--apply")

    def reject_title(self, step: Step, said: dict[str, Any]) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "retour.xml"
            file.write_bytes(self.rejection(step, said))
            _output("billing", "returns", said["issuer"], str(file), "--apply")

    def remind(self, step: Step, said: dict[str, Any]) -> Any:
        _output("billing", "remind", said["issuer"], "--apply")

    def advance(self, step: Step, said: dict[str, Any]) -> Any:
        """`tripartite daily`, once: the day has nothing left then."""
        _output("daily", "--on", step.on.isoformat(), "--apply", "--confirm")
        self.check_at_its_end(step)


def _run(order: dict[str, Any], command: str, *options: str) -> str:
    """Give an order to a command on its standard input."""
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps(order).encode()), encoding="utf-8")
    try:
        return _output(command, "-", *options)
    finally:
        sys.stdin = before


def _typed(amount: Any) -> str:
    """« 30,00 »."""
    return f"{amount}".replace(".", ",")


def _output(*arguments: str) -> str:
    """What a command prints; raises Refused with what it says on its standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(list(arguments))
    if status:
        raise Refused(err.getvalue().strip() or out.getvalue().strip())
    return out.getvalue()
