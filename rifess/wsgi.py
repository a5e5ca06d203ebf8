"""The portal as a WSGI application: `granian --interface wsgi rifess.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rifess.settings")

application = get_wsgi_application()
