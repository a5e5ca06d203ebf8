"""The portal as a WSGI application. `manage.py serve` starts it."""

import os

from django.core.wsgi import get_wsgi_application

from rifess.portal.operations.starting import says_why_it_cannot

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rifess.settings")
os.environ.setdefault("ANSWERS_REQUESTS", "1")

with says_why_it_cannot():
    application = get_wsgi_application()
