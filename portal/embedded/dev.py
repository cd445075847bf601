"""manage.py as the supervisor starts it for development: the reloader's child ends with the reloader."""

import os
import sys

from portal.embedded.tether import tie

if __name__ == "__main__":
    tie()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line  # tied first, as above

    execute_from_command_line(sys.argv)
