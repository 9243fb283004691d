"""The WSGI application that gunicorn serves: `tripartite serve` starts it. Set unsafely, it does not start at all."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tripartite.collecting import collect_rarely
from tripartite.config_fields import ConfigError
from tripartite.file_modes import UMASK
from tripartite.upkeep.installation import unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tripartite.settings")
os.umask(UMASK)
if unsafe := unsafe_settings(settings.CONFIG):
    raise ConfigError("\n".join(unsafe))
django_application = get_wsgi_application()

from tripartite.web.shell.limits import measured_bodies  # noqa: E402 - once Django is set up

application = measured_bodies(django_application, settings.CONFIG.form_bytes)
collect_rarely()
