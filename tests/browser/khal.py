"""khal, a calendar program, with a calendar and settings of its own."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("khal")
SETTINGS = """
[calendars]
[[events]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


def shown(file):
    """What khal shows for today after it has taken in a calendar file: a line for each event."""
    folder = file.parent
    (folder / "calendar").mkdir()
    (folder / "khal.conf").write_text(SETTINGS.format(folder=folder))
    _khal(folder, "import", "--batch", "-a", "events", str(file))
    return _khal(folder, "list", "--day-format", "", "--format", "{title}|{location}", "today", "1d").splitlines()


def _khal(folder, *words):
    command = [PROGRAM, "-c", folder / "khal.conf", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
