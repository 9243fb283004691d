"""What a code may be in an address: anything else is no address at all, on every database alike."""

from django.urls.converters import StringConverter


class Code(StringConverter):
    """A SIREN, the reference of a request, the number of a quote, the code of an issuer."""

    regex = "[A-Za-z0-9_-]{1,60}"
