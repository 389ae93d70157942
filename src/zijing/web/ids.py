"""Ids in addresses: as many digits as a database holds, so that a longer number is no page instead of a crash."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    """``<id:pk>``: at most 18 digits, below 2**63."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")
