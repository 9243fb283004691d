"""What can be done about who comes in. Each verb is one transaction, and journals."""

from tripartite.accounts.services.attempts import count_attempt
from tripartite.accounts.services.codes import CodeError, Verdict, check_code, issue_code
from tripartite.accounts.services.deposits import deposit_act
from tripartite.accounts.services.links import close_access, create_access_link, open_access_link, revoke_access_links
from tripartite.accounts.services.people import (
    AccountError,
    change_role,
    create_account,
    deactivate_account,
    lock_account,
    make_one_time_password,
    reactivate_account,
    record_session,
    rename_account,
    set_password,
)

__all__ = [
    "AccountError",
    "CodeError",
    "Verdict",
    "change_role",
    "check_code",
    "close_access",
    "count_attempt",
    "create_access_link",
    "create_account",
    "deactivate_account",
    "deposit_act",
    "issue_code",
    "lock_account",
    "make_one_time_password",
    "open_access_link",
    "reactivate_account",
    "record_session",
    "rename_account",
    "revoke_access_links",
    "set_password",
]
