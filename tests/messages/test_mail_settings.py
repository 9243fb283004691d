"""The settings of mail: read, or refused in plain words."""

from datetime import timedelta

import pytest

from tripartite.config import MailServer, Tls, mail_server, read_config
from tripartite.config_fields import ConfigError

FROM = {"TRIPARTITE_MAIL_FROM": "Tripartite <tripartite@exemple.fr>"}


def config(tmp_path, **variables):
    return read_config({"TRIPARTITE_VAR": str(tmp_path)} | variables)


def test_nothing_set(tmp_path):
    read = config(tmp_path)
    assert (read.smtp, read.public_url) == ("", "http://127.0.0.1:8000")
    assert read.mail_retries == tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240, 720))
    assert read.mail_patience == timedelta(days=3)


def test_links_begin_with_the_first_name_served(tmp_path):
    server = {
        "TRIPARTITE_MODE": "server",
        "TRIPARTITE_SECRET_KEY": "x" * 50,
        "TRIPARTITE_HOSTS": "tripartite.exemple.fr,autre.exemple.fr",
    }
    assert config(tmp_path, **server).public_url == "https://tripartite.exemple.fr"
    assert config(tmp_path, TRIPARTITE_PUBLIC_URL="https://exemple.fr/devis/").public_url == "https://exemple.fr/devis"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://courrier.exemple.fr", MailServer("courrier.exemple.fr", 587, Tls.STARTTLS)),
        ("smtp://courrier.exemple.fr?tls=implicit", MailServer("courrier.exemple.fr", 465, Tls.IMPLICIT)),
        ("smtp://127.0.0.1:25?tls=none", MailServer("127.0.0.1", 25, Tls.NONE)),
        ("smtp://a%40b.fr:s%2Fe@hote:2525", MailServer("hote", 2525, Tls.STARTTLS, "a@b.fr", "s/e")),
    ],
)
def test_a_server(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"TRIPARTITE_SMTP": "courrier.exemple.fr", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "http://courrier.exemple.fr", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "smtp://hote:abc", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "smtp://hote?tls=peut-être", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "smtp://hote?secret=oui", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "smtp://u:se#cret@hote", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "smtp://u:s%C3%A9cret@hote", **FROM}, "TRIPARTITE_SMTP"),
        ({"TRIPARTITE_SMTP": "smtp://hote"}, "TRIPARTITE_MAIL_FROM"),
        ({"TRIPARTITE_MAIL_FROM": "Tripartite"}, "TRIPARTITE_MAIL_FROM"),
        ({"TRIPARTITE_MAIL_FROM": "a@exemple.fr\nBcc: b@exemple.fr"}, "TRIPARTITE_MAIL_FROM"),
        ({"TRIPARTITE_PUBLIC_URL": "exemple.fr"}, "TRIPARTITE_PUBLIC_URL"),
        ({"TRIPARTITE_MAIL_RETRIES": "1,,5"}, "TRIPARTITE_MAIL_RETRIES"),
        ({"TRIPARTITE_MAIL_RETRIES": "0"}, "TRIPARTITE_MAIL_RETRIES"),
        ({"TRIPARTITE_MAIL_PATIENCE": "trois jours"}, "TRIPARTITE_MAIL_PATIENCE"),
    ],
)
def test_what_cannot_be_right_is_refused(tmp_path, variables, named):
    with pytest.raises(ConfigError, match=f"^{named} :"):
        config(tmp_path, **variables)
