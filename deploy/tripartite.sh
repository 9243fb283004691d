#!/bin/sh
# /usr/local/sbin/tripartite : une commande de Tripartite, avec les réglages du service et sous son compte.
set -a
. /etc/tripartite.env
set +a
export HOME=/var/lib/tripartite
exec setpriv --reuid tripartite --regid tripartite --init-groups /opt/tripartite/.venv/bin/tripartite "$@"
