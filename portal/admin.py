"""Gathers the admin of the portal's subjects."""

from portal.contacts import admin as contacts
from portal.group import admin as group
from portal.outbox import admin as outbox
from portal.retention import admin as retention
from portal.users import admin as users

__all__ = ["contacts", "group", "outbox", "retention", "users"]
