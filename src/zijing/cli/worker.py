"""What granian loads in each of its workers: the application, in a process that ends with the server it belongs to."""

import os

from django.core.wsgi import get_wsgi_application

from zijing.cli.children import die_with_parent

die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
application = get_wsgi_application()
