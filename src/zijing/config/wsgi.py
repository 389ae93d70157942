"""The WSGI entry of other servers than ours; what `zijing serve` loads is `zijing.cli.worker`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
application = get_wsgi_application()
