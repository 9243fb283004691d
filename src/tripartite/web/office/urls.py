"""The addresses of accounts, settings, e-mails and background work."""

from django.urls import path

from tripartite.web.office import accounts, grids, issuer_settings, jobs, messages, supervision

urlpatterns = [
    path("connexion/", accounts.LogIn.as_view(), name="login"),
    path("deconnexion/", accounts.LogOut.as_view(), name="logout"),
    path("mot-de-passe/", accounts.change_password, name="password-change"),
    path("mes-courriels/", accounts.own_news, name="own-news"),
    path("comptes/", accounts.account_list, name="account-list"),
    path("comptes/nouveau/", accounts.account_create, name="account-create"),
    path("comptes/<int:account_id>/", accounts.account_change, name="account-change"),
    path("comptes/<int:account_id>/fermer/", accounts.account_close, name="account-close"),
    path("comptes/<int:account_id>/rouvrir/", accounts.account_reopen, name="account-reopen"),
    path("comptes/<int:account_id>/mot-de-passe/", accounts.account_password, name="account-password"),
    path("emetteur/", issuer_settings.issuer_settings, name="issuer-settings"),
    path("grilles/", grids.list_grids, name="grid-list"),
    path("grilles/<path:code>/adopter/", grids.adopt, name="grid-adopt"),
    path("grilles/<path:code>/", grids.show_grid, name="grid"),
    path("messages/", messages.list_messages, name="message-list"),
    path("messages/<int:message_id>/", messages.show_message, name="message"),
    path("messages/<int:message_id>/html/", messages.show_html, name="message-html"),
    path("messages/<int:message_id>/pieces/<int:attachment_id>/", messages.show_attachment, name="message-attachment"),
    path("messages/<int:message_id>/renvoyer/", messages.resend_message, name="message-resend"),
    path("sante/", supervision.show_health, name="health"),
    path("metrics", supervision.show_metrics, name="metrics"),
    path("travaux/", jobs.list_jobs, name="job-list"),
    path("travaux/jour/", jobs.start_todays, name="job-daily"),
    path("travaux/<int:job_id>/", jobs.show_job, name="job"),
    path("travaux/<int:job_id>/reessayer/", jobs.retry, name="job-retry"),
    path("travaux/<int:job_id>/arreter/", jobs.stop, name="job-stop"),
]
