"""What granian loads in each of its workers: the application, in a process that ends with the server it belongs to."""

import os
from multiprocessing import parent_process

from django.core.wsgi import get_wsgi_application

from zijing.cli.children import die_with_parent
from zijing.core.bodies import whole
from zijing.core.loading import load_for_good

server = parent_process()
die_with_parent(parent=(server.pid or 0) if server else 0)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zijing.config.settings")
application = whole(get_wsgi_application())
load_for_good()
