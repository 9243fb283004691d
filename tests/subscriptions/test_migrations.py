"""The tables of going live and of following, once those of this step: renamed with all that they held, and back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.factories import accounts, subscriptions
from tests.factories.accounts import AT
from tests.migrated import put_back

BEFORE = ("subscriptions", "0002_append_only")
MOVED = {
    "ChecklistVersion": "going_live",
    "Activation": "going_live",
    "ActivationStep": "going_live",
    "GoneLive": "going_live",
    "SignatureKey": "going_live",
    "Intervention": "following",
    "DueCharge": "following",
    "CalendarFeed": "following",
    "DeadlineLetter": "following",
    "DigestWish": "following",
}
FOREIGN = {
    "ActivationStep": ("activation_id",),
    "GoneLive": ("activation_id", "subscription_id"),
    "SignatureKey": ("activation_id", "subscription_id", "replaced_by_id", "document_id"),
    "Intervention": ("activation_id", "subscription_id", "body_id", "request_id", "agent_id"),
    "DueCharge": ("subscription_id", "intervention_id"),
    "CalendarFeed": ("account_id",),
    "DeadlineLetter": ("convention_id", "request_id", "document_id"),
    "Activation": ("convention_id", "version_id", "body_id", "checklist_id"),
}
DAY = AT.date()
pytestmark = pytest.mark.usefixtures("transactional_db")


def migrated(targets: list[tuple[str, str]]) -> Apps:
    """The base once it stands there, and the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def newest() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def parted() -> list[tuple[str, str]]:
    """The three steps as the move leaves them, whatever changed in them since."""
    steps = [("subscriptions", "0003_three_steps"), ("going_live", "0001_initial"), ("following", "0001_initial")]
    return [*steps, *(target for target in newest() if target[0] not in dict(steps))]


def as_before() -> list[tuple[str, str]]:
    """This step as it was, and the others, but those that were not."""
    return [BEFORE, *(target for target in newest() if target[0] not in {"subscriptions", *MOVED.values()})]


@pytest.fixture
def before() -> Iterator[Apps]:
    """The models as they were, in a base that has a convention, its papers and an account, and stands there."""
    subscriptions.conventions.offer()
    subscriptions.in_force(quantities={"messagerie-5go": 4})
    accounts.account()
    with put_back():
        yield migrated(as_before())


def fill(apps: Apps) -> None:
    """A row of each table at least, each pointing to others, by the models as they were."""

    def make(name: str, /, **values: Any) -> Any:
        return apps.get_model("subscriptions", name).objects.create(**values)

    convention = apps.get_model("conventions", "Convention").objects.get()
    user = apps.get_model("accounts", "User").objects.first()
    papers = list(apps.get_model("documents", "Document").objects.order_by("pk")[:2])
    body, asked = convention.beneficiary, convention.request
    by: dict[str, Any] = {"recorded_by": "essai", "recorded_at": AT}
    line, facts = {"service": "messagerie-5go", "quantity": 4}, {"population": 1500}
    checklist = make(
        "ChecklistVersion", code="liste", title="Liste", text="é", sha256="0" * 64, adopted_at=AT, adopted_by="essai"
    )
    activation = make(
        "Activation",
        convention=convention,
        version=convention.version,
        body=body,
        position=1,
        service="messagerie-5go",
        name="Messagerie",
        line=line,
        grid="cdg62/2024-03-26",
        facts=facts,
        checklist=checklist,
        opened_on=DAY,
        opened_at=AT,
    )
    for position, done in enumerate((DAY, None), start=1):
        make(
            "ActivationStep",
            activation=activation,
            position=position,
            code=f"pas-{position}",
            name="Un pas",
            by="lfn",
            required=True,
            done_on=done,
        )
    running = make(
        "Subscription",
        body=body,
        convention=convention,
        service="messagerie-5go",
        name="Messagerie",
        anchor_on=DAY,
        starts_on=DAY,
        created_at=AT,
        created_by="essai",
    )
    make("GoneLive", activation=activation, line=line, live_on=DAY, subscription=running, **by)
    keys = [
        make(
            "SignatureKey",
            body=body,
            activation=activation,
            subscription=running,
            holder_name="Prénom NOM",
            holder_function="Maire",
            serial=serial,
            certificate_issuer="AC",
            certificate_subject="Maire",
            fingerprint=serial * 16,
            valid_from=DAY,
            valid_until=date(2029, 11, 22),
            document=papers[0],
            **by,
        )
        for serial in ("0a0b", "0c0d")
    ]
    keys[0].replaced_by = keys[1]
    keys[0].save()
    visit = make(
        "Intervention",
        body=body,
        request=asked,
        activation=activation,
        subscription=running,
        service="messagerie-5go",
        kind="help",
        state="done",
        agent=user,
        done_on=DAY,
        minutes=30,
        changed_at=AT,
        created_at=AT,
        created_by="essai",
    )
    make(
        "DueCharge",
        subscription=running,
        intervention=visit,
        issuer="cdg62",
        service="messagerie-5go",
        charge="intervention",
        grid="cdg62/2024-03-26",
        quantity="1",
        amount_cents=12_345,
        explanation="Une fois.",
        due_on=DAY,
        **by,
    )
    make("CalendarFeed", account=user, kind="agenda", secret_hash="f" * 64, created_at=AT)
    make(
        "DeadlineLetter",
        convention=convention,
        request=asked,
        kind="notice",
        day=DAY,
        sender="cdg62",
        document=papers[1],
        created_at=AT,
        created_by="essai",
    )
    make("DigestWish", account=user, wanted=True, changed_at=AT)


def rows(apps: Apps, *, at: str = "") -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that moved: of their step, or of the one named."""
    return {
        name: list(apps.get_model(at or step, name).objects.order_by("pk").values()) for name, step in MOVED.items()
    }


def constraints(step: str, name: str) -> dict[str, list[str]]:
    """The names of the indexes and constraints of a table, each with its columns."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, f"{step}_{name.lower()}")
    return {key: sorted(one["columns"] or ()) for key, one in found.items() if not key.startswith("__unnamed")}


def known_types(apps: Apps) -> set[tuple[str, str]]:
    types = apps.get_model("contenttypes", "ContentType").objects
    return set(types.filter(model__in=[name.lower() for name in MOVED]).values_list("app_label", "model"))


def refused(model: type[models.Model], column: str) -> bool:
    """Whether a row that would point to nothing is refused."""
    row = model.objects.order_by("pk").first()
    assert row is not None
    values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields if not field.unique}
    fresh = {"fingerprint": "9" * 64, "secret_hash": "9" * 64, "code": "autre", "position": 99, "charge": "autre"}
    names = {field.attname for field in model._meta.concrete_fields}
    values |= {name: value for name, value in fresh.items() if name in names}
    if model.__name__ == "DeadlineLetter":
        values["document_id"] = model._meta.get_field("document").related_model.objects.order_by("-pk").first().pk
    if model.__name__ == "CalendarFeed":
        values["kind"] = "deadlines"
    with transaction.atomic():
        model.objects.create(**values)  # such a row is written where it points to something
        transaction.set_rollback(True)
    try:
        with transaction.atomic():
            model.objects.create(**values | {column: 9_999_999})
    except IntegrityError:
        return True
    return False


def refuses_changes(apps: Apps, step: str, name: str) -> bool:
    """Whether the rows of that table can be neither changed nor removed, and the refusal names it."""
    model = apps.get_model(step, name)
    for act in (lambda found: found.update(id=99), lambda found: found.delete()):
        with (
            pytest.raises(DatabaseError, match=f"{step}_{name.lower()}: rows are never changed"),
            transaction.atomic(),
        ):
            act(model.objects.all())
    return model.objects.count() == 1


def test_the_tables_move_with_their_rows_and_what_guards_them_then_back(before: Apps) -> None:
    """One way then the other in one test: migrating takes longer than all that is then looked at."""
    fill(before)
    kept, running = (
        rows(before, at="subscriptions"),
        list(before.get_model("subscriptions", "Subscription").objects.values()),
    )
    assert {name: len(found) for name, found in kept.items()} == dict.fromkeys(MOVED, 1) | {
        "ActivationStep": 2,
        "SignatureKey": 2,
    }
    guarded = {name: constraints("subscriptions", name) for name in MOVED}
    for name in MOVED:
        before.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="subscriptions", model=name.lower()
        )

    after = migrated(parted())

    assert rows(after) == kept
    assert list(after.get_model("subscriptions", "Subscription").objects.values()) == running
    assert {name: constraints(step, name) for name, step in MOVED.items()} == guarded
    assert known_types(after) == {(step, name.lower()) for name, step in MOVED.items()}
    tables = connection.introspection.table_names()
    assert [name for name in MOVED if f"subscriptions_{name.lower()}" in tables] == []
    for name, columns in FOREIGN.items():
        model = after.get_model(MOVED[name], name)
        assert [column for column in columns if not refused(model, column)] == [], name
    never_changed = ("GoneLive", "DueCharge", "DeadlineLetter")
    assert [name for name in never_changed if not refuses_changes(after, MOVED[name], name)] == []

    back = migrated(as_before())

    assert rows(back, at="subscriptions") == kept
    with (
        pytest.raises(DatabaseError, match="subscriptions_gonelive: rows are never changed"),
        transaction.atomic(),
    ):
        back.get_model("subscriptions", "GoneLive").objects.update(note="autre")
