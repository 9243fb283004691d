"""How every form of the screens is written: label above, hint, what is wrong, field; a summary of errors on top."""

from django.forms.renderers import DjangoTemplates


class Rendering(DjangoTemplates):
    """Django's own widgets, in our own field and form templates."""

    form_template_name = "web/shell/parts/form.html"
    field_template_name = "web/shell/parts/field.html"
