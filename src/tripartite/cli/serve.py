"""`tripartite serve`: the application behind gunicorn, on this machine alone unless told otherwise."""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tripartite.cli.samples import PASSWORD, sample_accounts
from tripartite.cli.speaker import command_actor
from tripartite.upkeep.installation import unsafe_settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--samples", action="store_true", help="ouvrir et annoncer les comptes d'essai (mode local)")
    parser.add_argument(
        "--worker",
        action=argparse.BooleanOptionalAction,
        default=settings.LOCAL,
        help="faire aussi les travaux d'arrière-plan (c'est le cas en mode local)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped. Exit status 1 when what is asked is not safe."""
    if settings.LOCAL and arguments.host not in LOOPBACK:
        print("Mode local : l'application ne se sert que sur cette machine (127.0.0.1).", file=sys.stderr)
        return 1
    if not free(arguments.host, arguments.port):
        print(
            f"Le port {arguments.port} est déjà pris, ou refusé : arrêter ce qui l'occupe, ou en choisir un autre,"
            " par exemple PORT=8001.",
            file=sys.stderr,
        )
        return 1
    if arguments.samples and not announce_accounts():
        return 1
    if unsafe := unsafe_settings(settings.CONFIG):
        print("\n".join(unsafe), file=sys.stderr)
        return 1
    lead_letters_here(arguments.host, arguments.port)
    if arguments.worker:
        start_worker()
    print(f"\nTripartite : http://{arguments.host}:{arguments.port}   (Ctrl-C pour arrêter)", flush=True)
    os.execv(  # noqa: S606 - gunicorn takes this process over, so that a signal reaches it
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "tripartite.wsgi:application",
            f"--bind={arguments.host}:{arguments.port}",
            f"--workers={arguments.workers}",
            "--threads=2",
            "--max-requests=20000",
            "--max-requests-jitter=2000",  # not all replaced at the same moment
            "--keep-alive=75",  # longer than a page is read: who asks the next does not meet a closed door
            "--limit-request-line=8190",  # the longest address of an estimate, as the screens make it
            "--limit-request-fields=60",
            "--limit-request-field_size=8190",
            "--log-level=warning",
            "--logger-class=tripartite.web.shell.server_log.ServerLog",
            "--no-control-socket",
        ],
    )
    return 0  # never reached


def lead_letters_here(host: str, port: int) -> None:
    """In local mode, the links of e-mails open on the port served, unless TRIPARTITE_PUBLIC_URL says where."""
    if settings.LOCAL and not os.environ.get("TRIPARTITE_PUBLIC_URL"):
        named = f"[{host}]" if ":" in host else host
        os.environ["TRIPARTITE_PUBLIC_URL"] = f"http://{named}:{port}"


def free(host: str, port: int) -> bool:
    """Whether a server can listen there."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except (OSError, OverflowError):
        return False
    return True


def start_worker() -> None:
    """Start a worker beside the server: it stops by itself once this process, which becomes the server, is gone."""
    command = [str(Path(sys.executable).with_name("tripartite")), "worker", "--beside", str(os.getpid())]
    subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def announce_accounts() -> bool:
    """Open the sample accounts and say so on the terminal; False, said, outside local mode."""
    if not settings.LOCAL:
        print("Les comptes d'essai n'existent qu'en mode local.", file=sys.stderr)
        return False
    print(f"Comptes d'essai, mot de passe « {PASSWORD} » :")
    for email, words in sample_accounts(actor=command_actor(), at=timezone.now()):
        print(f"  {email:<36} {words}")
    return True
