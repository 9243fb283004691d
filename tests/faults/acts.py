"""The acts that are attacked, each done in the process of `driver`, on what `world` left to do."""

from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from tests.factories import billing, conventions
from tests.factories.accounts import AT, TESTER
from tests.faults.world import LATER, build
from tests.parties import official
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.services.issuing import bill_unit
from tripartite.billing.services.paying import record_payment
from tripartite.billing.services.running import start_run
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.following.services.interventions import Subject, record_intervention
from tripartite.going_live.services.parts import go_live
from tripartite.going_live.services.signing import sign_by_code, sign_on_paper, sign_outside
from tripartite.jobs.services.tasks import continue_job
from tripartite.parties.services.preparing import deposit_update
from tripartite.parties.services.updating import start_update as start_update_job
from tripartite.quotes.services.answers import Person, accept_quotes
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.subscriptions.services.leaving import terminate

Given = dict[str, Any]
DAY = AT.date()
UPDATED = (("62901", "Ville", 900), ("62902", "Autre", 800))
DONE: dict[str, Any] = {"actor": TESTER, "at": LATER}


def issue(given: Given) -> Any:
    """Issue both quotes of a request."""
    return [one.number for one in issue_quotes(request_id=given["issue"], **DONE)]


def accept(given: Given) -> Any:
    """Accept them."""
    accept_quotes(
        request_id=given["accept"], person=Person("Prénom NOM", "Maire"), way="online", answered_on=DAY, **DONE
    )


def draft(given: Given) -> Any:
    """Prepare a convention."""
    draft_convention(request_id=given["draft"], **DONE)


def send(given: Given) -> Any:
    """Send one: it takes its number, its paper is kept, the signatories are written to."""
    return send_convention(convention_id=given["send"], **DONE).number


def sign_paper(given: Given) -> Any:
    """Record the last signature, on paper: the convention is in force, what it orders is opened."""
    _on_paper(given["paper"])


def amend(given: Given) -> Any:
    """Record the last signature of an amendment, which comes into force."""
    _on_paper(given["amendment"])


def _on_paper(signatory_id: int) -> None:
    sign_on_paper(signatory_id=signatory_id, signed_on=DAY, scan=conventions.SCAN, original_place="Secrétariat", **DONE)


def sign_certificate(given: Given) -> Any:
    """Deposit the last signature, made with a certificate."""
    sign_outside(signatory_id=given["outside"], pdf=Path(given["signed"]).read_bytes(), **DONE)


def sign_code(given: Given) -> Any:
    """Sign last, by link and code: sealed, with its paper of evidence."""
    said = {"address": "192.0.2.1", "browser": "Navigateur"}
    return str(sign_by_code(signatory_id=given["here"], code=given["code"], **said, **DONE))


def live(given: Given) -> Any:
    """Put a service in service: its subscription begins."""
    go_live(activation_id=given["live"], live_on=DAY, **DONE)


def end(given: Given) -> Any:
    """Terminate a convention: what runs under it ends too."""
    terminate(convention_id=given["ending"], received_on=DAY, party=given["party"], reason="essai", **DONE)


def visit(given: Given) -> Any:
    """Record an intervention that is charged."""
    subject = Subject(given["visited"], "help", given["agent"], service="antivirus")
    told = record_intervention(subject=subject, done_on=DAY, minutes=60, charged=True, **DONE)
    return len(told.charges)


def bill(given: Given) -> Any:
    """Issue one invoice."""
    papers, _ = bill_unit(asked=billing.asked(unit=f"body:{given['owing'][0]}"), run=None, **DONE)
    return [one.number for one in papers]


def credit(given: Given) -> Any:
    """Take a whole invoice back by a credit note."""
    return cancel_invoice(invoice_id=given["invoices"][0][0], reason="essai", on=DAY, **DONE).number


def pay(given: Given) -> Any:
    """Record a payment of a bank's file, shared on an invoice."""
    key, cents, _ = given["invoices"][1]
    shares = {"shares": {key: cents}, "source": "releve", "source_key": "ligne-1"}
    record_payment(issuer="lfn", received_on=DAY, amount_cents=cents, **shares, **DONE)


def start_billing(given: Given) -> Any:
    """Start a run of billing, whose job waits for a worker."""
    made = start_run(issuer="lfn", until=DAY, on=DAY, **DONE)
    return made.job_id


def start_update(given: Given) -> Any:
    """Deposit an update of the directory, have it read, and start the job that applies it."""
    files = [official.members(*UPDATED), official.sirens(*UPDATED)]
    update = deposit_update(files=files, department=None, on=DAY, **DONE)
    continue_job.call(update.job_id)
    return start_update_job(update_id=update.pk, on=DAY, **DONE).pk


def work(given: Given) -> Any:
    """A worker, until no job is left to do."""
    from tripartite.cli.worker import work as go_on  # noqa: PLC0415 - the only one who needs it
    from tripartite.jobs.models import Job  # noqa: PLC0415
    from tripartite.jobs.states import UNFINISHED  # noqa: PLC0415

    go_on(alone=lambda: not Job.objects.filter(state__in=UNFINISHED).exists())


def command(given: Given) -> Any:
    """A command of the application; its exit status."""
    from tripartite.cli.main import main  # noqa: PLC0415 - the only one who needs it

    with redirect_stdout(StringIO()):
        return main(given["words"])


def make_world(given: Given) -> Any:
    """Make the installation that all the others attack."""
    return build()


ACTS: dict[str, Callable[[Given], Any]] = {
    one.__name__: one
    for one in (
        issue, accept, draft, send, sign_paper, sign_certificate, sign_code, amend, live, end, visit, bill, credit, pay,
        start_billing, start_update, work, command, make_world,
    )
}  # fmt: skip
