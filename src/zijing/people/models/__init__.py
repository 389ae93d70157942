"""Who: units, posts, who holds them, what is assigned to whom; and what proves that it is them."""

from zijing.people.models.duties import (
    Account,
    AccountManager,
    AccountQuerySet,
    Assignment,
    Holding,
    HoldingQuerySet,
    PeopleQuerySet,
    Post,
    Role,
    Token,
    TokenQuerySet,
    Unit,
    in_force,
)
from zijing.people.models.entry import OldPassword, RecoveryCode, Screen, SecondFactor, Session, SignIn
from zijing.people.models.feeds import Feed
from zijing.people.models.proposals import Proposal

__all__ = [
    "Account",
    "AccountManager",
    "AccountQuerySet",
    "Assignment",
    "Feed",
    "Holding",
    "HoldingQuerySet",
    "OldPassword",
    "PeopleQuerySet",
    "Post",
    "Proposal",
    "RecoveryCode",
    "Role",
    "Screen",
    "SecondFactor",
    "Session",
    "SignIn",
    "Token",
    "TokenQuerySet",
    "Unit",
    "in_force",
]
