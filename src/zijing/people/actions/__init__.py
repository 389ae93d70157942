"""Verbs on people: posts and who holds them, assignments, accounts, keys."""

from zijing.people.actions.accounts import (
    change_password,
    end_own_session,
    end_sessions,
    lock_account,
    open_account,
    reset_password,
    reset_second_factor,
    set_password,
    unlock_account,
)
from zijing.people.actions.assigning import assign, assign_one, carry, give_first, unassign
from zijing.people.actions.duties import end_holding, end_post, hold, put_posts, put_units, stand_in
from zijing.people.actions.feeds import issue_feed, revoke_feed
from zijing.people.actions.keys import (
    issue_key,
    issue_screen,
    issue_token,
    revoke_screen,
    revoke_token,
    token_digest,
)

__all__ = [
    "assign",
    "assign_one",
    "carry",
    "change_password",
    "end_holding",
    "end_own_session",
    "end_post",
    "end_sessions",
    "give_first",
    "hold",
    "issue_feed",
    "issue_key",
    "issue_screen",
    "issue_token",
    "lock_account",
    "open_account",
    "put_posts",
    "put_units",
    "reset_password",
    "reset_second_factor",
    "revoke_feed",
    "revoke_screen",
    "revoke_token",
    "set_password",
    "stand_in",
    "token_digest",
    "unassign",
    "unlock_account",
]
