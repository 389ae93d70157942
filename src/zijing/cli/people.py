"""``zijing token`` and ``zijing password``: keys for the API, passwords for the pages."""

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from zijing.cli.common import chosen_office, office_option, operator
from zijing.cli.texts import _
from zijing.core.errors import Invalid, Missing
from zijing.people import actions
from zijing.people.models import Account, Token
from zijing.places import clock


@click.group(help=_("Keys for the API."))
def token() -> None:
    pass


@token.command(help=_("Make a key for USERNAME acting in POST (its code). It is shown once."))
@click.argument("username")
@click.argument("post")
@click.argument("label")
@office_option
def create(username: str, post: str, label: str, office_code: str | None) -> None:
    office = chosen_office(office_code)
    key = actions.issue_token(
        actor=operator(office), at=clock.now(office), username=username, post_code=post, label=label
    )
    click.echo(key)


@token.command(help=_("End every key of USERNAME with this LABEL, at once."))
@click.argument("username")
@click.argument("label")
@office_option
def revoke(username: str, label: str, office_code: str | None) -> None:
    office = chosen_office(office_code)
    tokens = Token.objects.filter(
        holding__account__username=username, holding__post__office=office, label=label, revoked_at=None
    ).select_related("holding__post__place")
    if not tokens:
        raise Missing(gettext("“%(account)s” has no key “%(label)s”."), account=username, label=label)
    for one in tokens:
        actions.revoke_token(actor=operator(office), at=clock.now(office), token=one)
    click.echo(gettext("Ended."))


@click.command(help=_("Set the password of USERNAME; asks for it twice."))
@click.argument("username")
@click.option("--reset-second-factor", is_flag=True, help=_("Take the second factor away too (the last way in)."))
@office_option
def password(username: str, reset_second_factor: bool, office_code: str | None) -> None:
    office = chosen_office(office_code)
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise Missing(gettext("There is no account “%(account)s”."), account=username)
    wanted = click.prompt(gettext("New password"), hide_input=True, confirmation_prompt=True)
    try:
        validate_password(wanted, account)
    except ValidationError as error:
        raise Invalid("\n".join(error.messages)) from error
    actions.set_password(actor=operator(office), at=clock.now(office), account=account, password=wanted)
    if reset_second_factor:
        actions.reset_second_factor(actor=operator(office), at=clock.now(office), account=account)
    click.echo(gettext("The password is set."))
