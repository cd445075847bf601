"""Gathers the models of the portal's ground."""

from portal.contacts.models import Contact, OptOut
from portal.group.models import Country, Page, PageFile, PageText, Region, SpecialtyGroup, Topic
from portal.outbox.models import OutgoingMail
from portal.personal.models import DataExport
from portal.retention.models import RetentionRun
from portal.users.models import User

__all__ = [
    "Contact",
    "Country",
    "DataExport",
    "OptOut",
    "OutgoingMail",
    "Page",
    "PageFile",
    "PageText",
    "Region",
    "RetentionRun",
    "SpecialtyGroup",
    "Topic",
    "User",
]
