"""A kind's description is parsed once, and never stale."""

import pytest

from tests.factories.office import office
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db


def test_two_readers_share_one_description_until_it_changes() -> None:
    office()
    first, second = Kind.objects.get(key="issue"), Kind.objects.get(key="issue")
    assert first.fields is second.fields
    changed = {**first.definition, "icon": "flag", "fields": first.definition["fields"][:1]}
    Kind.objects.filter(pk=first.pk).update(definition=changed)
    third = Kind.objects.get(key="issue")
    assert (third.icon, len(third.fields)) == ("flag", 1)
    assert len(second.by_key) > 1
