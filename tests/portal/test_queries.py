"""Every list asks the database as often for thirty rows as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.conduct import services as conduct
from members.directory import services as directory
from members.letters.models import Letter
from members.membership import services as membership
from members.packages.models import Document
from members.recruitment import colleagues
from members.recruitment.audience import Person
from portal.group.models import Topic
from tests import factories
from tests.conftest import empty_cache

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/events/", "/events/?when=past", "/members/", "/coverage/", "/wall/iucncec/", "/sitemap.xml"]
FOUND = ["/members/?q=ada+teacher", "/members/?topic=&country=KE", "/members/?view=table&sort=since",
         "/members/?view=map", "/members/blogs.opml"]  # fmt: skip
DESK = ["portal/contact", "portal/page", "portal/topic", "portal/region", "portal/country", "portal/outgoingmail",
        "portal/user", "members/member", "members/membershipapplication", "members/statement", "members/version",
        "members/import", "members/importrow", "members/renewalround", "members/returnrequest",
        "members/letterreport", "members/writingban",
        "members/drive", "members/invitation", "members/package", "members/prospectlist",
        "events/event",
        "reporters/coverage"]  # fmt: skip


class Crowd:
    """Rows of every kind, all of which stand in one of the lists."""

    def __init__(self):
        self.author = factories.member("Au Thor", headline="Teacher")
        self.coordinator, self.moderator = factories.coordinator(), factories.moderator()
        self.event = factories.event(in_days=3, country=factories.country())
        self.country = factories.country()
        self.drive = factories.drive("Open Invited <invited@example.net>", takes_colleagues=True)
        self.invitation = self.drive.invitations.get()

    def grow(self, number):
        topic = Topic.objects.first()
        for _number in range(number):
            member = factories.member("Ada Obi", country=self.country, headline="Teacher")
            member.topics.add(topic)
            for days in (-9, 4):
                event = factories.event(in_days=days, country=self.country)
                event.topics.add(topic)
                event.hashtags.add(event.slug)
            factories.approved(self.author.user, of=self.event, by=self.moderator, photos=1)
            factories.approved(member.user, of=event, by=self.moderator, link=f"https://example.org/{member.pk}")
            factories.submitted(member.user, of=event)
            factories.application(links=[f"https://example.org/{member.pk}"])
            directory.set_links(member, [f"https://example.org/{member.pk}", "https://example.com/"])
            factories.version(factories.statement(f"Statement {member.pk}", is_for_joining=False))
            factories.renewal_round()
            membership.ask_to_return(membership.make_alumni(factories.member("Some Alumni")))
            seller = factories.member("Some Seller")
            factories.reported(factories.letter(member, by=seller.user))
            self.write_letters(member)
            factories.imported(f"Ada Obi,listed{member.pk}@example.org,Kenya", head="Name,E-mail,Country",
                               by=self.coordinator)  # fmt: skip
            factories.page(f"page-{member.pk}", en="Page", fr="Page", menu_place=5)
            factories.add_to(self.drive, f"Ada Obi <listed{member.pk}@example.net>")
            colleague, day = Person(f"known{member.pk}@example.net", "Ada Obi"), timedelta(days=member.pk)
            colleagues.invite(self.drive, colleague, by=self.author.user, now=timezone.now() + day)
            Document.objects.create(package=self.drive.package, title=f"Leaflet {member.pk}", file="leaflet.pdf")
            factories.running(f"Ada Obi <mailed{member.pk}@example.net>", by=self.coordinator)
            factories.prospects(f"Ada Obi,some{member.pk}@example.net", of=self.drive, by=self.coordinator)

    def write_letters(self, member):
        """To the author and by them; and one whose writer may write no more."""
        told = {"words": "Hello?", "is_from_outside": False}
        Letter.objects.create(recipient=self.author, writer=member.user, **told)
        Letter.objects.create(recipient=member, writer=self.author.user, **told)
        seller = factories.member("Some Seller")
        conduct.ban(factories.reported(factories.letter(member, by=seller.user)), by=self.coordinator, words="No.")

    def addresses(self):
        own = [self.event.get_absolute_url(), self.author.get_absolute_url(), "/me/", "/me/invite/",
               "/me/requests/", "/me/requests/?box=sent"]  # fmt: skip
        return {
            None: [*PUBLIC, *FOUND, *own[:2], self.invitation.personal_path],
            self.author.user: [*PUBLIC[:-1], *FOUND, *own],
            self.coordinator: ["/admin/", *(f"/admin/{model}/" for model in DESK), *self.desk_pages()],
        }

    def desk_pages(self):
        pages = (
            "drive/{}/change/",
            "invitation/?drive__id__exact={}&why=none",
            "invitation/?drive__id__exact={}&mail=sent",
        )
        return [f"/admin/members/{page.format(self.drive.pk)}" for page in pages]


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def asked(crowd, sign_in):
    """How many queries each address took, when what is kept once a change was kept already."""
    empty_cache()
    found = {}
    for person, paths in crowd.addresses().items():
        warm = sign_in(person) if person else Client()
        for path in paths:
            warm.get(path)
            found[f"{path} {person}"] = queries(sign_in(person) if person else Client(), path)
    return found


def test_lists_of_thirty_rows_take_as_many_queries_as_of_one(signed_in):
    crowd = Crowd()
    crowd.grow(1)
    few = asked(crowd, signed_in)
    crowd.grow(29)
    many = asked(crowd, signed_in)
    assert {path: (few[path], many[path]) for path in few if few[path] != many[path]} == {}


def test_lists_take_few_queries(signed_in):
    crowd = Crowd()
    crowd.grow(2)
    assert {path: number for path, number in asked(crowd, signed_in).items() if number > 25} == {}
