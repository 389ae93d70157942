"""The WSGI entry of other servers than ours; what `zijing serve` loads is `zijing.cli.worker`."""

import os

from django.core.wsgi import get_wsgi_application

from zijing.core.bodies import whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
application = whole(get_wsgi_application())
