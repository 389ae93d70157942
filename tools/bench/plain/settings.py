"""The product's settings with one more application and one more address."""

from zijing.config.settings import *  # noqa: F403
from zijing.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "plain"]
ROOT_URLCONF = "plain.urls"
