"""The addresses of the agenda, of interventions, of calendars."""

from django.urls import path

from tripartite.web.agenda import corrections, feeds, interventions, week

urlpatterns = [
    path("agenda/", week.show_agenda, name="agenda"),
    path("agenda/temps/", week.show_time, name="agenda-time"),
    path("collectivites/<code:siren>/interventions/", interventions.of_body, name="body-interventions"),
    path("collectivites/<code:siren>/interventions/faite/", interventions.note_done, name="intervention-note"),
    path("collectivites/<code:siren>/interventions/prevue/", interventions.plan, name="intervention-plan"),
    path("interventions/<int:intervention_id>/", interventions.show, name="intervention"),
    path("interventions/<int:intervention_id>/faite/", interventions.done, name="intervention-done"),
    path("interventions/<int:intervention_id>/deplacer/", interventions.move, name="intervention-move"),
    path("interventions/<int:intervention_id>/annuler/", interventions.cancel, name="intervention-cancel"),
    path("interventions/<int:intervention_id>/corriger/", corrections.correct, name="intervention-correct"),
    path("interventions/<int:intervention_id>/erreur/", corrections.annul, name="intervention-annul"),
    path("calendriers/<code:kind>/adresse/", feeds.make, name="feed-make"),
    path("calendriers/<code:kind>/revoquer/", feeds.revoke, name="feed-revoke"),
    path("calendriers/<code:secret>.ics", feeds.read, name="calendar-feed"),
]
