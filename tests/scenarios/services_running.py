# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""What follows a convention in force, told through the services: going live, changes, ends, new tariffs, mergers."""

from fractions import Fraction
from typing import Any

from tests.factories.tariffs import grid_text
from tests.scenarios.setting import TELLER, complete, load_merger, load_population, load_restoration
from tests.scenarios.story import Step, StoryError
from tests.scenarios.telling import Telling, cents
from tripartite.following.queries.due import all_due
from tripartite.following.services.correcting import put_change_right
from tripartite.going_live.models import Activation
from tripartite.going_live.queries.activations import standing_of
from tripartite.going_live.services.activations import (
    open_activations,
    open_renewal,
    plan_activation,
    settle_step,
    waive_step,
)
from tripartite.going_live.services.parts import go_live
from tripartite.jobs.daily import do_day
from tripartite.journal.models import Entry
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.pricing.grid import offer_of
from tripartite.quotes.queries.requests import accepted_version
from tripartite.subscriptions.models import Subscription
from tripartite.subscriptions.queries.on_request import on_request_lines
from tripartite.subscriptions.queries.portrait import dated_changes
from tripartite.subscriptions.queries.running import cost_reading, running_cost
from tripartite.subscriptions.services.asking_prices import give_price
from tripartite.subscriptions.services.correcting import Corrected
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription
from tripartite.tariffs.services import adopt_grid, draft_grid


class RunningVerbs:
    """The verbs of a story once a convention is in force. A door may do them by its own screens or commands."""

    telling: Telling

    def done(self, step: Step) -> dict[str, Any]:
        raise NotImplementedError

    def set_going(self, step: Step, said: dict[str, Any]) -> Any:
        """Open the activations of the file: of its convention, or with `renews` as a renewal of what is prepaid."""
        if "renews" in said:
            named = Telling(self.telling.body, self.telling.files, said["renews"])
            open_renewal(request_id=self.telling.request.pk, convention_id=named.prepared.pk, **self.done(step))
            return
        open_activations(convention_id=self.telling.prepared.pk, **self.done(step))

    def activation(self, service: str) -> Any:
        """The activation of a service in the current file."""
        version = accepted_version(self.telling.request.pk)
        found = Activation.objects.filter(version=version, service=service).prefetch_related("steps").first()
        if found is None:
            raise StoryError(f"« {service} » n'est pas à mettre en service dans ce dossier : « set-going » l'ouvre.")
        return found

    def plan(self, step: Step, said: dict[str, Any]) -> Any:
        plan_activation(
            activation_id=self.activation(said["service"]).pk,
            planned_on=said.get("planned_on"),
            waiting_for=said.get("waiting_for", ""),
            **self.done(step),
        )

    def settle(self, step: Step, said: dict[str, Any]) -> Any:
        """Settle the step of a checklist, or with no `code` all that are left; with `waive`, do without them."""
        for one in self.activation(said["service"]).steps.all():
            if one.settled or said.get("code", one.code) != one.code:
                continue
            self.settle_one(step, said, one)

    def settle_one(self, step: Step, said: dict[str, Any], one: Any) -> None:
        if "waive" in said:
            waive_step(step_id=one.pk, reason=said["waive"], **self.done(step))
        else:
            settle_step(step_id=one.pk, done_on=said.get("done_on", step.on), **self.done(step))

    def go_live(self, step: Step, said: dict[str, Any]) -> Any:
        go_live(
            activation_id=self.activation(said["service"]).pk,
            live_on=said.get("live_on", step.on),
            quantity=Fraction(str(said["quantity"])) if "quantity" in said else None,
            **self.done(step),
        )

    def left(self, activation: Any) -> Any:
        """How much of an activation is left to go live."""
        return standing_of(activation).left

    def subscription(self, service: str) -> Any:
        """The last subscription of the body to a service: under the convention of the current file, if it has one."""
        held = Subscription.objects.filter(body=self.telling.body, service=service).order_by("starts_on", "pk")
        under = self.telling.convention
        found = (held.filter(convention=under).last() if under else None) or held.last()
        if found is None:
            raise StoryError(f"« {service} » ne tourne pas : « go-live » le met en service.")
        return found

    def reduce(self, step: Step, said: dict[str, Any]) -> Any:
        reduce_subscription(
            subscription_id=self.subscription(said["service"]).pk,
            removed=Fraction(str(said["by"])),
            on=said.get("from", step.on),
            reason=said["reason"],
            **self.done(step),
        )

    def price_running(self, step: Step, said: dict[str, Any]) -> Any:
        line = self.on_request(step, said)
        give_price(
            body_id=line.body.pk,
            what=line.what,
            amount_cents=cents(said["amount"]),
            reason=said["reason"],
            since=said.get("since"),
            issuer=said["issuer"],
            **self.done(step),
        )

    def on_request(self, step: Step, said: dict[str, Any]) -> Any:
        """The line on request of what runs that a step prices: that of its issuer, the other's where it has none."""
        body = self.telling.body
        lines = on_request_lines(cost_reading([body.pk])[body.pk], on=step.on)
        found = [one for one in lines if one.what.service == said["service"]]
        if not found:
            raise StoryError(f"aucune ligne sur devis ne tourne pour « {said['service']} ».")
        return next((one for one in found if one.what.issuer == said["issuer"]), found[0])

    def put_right(self, step: Step, said: dict[str, Any]) -> Any:
        put_change_right(
            change_id=self.going_live(said).pk,
            right=Corrected(said["day"], Fraction(str(said["quantity"]))),
            reason=said["reason"],
            **self.done(step),
        )

    def going_live(self, said: dict[str, Any]) -> Any:
        """What went live of a service on a day, as it stands."""
        changes = dated_changes(self.subscription(said["service"]))
        found = [one.change for one in changes if one.change.line is not None and one.change.on == said["was"]]
        if not found:
            raise StoryError(f"rien de « {said['service']} » n'a été mis en service le {said['was']:%d/%m/%Y}.")
        return found[0]

    def end_service(self, step: Step, said: dict[str, Any]) -> Any:
        end_subscription(
            subscription_id=self.subscription(said["service"]).pk,
            last_day=said.get("last_day", step.on),
            reason=said["reason"],
            **self.done(step),
        )

    def cost(self, step: Step, said: dict[str, Any]) -> Any:
        """What the body, or a former one by its INSEE code, pays a year; the `expect` of the step compares it."""
        of = said.get("of")
        body = next(one for one in self.telling.former if one.code_insee == of) if of else self.telling.body
        return {"cost": self.cost_of(body, said.get("day", step.on))}

    def cost_of(self, body: Any, day: Any) -> dict[str, int]:
        """Cents a year, by issuer."""
        return running_cost(body.pk, on=day).totals

    def due(self, step: Step, said: dict[str, Any]) -> Any:
        """What falls due for the body in a window, all items of an issuer together; with `former`, for those that were
        merged into it too, and for all those that the story turned to. The `expect` compares it.
        """
        others = [*self.telling.former, *self.telling.left] if said.get("former") else []
        bodies = {one.pk: one for one in (self.telling.body, *others)}.values()
        until = said.get("until", step.on)
        items = [item for body in bodies for item in self.due_of(body, said["since"], until)]
        found: dict[str, int] = {}
        for item in items:
            found[item["issuer"]] = found.get(item["issuer"], 0) + (item["amount_cents"] or 0)
        return {"due": found}

    def due_of(self, body: Any, since: Any, until: Any) -> list[dict[str, Any]]:
        """The items, as scripts read them."""
        return [item.as_json() for item in all_due([body.pk], since=since, until=until)[body.pk]]

    def adopt_grid(self, step: Step, said: dict[str, Any]) -> Any:
        text = self.new_grid(said)
        draft_grid(text=text, **self.done(step))
        adopt_grid(code=said["code"], **self.done(step))

    def new_grid(self, said: dict[str, Any]) -> str:
        """The text of the shipped grid, with what the step changes in it: it takes over from that one, unless its code
        is of another offer.
        """
        days = f"applies_from = {said['applies_from']}"
        if "running_from" in said:
            days += f"\nrunning_from = {said['running_from']}"
        before = '\nsupersedes = "cdg62/2024-03-26"' if offer_of(said["code"]) == "cdg62" else ""
        heading = {
            'code = "cdg62/2024-03-26"': f'code = "{said["code"]}"{before}',
            "applies_from = 2024-03-26": days,
        }
        text = grid_text()
        for old, new in (heading | said.get("changes", {})).items():
            if old not in text:
                raise StoryError(f"la grille ne dit pas « {old} ».")
            text = text.replace(old, new, 1)
        return text

    def merge(self, step: Step, said: dict[str, Any]) -> Any:
        """The body is merged into another, from the day of the step or one before: the story goes on with that one."""
        load_merger(self.telling.body, said["into"], said.get("since", step.on), step.at)
        self.telling.former.append(body_by_identifier("siren", self.telling.body.siren))
        self.telling.body = complete(body_by_identifier("code_insee", said["into"]), step.at)

    def restore(self, step: Step, said: dict[str, Any]) -> Any:
        """A former commune lives again from the day of the step; the story goes on with the one that it leaves."""
        former = next(one for one in self.telling.former if one.code_insee == said["body"])
        load_restoration(former, self.telling.body.code_insee, step.on, step.at)

    def turn_to(self, step: Step, said: dict[str, Any]) -> Any:
        """The story goes on with another body of the directory."""
        self.telling.left.append(self.telling.body)
        body = body_by_identifier("code_insee", said["body"])
        self.telling.body = body if body.siret else complete(body, step.at)

    def publish(self, step: Step, said: dict[str, Any]) -> Any:
        """A newer directory gives the population of the body, of the year said: it counts three years later."""
        load_population(self.telling.body, said["value"], said["year"], step.at)

    def advance(self, step: Step, said: dict[str, Any]) -> Any:
        """All that the days since bring; the same day again brings nothing and writes nothing."""
        failures = [one.failure for one in do_day(on=step.on, actor=TELLER, at=step.at) if one.failure]
        if failures:
            raise StoryError(f"la journée échoue : {failures[0]}")
        self.check_at_its_end(step)

    def check_at_its_end(self, step: Step) -> None:
        """One run was enough: what is listed still is announced, at most, and running it again writes nothing."""
        written = Entry.objects.count()
        again = [one for one in do_day(on=step.on, actor=TELLER, at=step.at) if one.changed or one.failure]
        if again or Entry.objects.count() != written:
            raise StoryError("la journée trouve encore quelque chose à faire après une première fois.")
