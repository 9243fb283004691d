"""One stylesheet and one script a page: the sources, apart in the tree, are put end to end when files are collected."""

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = (
    "web/tripartite.css",
    "web/dark.css",
    "web/page.css",
    "web/issuers.css",
    "web/tables.css",
    "web/parts.css",
    "web/forms.css",
    "web/choices.css",
    "web/requests.css",
    "web/activations.css",
    "web/agenda.css",
    "web/jobs.css",
    "web/messages.css",
    "web/estimator.css",
    "web/print.css",
    "web/forced-colors.css",
)
"""In the order of the cascade: tokens, parts, rooms; paper and the colours of the system have the last word."""
SCRIPTS = (
    "django_htmx/htmx-2.min.js",
    "web/tripartite.js",
    "web/combobox.js",
    "web/estimator.js",
    "web/passkeys.js",
)
"""Each of ours finds by itself whether the page has what it serves."""
BUNDLES = {"web/pages.css": STYLES, "web/pages.js": SCRIPTS}


class BundledStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """What `collectstatic` found, the bundles besides; all of it named by its content and compressed."""

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: bool
    ) -> Iterator[tuple[str, str | None, bool | RuntimeError]]:
        """As Django calls it: each file, the name that it is served under, whether it was made."""
        if not dry_run:
            for name, parts in BUNDLES.items():
                self.delete(name)
                self._save(name, ContentFile(b"\n".join(_content(*paths[part]) for part in parts)))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _content(storage: Storage, path: str) -> bytes:
    with storage.open(path) as file:
        return bytes(file.read())
