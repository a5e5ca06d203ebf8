#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from rifess.portal.operations.starting import says_why_it_cannot

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rifess.settings")
    with says_why_it_cannot():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
