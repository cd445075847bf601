"""Every address of the portal with what each role gets there, and the private words that are looked for everywhere.

A cell is a status, or for a redirect where it leads: `login` (the portal's), `door` (the desk's own), `sure` (who you
are is asked once more), or a path. Cells stand in the order of ROLES; one alone is for all, two are for visitors and
for everybody else, four for visitors, for others without the desk, for staff without the right, and for DESK.
Paths are filled in from a `World`.
"""

import re
from dataclasses import dataclass, field
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.urls import URLPattern, get_resolver

from members.conduct import services as conduct
from members.directory import services as directory
from members.joining import services as joining
from members.membership import services as membership
from members.membership.models import Renewal
from members.recruitment import colleagues
from members.recruitment.audience import Person
from portal.contacts.models import Contact
from portal.group.models import Region, SpecialtyGroup, Topic
from portal.outbox.models import OutgoingMail
from portal.personal.models import DataExport
from portal.retention.models import RetentionRun
from reporters.coverage import services as coverages
from reporters.coverage.models import Coverage
from tests import factories, pictures

ROLES = ["visitor", "applicant", "member", "author", "moderator", "editor", "coordinator", "superuser"]
STAFF = ROLES[4:]
SIGNED_IN = ROLES[1:]
DESK = ["coordinator", "superuser"]
READERS = ["moderator", "coordinator", "superuser"]  # of what was handed in

COPY = "5f0c7c52-7d5b-4d5c-9a35-3b1a50a0c0de"  # of the author's data
# A private word: who may see it, and does.
CANARIES = {
    **{f"quokka-{role}@": [role, *(one for one in DESK if one != role)] for role in SIGNED_IN},
    "quokka-stranger@": DESK,  # a contact without an account
    "quokka-hidden@": DESK,
    "quokka-unclaimed@": DESK,  # somebody on a list who has not claimed the profile yet
    "Kaluta Unclaimed": DESK,
    "quokka-listed@": DESK,  # somebody on a list that is checked and not imported
    "quokka-invited@": DESK,  # somebody in a drive
    "quokka-colleague@": DESK,  # somebody whom a member invited
    "Boodie Colleague": ["author", *DESK],  # no other member knows who that was
    "quokka-audience@": DESK,  # somebody in a drive that is being prepared
    "quokka-prospect": DESK,  # a row of a list for a drive
    "Mulga Prospect": DESK,
    "woylie follow-up": DESK,  # a mail that nobody was written yet
    "Wombat Hidden": ["member", "author", *STAFF],  # a profile for members only
    "bandicoot headline": ["member", "author", *STAFF],
    "bandicoot bio": ["member", "author", *STAFF],
    "bandicoot organisation": DESK,  # parts of that profile for coordinators
    "bandicoot city": DESK,
    "bandicoot.example": DESK,
    "numbat draft headline": ["author"],
    "numbat draft body": ["author"],
    "numbat draft alt": ["author"],
    "bilby submitted headline": ["author", *READERS],
    "bilby submitted body": ["author", *READERS],
    "bilby submitted alt": ["author", *READERS],
    "quoll declined headline": ["author", *READERS],
    "quoll declined body": ["author", *READERS],
    "quoll declined alt": ["author", *READERS],
    "quoll declined reason": ["author", *READERS],
    "dunnart draft event": DESK,
    "dunnart draft summary": DESK,
    "dunnart draft venue": DESK,
    "potoroo page title": DESK,
    "potoroo page body": DESK,
    "bettong motivation": DESK,
    "bettong reason": ["applicant", *DESK],
    "bettong question": DESK,
    "dibbler draft words": DESK,  # a version that is still being written
    "pademelon mail text": DESK,
    "antechinus words": ["member", "author"],  # a request, for those two alone
    "dasyure reported words": ["author", *DESK],  # a request that was reported
    "dasyure reason": DESK,
    "dasyure warning": DESK,
    "quokka-stranger-writer@": DESK,  # somebody without an account who wrote to a member
    "kultarr secret text": [],  # the body of a mail that holds a token
    "kowaritokenkowaritokenkowari": [],  # a token in the text of a mail
    "mulgarapassword": [],
    "phascogale secret": ["superuser"],  # what the portal shows to a provider of identities
}
SPREAD = {1: [0] * 8, 2: [0] + [1] * 7, 4: [0, 1, 1, 1, 2, 2, 3, 3], 8: range(8)}


class World:
    """One of everything, with a private word in each private field; `names` fill the addresses."""

    def __init__(self):
        self.people = {role: self.person(role) for role in SIGNED_IN}
        self.hidden = factories.member(
            "Wombat Hidden", email="quokka-hidden@example.org", visibility="members",
            headline="bandicoot headline", bio="bandicoot bio", organisation="bandicoot organisation",
            organisation_shown_to=2, city="bandicoot city", city_shown_to=2, links_shown_to=2,
        )  # fmt: skip
        directory.set_links(self.hidden, ["https://bandicoot.example/blog"])
        self.event = factories.event(slug="mangroves", name="Mangrove schools")
        self.hidden_event = factories.event(
            slug="dunnart", name="dunnart draft event", status="draft", venue="dunnart draft venue",
            summary="dunnart draft summary",
        )  # fmt: skip
        author = self.people["author"].member
        directory.set_links(author, ["https://example.org/author"])
        self.link = author.links.get()
        self.list_members()
        self.page = factories.page("about")
        self.hidden_page = factories.page("potoroo", is_published=False, en="potoroo page title")
        self.text = self.hidden_page.texts.get()
        self.text.body = "<p>potoroo page body</p>"
        self.text.save()
        self.write_coverage()
        self.apply()
        self.invite()
        self.prepare_drive()
        self.write_mails()
        self.write_letters()
        self.connect()
        self.copy = DataExport.objects.create(id=COPY, user=self.people["author"])
        self.retention = RetentionRun.objects.create(rule="mails")
        self.edit_fixed_data()
        self.event.hashtags.add("MangroveSchools")
        self.names = self.addresses()

    def person(self, role):
        make = {
            "applicant": factories.user,
            "moderator": factories.moderator,
            "editor": factories.editor,
            "coordinator": factories.coordinator,
            "superuser": factories.superuser,
        }.get(role, lambda name, email: factories.member(name, email=email).user)
        made = make(f"Open {role.title()}", f"quokka-{role}@example.org")
        made.set_password("mulgarapassword")
        made.save()
        return made

    def list_members(self):
        by = factories.coordinator("Some Coordinator")
        self.imported = factories.imported("Kaluta Unclaimed,quokka-unclaimed@example.org", by=by)
        self.checked = factories.list_of_members("Some Body,quokka-listed@example.org", by=by)
        self.importrow = self.imported.rows.get()
        self.claim = factories.claim("Open Claimer")
        self.round = factories.renewal_round()
        alumni = membership.make_alumni(factories.member("Some Alumni"))
        self.returning = membership.ask_to_return(alumni)
        self.renewal = Renewal.objects.create(round=self.round, member=alumni)

    def coverage(self, word, state):
        coverage = coverages.draft(self.people["author"], client_key=uuid4(), event=self.event)
        Coverage.objects.filter(pk=coverage.pk).update(headline=f"{word} headline", body=f"{word} body")
        coverages.add_photo(coverage, pictures.jpeg(), alt=f"{word} alt")
        moderator = factories.moderator("Some Moderator")
        if state != "draft":
            coverages.hand_in(coverage, by=coverage.author)
        if state == "approved":
            coverages.approve(coverage, by=moderator)
        if state == "declined":
            coverages.decline(coverage, by=moderator, reason=f"{word} reason")
        return Coverage.objects.get(pk=coverage.pk)

    def write_coverage(self):
        self.draft = self.coverage("numbat draft", "draft")
        self.submitted = self.coverage("bilby submitted", "submitted")
        self.declined = self.coverage("quoll declined", "declined")
        self.approved = self.coverage("open approved", "approved")

    def apply(self):
        applicant = self.people["applicant"]
        first = factories.application(applicant, motivation="bettong motivation")
        by = factories.coordinator("Some Coordinator")
        self.declined_application = joining.decline(first, by=by, reason="bettong reason")
        self.application = factories.application(factories.user("Second Applicant"), motivation="bettong motivation")
        self.asked_application = joining.ask(
            factories.application(factories.user("Third Applicant"), motivation="bettong motivation"), by=by,
            question="bettong question",
        )  # fmt: skip
        self.statement = factories.statement()
        self.version = factories.version(self.statement, in_force_in_days=None, text="dibbler draft words")

    def invite(self):
        drive = self.running = factories.running("Open Invited <quokka-invited@example.org>", takes_colleagues=True)
        self.invitation = drive.invitations.get()
        colleague = Person("quokka-colleague@example.org", "Boodie Colleague")
        self.invited_again = colleagues.invite(drive, colleague, by=self.people["author"])

    def prepare_drive(self):
        self.drive = factories.drive("Open Audience <quokka-audience@example.org>", days=(0, 7))
        self.step = self.drive.steps.get(days=7)
        self.step.body_en = "woylie follow-up {link}"
        self.step.save()
        self.audience = self.drive.invitations.get()
        self.circular = factories.drive(kind="circular")
        self.package = factories.package()
        lines = ("Mulga Prospect,quokka-prospect@example.org", "Bad,quokka-prospect@")
        self.listed = factories.prospects(*lines, of=self.drive)

    def write_mails(self):
        contact = Contact.objects.create(address="quokka-stranger@example.org")
        text = "pademelon mail text http://localhost:8000/x/kowaritokenkowaritokenkowari/"
        common = {"contact": contact, "kind": "welcome", "sender": "portal@example.org", "status": "failed"}
        self.mail = OutgoingMail.objects.create(subject="Welcome", text=text, html=f"<p>{text}</p>", **common)
        secret = {"text": "kultarr secret text", "html": "<p>kultarr secret text</p>", "is_secret": True}
        self.secret_mail = OutgoingMail.objects.create(subject="Confirm", **secret, **common)
        self.contact = contact

    def write_letters(self):
        author, stranger = self.people["author"].member, {"name": "Open Stranger"}
        self.letter = factories.letter(author, by=self.people["member"], words="antechinus words")
        self.strange = factories.strange_letter(
            author, address="quokka-stranger-writer@example.org", confirmed=False, **stranger
        )
        by = factories.coordinator("Some Coordinator")
        of_others = factories.letter(author, by=factories.member("Open Seller").user, words="dasyure reported words")
        self.reported = factories.reported(of_others, reason="dasyure reason")
        banned = factories.reported(factories.letter(by=factories.member("Open Seller").user))
        self.ban = conduct.ban(banned, by=by, words="dasyure warning")

    def connect(self):
        self.app = SocialApp.objects.create(
            provider="openid_connect", provider_id="elsewhere", name="Elsewhere", client_id="us",
            secret="phascogale secret", settings={"server_url": "https://id.example.org"},
        )  # fmt: skip
        self.account = SocialAccount.objects.create(user=self.people["author"], provider="elsewhere", uid="7")
        self.token = SocialToken.objects.create(app=self.app, account=self.account, token="phascogale secret")

    def edit_fixed_data(self):
        """Each gets an entry in its history."""
        self.group = SpecialtyGroup.objects.current()
        self.topic, self.region, self.country = Topic.objects.first(), Region.objects.first(), factories.country()
        for row in (self.group, self.topic, self.region, self.country):
            row.save()

    def addresses(self):
        coverages_ = {name: getattr(self, name) for name in ("draft", "submitted", "declined", "approved")}
        numbered = {
            name: getattr(self, name)
            for name in (
                "submitted", "draft", "mail", "secret_mail", "contact", "event", "hidden_event", "hidden_page", "app",
                "account", "token", "topic", "region", "country", "application", "declined_application",
                "asked_application", "statement", "version",
                "hidden", "group", "text", "imported", "checked", "importrow", "round", "returning",
                "reported", "ban", "drive", "running", "circular", "step", "audience", "package", "listed",
                "retention",
            )
        }  # fmt: skip
        return {
            **{name: coverage.reference for name, coverage in coverages_.items()},
            **{f"{name}_photo": coverage.photos.get().pk for name, coverage in coverages_.items()},
            **{f"{name}_pk": row.pk for name, row in numbered.items()},
            **{f"{name}_past": row.past.first().pk for name, row in numbered.items() if hasattr(row, "past")},
            "hidden_slug": self.hidden.slug,
            "link_pk": self.link.pk,
            "hidden_user_pk": self.hidden.user_id,
            "author_slug": self.people["author"].member.slug,
            "contact_key": self.contact.key,
            "renewal": self.renewal.personal_path.split("/")[2],
            "claim": self.claim.personal_path.split("/")[3],
            "invitation": self.invitation.token,
            "letter": self.letter.reference,
            "reported_letter": self.reported.letter.reference,
            "letter_token": self.strange.token,
            "user_pk": self.people["author"].pk,
            "email_pk": EmailAddress.objects.get(user=self.people["author"]).pk,
            "public_file": self.approved.photos.get().large.name,
            "private_file": self.draft.photos.get().original.name,
        }


@dataclass(frozen=True)
class Row:
    """What each role gets at one address."""

    route: str
    path: str
    cells: str
    method: str = "GET"
    data: dict = field(default_factory=dict)

    @property
    def name(self):
        return f"{self.method} {self.path}"

    def cell(self, role):
        cells = self.cells.split()
        return cells[SPREAD[len(cells)][ROLES.index(role)]]


def routes(patterns=None, before=""):
    """Every route that the resolver knows, with the English ones of those in three languages."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = plain(before + str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def plain(route):
    """The route without the list of apps that the desk puts into one of its own, and without inner `^`."""
    return re.sub(r"\(\?P<app_label>[^)]*\)", "<app_label>", route).replace("/^", "/")


def desk(model, pk, *, sees="CS", adds="", deletes="", past=""):
    """The rows of a model at the desk; the letters M, E, C, S say which staff may. `past`: an entry of its history."""
    base = f"admin/{model}/"

    def cells(who):
        return "login door door door " + " ".join("200" if letter in who else "403" for letter in "MECS")

    yield Row(base, f"/{base}", cells(sees))
    yield Row(f"{base}add/", f"/{base}add/", cells(adds))
    yield Row(f"{base}<path:object_id>/history/", f"/{base}{pk}/history/", cells(sees))
    yield Row(f"{base}<path:object_id>/delete/", f"/{base}{pk}/delete/", cells(deletes))
    yield Row(f"{base}<path:object_id>/change/", f"/{base}{pk}/change/", cells(sees))
    change = f"/{base}{pk}/change/"
    yield Row(f"{base}<path:object_id>/", f"/{base}{pk}/", f"login door {change} {change}")
    if past:
        yield Row(f"{base}([^/]+)/history/([^/]+)/$", f"/{base}{pk}/history/{past}/", cells(sees))


GROUP = "admin/portal/specialtygroup/"
TEXT = "admin/portal/pagetext/"
MERGE = "admin/portal/user/<path:object_id>/merge/"
END = "admin/portal/user/<path:object_id>/end/"
CHANGE = "<path:object_id>/change/"
PROFILE = {"name": "Open Author", "visibility": "everyone"}


def own_act(verb):
    """A member changes their own membership."""
    path = f"/me/membership/{verb}/"
    yield Row(path[1:], path, "login 405")
    there = "/me/membership/"
    yield Row(path[1:], path, f"login 404 {there} {there} 404 404 404 404", "POST")


def invitation():
    """Whoever was invited looks, and answers. Nobody signs in by it, and everybody has the same page."""
    route, mine, forged = "join/<str:token>/", "/join/{invitation}/", "/join/forged/"
    standing = "/accounts/signup/ /join/"
    yield Row(route, mine, "200")
    yield Row(route, f"/fr{mine}", "200")
    yield Row(route, forged, "404")
    for act, cells in (("opened", "204"), ("accept", standing), ("decline", mine), ("no-more", mine)):
        yield Row(f"{route}{act}/", f"{mine}{act}/", "405")
        yield Row(f"{route}{act}/", f"{mine}{act}/", cells, "POST")
        yield Row(f"{route}{act}/", f"{forged}{act}/", "404", "POST")


def letters():
    """Writing to a member, and what the two read; a stranger confirms by a link."""
    route, mine = "me/requests/<slug:reference>/", "/me/requests/{letter}/"
    hidden = "404 404 200 200 200 200 200 200"
    for box in ("", "?box=sent"):
        yield Row("me/requests/", f"/me/requests/{box}", "login 200")
    yield Row("me/requests/off/", "/me/requests/off/", "login 405")
    yield Row("me/requests/off/", "/me/requests/off/", "login /me/requests/", "POST")
    yield Row(route, mine, "login 404 200 200 404 404 404 404")
    yield Row(route, "/me/requests/{reported_letter}/", "login 404 404 200 404 404 404 404")
    yield Row(route, f"/fr{mine}", "/fr/accounts/login/ 404 200 200 404 404 404 404")
    said = {
        "answer": {"answer-words": "Yes.", "answer-addresses": "hide"},
        "decline": {"decline-words": "No."},
        "report": {"report-reason": "No."},
    }
    for act, data in said.items():
        yield Row(f"{route}{act}/", f"{mine}{act}/", "login 405")
        yield Row(f"{route}{act}/", f"{mine}{act}/", "login 404 404 200 404 404 404 404", "POST")
        yield Row(f"{route}{act}/", f"{mine}{act}/", f"login 404 404 {mine} 404 404 404 404", "POST", data)
    write = "members/<slug:slug>/write/"
    for method in ("GET", "POST"):
        yield Row(write, "/members/{author_slug}/write/", "200 200 200 404 200 200 200 200", method)
        yield Row(write, "/members/{hidden_slug}/write/", hidden, method)
    yield Row(f"{write}sent/", "/members/{author_slug}/write/sent/", "200")
    yield Row(f"{write}sent/", "/members/{hidden_slug}/write/sent/", hidden)
    confirm = "requests/confirm/<str:token>/"
    for method in ("GET", "POST"):
        yield Row(confirm, "/requests/confirm/{letter_token}/", "200", method)
        yield Row(confirm, "/requests/confirm/forged/", "404", method)


OWN = "login /join/ 200 200 /join/ /join/ /join/ /join/"


def links():
    """A member's own links: what is posted there changes the author's alone."""
    for verb in ("look", "up", "harvest", "remove"):
        route, path = f"me/links/<int:pk>/{verb}/", f"/me/links/{{link_pk}}/{verb}/"
        yield Row(route, path, "login 405")
        yield Row(route, path, "login 404 404 /me/links/ 404 404 404 404", "POST")


CLAIM = "join/claim/<str:token>/"
CLAIMED = PROFILE | {"language": "en", "password": "mulgarapassword"}
MACHINES = [
    Row("healthz", "/healthz", "200"),
    Row("readyz", "/readyz", "503"),  # no worker runs in these tests
    Row("group.css", "/group.css", "200"),
    Row("robots.txt", "/robots.txt", "200"),
    Row("sitemap.xml", "/sitemap.xml", "200"),
    Row("mailbox/", "/mailbox/", "404"),
    Row("mailbox/<slug:name>/", "/mailbox/20260101-000000-000000-abcdef/", "404"),
    Row("mailbox/<slug:name>/html/", "/mailbox/20260101-000000-000000-abcdef/html/", "404"),
    Row("media/<path:name>", "/media/{public_file}", "200"),
    Row("media/<path:name>", "/media/{private_file}", "404"),
    Row("media/<path:name>", "/media/../private/{private_file}", "404"),
    Row("media/<path:name>", "/media/%2e%2e/private/{private_file}", "404"),
]
PAGES = [
    Row("", "/", "200"),
    Row("", "/fr/", "200"),
    Row("", "/es/", "200"),
    Row("me/", "/me/", "login 200"),
    Row("me/", "/fr/me/", "/fr/accounts/login/ 200"),
    Row("me/profile/", "/me/profile/", "login /join/ 200 200 /join/ /join/ /join/ /join/"),
    Row("me/profile/", "/me/profile/", "login /join/ 200 200 /join/ /join/ /join/ /join/", "POST"),
    Row("me/data/", "/me/data/", "login 200"),
    Row("me/data/", "/fr/me/data/", "/fr/accounts/login/ 200"),
    Row("me/data/", "/me/data/", "login sure", "POST"),
    Row("me/data/<uuid:pk>/", f"/me/data/{COPY}/", "login sure"),
    Row("me/data/withdraw/<slug:key>/", "/me/data/withdraw/nothing/", "login 405"),
    Row("me/data/withdraw/<slug:key>/", "/me/data/withdraw/nothing/", "login /me/data/", "POST"),
    Row("me/delete/", "/me/delete/", "login sure"),
    Row("me/delete/", "/me/delete/", "login sure", "POST"),
    Row("me/delete/done/", "/me/delete/done/", "200"),
    *(
        Row("me/profile/seen-by/<slug:audience>/", f"/me/profile/seen-by/{audience}/", OWN)
        for audience in ("everyone", "members", "coordinators")
    ),
    Row("me/profile/seen-by/<slug:audience>/", "/me/profile/seen-by/martians/", OWN.replace("200", "404")),
    Row("me/links/", "/me/links/", OWN),
    Row("me/links/", "/me/links/", OWN, "POST"),
    *links(),
    Row("preferences/<str:key>/", "/preferences/{contact_key}/", "200"),
    Row("preferences/<str:key>/", "/fr/preferences/{contact_key}/", "200"),
    Row("preferences/<str:key>/", "/preferences/forged/", "404"),
    Row(
        "preferences/<str:key>/", "/preferences/{contact_key}/", "/preferences/{contact_key}/", "POST",
        {"nothing": ""},
    ),
    Row("me/membership/", "/me/membership/", "login 404 200 200 404 404 404 404"),
    *(row for verb in ("pause", "resume", "leave", "return") for row in own_act(verb)),
    Row("renew/<str:token>/", "/renew/{renewal}/", "200"),
    Row("renew/<str:token>/", "/renew/{renewal}/", "200", "POST", {"answer": "return"}),
    Row("renew/<str:token>/", "/renew/forged/", "404", "POST"),
    Row("styleguide/", "/styleguide/", "login 403 403 200"),
    Row("me/invite/", "/me/invite/", "login /join/ 200 200 /join/ /join/ /join/ /join/"),
    Row("me/invite/", "/me/invite/", "login /join/ 200 200 /join/ /join/ /join/ /join/", "POST"),
    Row("members/", "/members/", "200"),
    Row("members/", "/fr/members/", "200"),
    Row("members/", "/members/?view=table&sort=-since", "200"),
    Row("members/", "/members/?view=map&region=africa", "200"),
    Row("members/export.csv", "/members/export.csv", "login 404 200 200 200 200 200 200"),
    Row("members/export.csv", "/es/members/export.csv", "/es/accounts/login/ 404 200 200 200 200 200 200"),
    Row("members/blogs.opml", "/members/blogs.opml", "200"),
    Row("members/<slug:slug>/card.vcf", "/members/{author_slug}/card.vcf", "login 404 200 200 200 200 200 200"),
    Row("members/<slug:slug>/card.vcf", "/members/{hidden_slug}/card.vcf", "login 404 200 200 200 200 200 200"),
    Row("members/<slug:slug>/", "/members/{author_slug}/", "200"),
    Row("members/<slug:slug>/", "/members/{hidden_slug}/", "404 404 200 200 200 200 200 200"),
    Row("members/<slug:slug>/", "/es/members/{hidden_slug}/", "404 404 200 200 200 200 200 200"),
    Row("join/", "/join/", "200 200 /me/ /me/ 200 200 200 200"),
    Row("join/", "/join/", "/accounts/signup/ 200 /me/ /me/ 200 200 200 200", "POST"),
    *invitation(),
    *letters(),
    Row(CLAIM, "/join/claim/{claim}/", "200"),
    Row(CLAIM, "/join/claim/{claim}/", "200", "POST"),
    Row(CLAIM, "/join/claim/{claim}/", "/me/ 200", "POST", CLAIMED),
    Row(CLAIM, "/join/claim/forged/", "404"),
    Row(f"{CLAIM}decline/", "/join/claim/{claim}/decline/", "200"),
    Row(f"{CLAIM}decline/", "/join/claim/{claim}/decline/", "200", "POST"),
    Row(f"{CLAIM}decline/", "/join/claim/forged/decline/", "404", "POST"),
    Row(f"{CLAIM}new-link/", "/join/claim/{claim}/new-link/", "200"),
    Row(f"{CLAIM}new-link/", "/join/claim/{claim}/new-link/", "200", "POST"),
    Row(f"{CLAIM}new-link/", "/join/claim/forged/new-link/", "404", "POST"),
    Row("events/", "/events/", "200"),
    Row("events/", "/events/?when=past", "200"),
    Row("events/", "/es/events/", "200"),
    Row("events/<slug:slug>/", "/events/mangroves/", "200"),
    Row("events/<slug:slug>/", "/events/dunnart/", "404 404 404 200"),
    Row("events/<slug:slug>/", "/fr/events/dunnart/", "404 404 404 200"),
    Row("events/<slug:slug>.ics", "/events/mangroves.ics", "200"),
    Row("events/<slug:slug>.ics", "/events/dunnart.ics", "404"),
    Row("coverage/", "/coverage/", "200"),
    Row("coverage/", "/coverage/?event=mangroves", "200"),
    Row("coverage/", "/coverage/?event=dunnart", "404"),
    Row("coverage/new/", "/coverage/new/", "login /join/ 200 200 /join/ /join/ /join/ /join/"),
    Row("coverage/new/", "/coverage/new/?event=dunnart", "login /join/ 200 200 /join/ /join/ /join/ /join/"),
    Row("coverage/new/", "/coverage/new/", "login /join/ 200 200 /join/ /join/ /join/ /join/", "POST", {"hand_in": 1}),
    Row("coverage/<reference:reference>/", "/coverage/{draft}/", "404 404 404 /coverage/{draft}/edit/ 404 404 404 404"),
    Row("coverage/<reference:reference>/", "/coverage/{submitted}/", "404 404 404 200 200 404 200 200"),
    Row("coverage/<reference:reference>/", "/coverage/{declined}/", "404 404 404 200 200 404 200 200"),
    Row("coverage/<reference:reference>/", "/coverage/{approved}/", "200"),
    Row("coverage/<reference:reference>/", "/fr/coverage/{submitted}/", "404 404 404 200 200 404 200 200"),
    Row("coverage/<reference:reference>/edit/", "/coverage/{draft}/edit/", "login 404 404 200 404 404 404 404"),
    Row(
        "coverage/<reference:reference>/edit/", "/coverage/{submitted}/edit/",
        "login 404 404 /coverage/{submitted}/ 404 404 404 404",
    ),
    Row(
        "coverage/<reference:reference>/edit/", "/coverage/{draft}/edit/",
        "login 404 404 /coverage/{draft}/edit/ 404 404 404 404", "POST", {"save": 1, "language": "en"},
    ),
    Row("coverage/<reference:reference>/withdraw/", "/coverage/{submitted}/withdraw/", "login 405"),
    Row(
        "coverage/<reference:reference>/withdraw/", "/coverage/{submitted}/withdraw/",
        "login 404 404 /coverage/{submitted}/edit/ 404 404 404 404", "POST",
    ),
    Row("coverage/<reference:reference>/discard/", "/coverage/{draft}/discard/", "login 405"),
    Row(
        "coverage/<reference:reference>/discard/", "/coverage/{draft}/discard/",
        "login 404 404 /me/ 404 404 404 404", "POST",
    ),
    Row(
        "coverage/<reference:reference>/photos/<int:pk>/", "/coverage/{draft}/photos/{draft_photo}/",
        "login 404 404 200 404 404 404 404",
    ),
    Row(
        "coverage/<reference:reference>/photos/<int:pk>/", "/coverage/{submitted}/photos/{submitted_photo}/",
        "login 404 404 200 200 404 200 200",
    ),
    Row(
        "coverage/<reference:reference>/photos/<int:pk>/", "/coverage/{declined}/photos/{declined_photo}/",
        "login 404 404 200 200 404 200 200",
    ),
    Row("wall/<str:tag>/", "/wall/iucncec/", "200"),
    Row("wall/<str:tag>/", "/wall/MangroveSchools/", "200"),
    Row("wall/<str:tag>/", "/wall/nothing/", "404"),
    Row("pages/<slug:slug>/", "/pages/about/", "200"),
    Row("pages/<slug:slug>/", "/fr/pages/about/", "200"),
    Row("pages/<slug:slug>/", "/pages/potoroo/", "404"),
]  # fmt: skip
WITHOUT_CODES = "login 404 404 404 sure sure sure sure"  # only staff have a one-time code here
ACCOUNTS = [
    Row("accounts/login/", "/accounts/login/", "200 /me/"),
    Row("accounts/signup/", "/accounts/signup/", "200 /me/"),
    Row("accounts/logout/", "/accounts/logout/", "/ 200"),
    Row("accounts/logout/", "/accounts/logout/", "/", "POST"),
    Row("accounts/inactive/", "/accounts/inactive/", "200"),
    Row("accounts/reauthenticate/", "/accounts/reauthenticate/", "login 200"),
    Row("accounts/email/", "/accounts/email/", "login 200"),
    Row("accounts/confirm-email/", "/accounts/confirm-email/", "200"),
    Row(r"accounts/confirm-email/(?P<key>[-:\w]+)/$", "/accounts/confirm-email/forged:token/", "200"),
    Row("accounts/login/code/confirm/", "/accounts/login/code/confirm/", "login /me/"),
    Row("accounts/password/change/", "/accounts/password/change/", "login 200"),
    Row("accounts/password/set/", "/accounts/password/set/", "login /accounts/password/change/"),
    Row("accounts/password/reset/", "/accounts/password/reset/", "200"),
    Row("accounts/password/reset/done/", "/accounts/password/reset/done/", "200"),
    Row("accounts/password/reset/key/done/", "/accounts/password/reset/key/done/", "200"),
    Row(
        "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        "/accounts/password/reset/key/1-forged/", "200",
    ),
    Row("accounts/2fa/", "/accounts/2fa/", "login 200"),
    Row("accounts/2fa/authenticate/", "/accounts/2fa/authenticate/", "login /me/"),
    Row("accounts/2fa/reauthenticate/", "/accounts/2fa/reauthenticate/", "login sure sure sure 200 200 200 200"),
    Row("accounts/2fa/totp/activate/", "/accounts/2fa/totp/activate/", "login sure"),
    Row("accounts/2fa/totp/deactivate/", "/accounts/2fa/totp/deactivate/", WITHOUT_CODES),
    Row("accounts/2fa/totp/qr.svg", "/accounts/2fa/totp/qr.svg", "login 200"),
    Row("accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/", "login 404"),
    Row("accounts/2fa/recovery-codes/generate/", "/accounts/2fa/recovery-codes/generate/", "login sure"),
    Row("accounts/2fa/recovery-codes/download/", "/accounts/2fa/recovery-codes/download/", "login 404"),
    Row("accounts/2fa/webauthn/", "/accounts/2fa/webauthn/", "login 200"),
    Row("accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/add/", "login sure"),
    Row("accounts/2fa/webauthn/reauthenticate/", "/accounts/2fa/webauthn/reauthenticate/", "login sure"),
    Row("accounts/2fa/webauthn/keys/<int:pk>/remove/", "/accounts/2fa/webauthn/keys/1/remove/", "login sure"),
    Row("accounts/2fa/webauthn/keys/<int:pk>/edit/", "/accounts/2fa/webauthn/keys/1/edit/", "login sure"),
    Row("accounts/2fa/webauthn/login/", "/accounts/2fa/webauthn/login/", "login /me/"),
    Row("accounts/3rdparty/", "/accounts/3rdparty/", "login 200"),
    Row("accounts/3rdparty/signup/", "/accounts/3rdparty/signup/", "login"),
    Row("accounts/3rdparty/login/cancelled/", "/accounts/3rdparty/login/cancelled/", "200"),
    Row("accounts/3rdparty/login/error/", "/accounts/3rdparty/login/error/", "login 401"),
    Row("accounts/social/signup/", "/accounts/social/signup/", "login /accounts/3rdparty/signup/"),
    Row("accounts/social/connections/", "/accounts/social/connections/", "login /accounts/3rdparty/"),
    Row(
        "accounts/social/login/cancelled/", "/accounts/social/login/cancelled/",
        "login /accounts/3rdparty/login/cancelled/",
    ),
    Row("accounts/social/login/error/", "/accounts/social/login/error/", "login /accounts/3rdparty/login/error/"),
    Row("accounts/oidc/<str:provider_id>/login/", "/accounts/oidc/elsewhere/login/", "200"),
    Row("accounts/oidc/<str:provider_id>/login/", "/accounts/oidc/nobody/login/", "404"),
    Row("accounts/oidc/<str:provider_id>/login/callback/", "/accounts/oidc/elsewhere/login/callback/", "401"),
    Row("accounts/oidc/<str:provider_id>/login/callback/", "/accounts/oidc/nobody/login/callback/", "404"),
]  # fmt: skip


def drives():
    """The pages of a drive at the desk, and what is done on them."""
    base, seen = "admin/members/drive/", "login door 403 200"
    one, mail = f"{base}<int:pk>/", f"{base}<int:pk>/mails/<int:step>/"
    drive, step = f"/{base}{{drive_pk}}/", f"/{base}{{drive_pk}}/mails/{{step_pk}}/"
    words = {"days": 9, "subject_en": "Again", "body_en": "{link}"}
    yield from desk("members/drive", "{drive_pk}", adds="CS")
    yield Row(f"{base}<path:object_id>/change/", f"/{base}{{running_pk}}/change/", seen)
    yield Row(f"{base}add/", f"/{base}add/", seen, "POST")
    yield Row(f"{one}edit/", f"{drive}edit/", seen)
    yield Row(f"{one}start/", f"{drive}start/", seen)
    yield Row(f"{one}start/", f"{drive}start/", seen, "POST", {"when": "now"})
    yield Row(f"{one}people/earlier/", f"{drive}people/earlier/", seen)
    yield Row(f"{one}people/members/", f"/{base}{{circular_pk}}/people/members/", seen)
    yield Row(f"{one}people/members/", f"{drive}people/members/", f"login door 403 {drive}change/#who", "POST")
    for sheet in ("result.csv", "people.csv"):
        yield Row(f"{one}{sheet}", f"{drive}{sheet}", seen)
        yield Row(f"{one}{sheet}", f"/{base}{{running_pk}}/{sheet}", seen)
    yield Row(f"{one}page/", f"{drive}page/", seen)
    yield Row(f"{one}mails/add/", f"{drive}mails/add/", seen)
    yield Row(f"{one}mails/add/", f"{drive}mails/add/", seen, "POST")
    yield Row(f"{one}mails/add/", f"{drive}mails/add/", f"login door 403 {drive}change/#what", "POST", words)
    yield Row(mail, step, seen)
    yield Row(f"{mail}preview/", f"{step}preview/", seen)
    yield Row(f"{mail}preview/", f"{step}preview/", f"login door 403 {step}preview/", "POST")
    yield Row(f"{mail}preview/html/", f"{step}preview/html/", seen)
    yield Row(f"{mail}delete/", f"{step}delete/", "login door 403 405")
    yield Row(f"{mail}delete/", f"{step}delete/", f"login door 403 {drive}change/#what", "POST")


def for_drives():
    """Packages, the people of drives, and lists of people for them."""
    version, lists = "admin/members/package/<int:pk>/new-version/", "admin/members/prospectlist/"
    package = version.replace("<int:pk>", "{package_pk}")
    yield from desk("members/package", "{package_pk}", adds="CS", deletes="CS")
    yield Row(version, f"/{package}", "login door 403 405")
    yield from desk("members/invitation", "{audience_pk}")
    yield from (row for row in desk("members/prospectlist", "{listed_pk}") if not row.route.endswith("add/"))
    yield Row(f"{lists}add/", f"/{lists}add/", "login door 403 /admin/members/drive/")
    yield Row(f"{lists}add/", f"/{lists}add/?drive={{drive_pk}}", "login door 403 200")
    yield Row(f"{lists}add/", f"/{lists}add/?drive={{drive_pk}}", "login door 403 200", "POST")
    columns = f"{lists}<int:pk>/columns/"
    yield Row(columns, f"/{lists}{{listed_pk}}/columns/", "login door 403 200")


OUT, WORD = "/accounts/logout/", "/accounts/password/change/"
DOOR = "door door door door 200 200 200 200"
THE_DESK = [
    Row("admin/", "/admin/", DOOR),
    Row("admin/login/", "/admin/login/", "login 403 403 403 /admin/ /admin/ /admin/ /admin/"),
    Row("admin/logout/", "/admin/logout/", f"door /admin/ /admin/ /admin/ {OUT} {OUT} {OUT} {OUT}"),
    Row("admin/logout/", "/admin/logout/", "door /admin/ /admin/ /admin/ / / / /", "POST"),
    Row("admin/password_change/", "/admin/password_change/", f"door door door door {WORD} {WORD} {WORD} {WORD}"),
    Row(
        "admin/password_change/done/", "/admin/password_change/done/",
        f"door door door door {WORD} {WORD} {WORD} {WORD}",
    ),
    Row("admin/jsi18n/", "/admin/jsi18n/", DOOR),
    Row("admin/autocomplete/", "/admin/autocomplete/", "door door 403 403"),
    Row(
        "admin/autocomplete/", "/admin/autocomplete/?app_label=events&model_name=event&field_name=country&term=ken",
        "door door 403 200",
    ),
    Row("admin/r/<path:content_type_id>/<path:object_id>/", "/admin/r/1/1/", "door door 404 404"),
    Row("admin/<app_label>/$", "/admin/portal/", "door door 404 200"),
    Row("admin/<app_label>/$", "/admin/reporters/", "door door door door 200 404 200 200"),
    Row("admin/(?P<url>.*)$", "/admin/nothing/", "door door 404 404"),
    Row(GROUP, f"/{GROUP}", f"login door /{GROUP}1/change/ /{GROUP}1/change/"),
    *(row for row in desk("portal/specialtygroup", "1", past="{group_past}") if row.route != GROUP),
    Row(f"{GROUP}preview/", f"/{GROUP}preview/", "login door 403 200"),
    Row(f"{GROUP}preview/", f"/{GROUP}preview/", "login door 403 200", "POST", {"tag": "newtag"}),
    *desk("portal/contact", "{contact_pk}"),
    *desk("portal/page", "{hidden_page_pk}", adds="CS", deletes="CS", past="{hidden_page_past}"),
    Row(TEXT, f"/{TEXT}", "login door /admin/portal/page/ /admin/portal/page/"),
    Row(
        f"{TEXT}<path:object_id>/change/", f"/{TEXT}{{text_pk}}/change/",
        "login door /admin/portal/page/{hidden_page_pk}/change/ /admin/portal/page/{hidden_page_pk}/change/",
    ),
    Row(f"{TEXT}<path:object_id>/history/", f"/{TEXT}{{text_pk}}/history/", "login door 403 200"),
    Row(
        f"{TEXT}<path:object_id>/history/<str:version_id>/", f"/{TEXT}{{text_pk}}/history/{{text_past}}/",
        "login door 403 200",
    ),
    *desk("portal/topic", "{topic_pk}", adds="CS", deletes="CS", past="{topic_past}"),
    *desk("portal/region", "{region_pk}", adds="S", deletes="S", past="{region_past}"),
    *desk("portal/country", "{country_pk}", adds="CS", deletes="S", past="{country_past}"),
    *desk("portal/outgoingmail", "{mail_pk}"),
    Row(
        f"admin/portal/outgoingmail/{CHANGE}", "/admin/portal/outgoingmail/{secret_mail_pk}/change/",
        "login door 403 200",
    ),
    *desk("portal/user", "{user_pk}"),
    Row(MERGE, "/admin/portal/user/{user_pk}/merge/", "login door 403 200"),
    Row(MERGE, "/admin/portal/user/{user_pk}/merge/?other={hidden_user_pk}", "login door 403 200"),
    Row(
        MERGE, "/admin/portal/user/{user_pk}/merge/?other={hidden_user_pk}",
        "login door 403 /admin/portal/user/{user_pk}/change/", "POST",
    ),
    Row(END, "/admin/portal/user/{user_pk}/end/", "login door 403 200"),
    Row(END, "/admin/portal/user/{user_pk}/end/", "login door 403 200", "POST"),
    *desk("portal/retentionrun", "{retention_pk}"),
    *desk("members/member", "{hidden_pk}", past="{hidden_past}"),
    *desk("members/membershipapplication", "{application_pk}"),
    Row(
        f"admin/members/membershipapplication/{CHANGE}",
        "/admin/members/membershipapplication/{declined_application_pk}/change/", "login door 403 200",
    ),
    Row(
        f"admin/members/membershipapplication/{CHANGE}",
        "/admin/members/membershipapplication/{asked_application_pk}/change/", "login door 403 200",
    ),
    *desk("members/import", "{imported_pk}", adds="CS"),
    Row(f"admin/members/import/{CHANGE}", "/admin/members/import/{checked_pk}/change/", "login door 403 200"),
    Row("admin/members/import/add/", "/admin/members/import/add/", "login door 403 200", "POST"),
    Row(
        "admin/members/import/<path:object_id>/columns/", "/admin/members/import/{checked_pk}/columns/",
        "login door 403 200",
    ),
    Row(
        "admin/members/import/<path:object_id>/columns/", "/admin/members/import/{imported_pk}/columns/",
        "login door 403 /admin/members/import/", "POST",
    ),
    *desk("members/renewalround", "{round_pk}", adds="CS"),
    Row(
        "admin/members/renewalround/<path:object_id>/days/", "/admin/members/renewalround/{round_pk}/days/",
        "login door 403 200",
    ),
    *desk("members/returnrequest", "{returning_pk}"),
    *desk("members/importrow", "{importrow_pk}"),
    *desk("members/letterreport", "{reported_pk}"),
    *desk("members/writingban", "{ban_pk}"),
    *drives(),
    *for_drives(),
    *desk("members/statement", "{statement_pk}", adds="CS", past="{statement_past}"),
    *desk("members/version", "{version_pk}", adds="CS", deletes="CS"),
    *desk("events/event", "{hidden_event_pk}", adds="CS", deletes="CS", past="{hidden_event_past}"),
    *desk("reporters/coverage", "{submitted_pk}", sees="MCS"),
    Row(
        f"admin/reporters/coverage/{CHANGE}", "/admin/reporters/coverage/{draft_pk}/change/",
        "login door door door /admin/ 403 /admin/ /admin/",
    ),
    *desk("account/emailaddress", "{email_pk}", sees="S", adds="S", deletes="S"),
    *desk("socialaccount/socialapp", "{app_pk}", sees="S", adds="S", deletes="S"),
    *desk("socialaccount/socialaccount", "{account_pk}", sees="S", adds="S", deletes="S"),
    *desk("socialaccount/socialtoken", "{token_pk}", sees="S", adds="S", deletes="S"),
]  # fmt: skip


def decision(model, pk, name, cells, **data):
    """A button at the desk is pressed."""
    path = f"/admin/{model}/{pk}/change/"
    return Row(f"admin/{model}/{CHANGE}", path, cells, "POST", {"decision": name, **data})


BACK = "login door door door 403 403"
CONTACT = "/admin/portal/contact/{contact_pk}/change/"
MAIL = "/admin/portal/outgoingmail/{mail_pk}/change/"
DRIVE, RUNNING = (f"/admin/members/drive/{{{name}_pk}}/change/" for name in ("drive", "running"))
PEOPLE = "/admin/members/invitation/"
BAN = "/admin/members/writingban/{ban_pk}/change/"
ROUND = "/admin/members/renewalround/{round_pk}/change/"
LIST, IMPORTED = (f"/admin/members/import/{{{name}_pk}}/change/" for name in ("checked", "imported"))
DECISIONS = [
    decision("reporters/coverage", "{submitted_pk}", "approve", "login door door door /admin/ 403 /admin/ /admin/"),
    decision(
        "reporters/coverage",
        "{submitted_pk}",
        "decline",
        "login door door door /admin/ 403 /admin/ /admin/",
        reason="No",
    ),
    decision("reporters/coverage", "{submitted_pk}", "decline", "login door door door 200 403 200 200"),
    decision("members/membershipapplication", "{application_pk}", "approve", f"{BACK} /admin/ /admin/"),
    decision(
        "members/membershipapplication",
        "{application_pk}",
        "decline",
        f"{BACK} /admin/ /admin/",
        reason="No",
    ),
    decision("members/membershipapplication", "{application_pk}", "ask", f"{BACK} /admin/ /admin/", reason="Where?"),
    decision("members/membershipapplication", "{application_pk}", "ask", f"{BACK} 200 200"),
    decision("members/returnrequest", "{returning_pk}", "approve", f"{BACK} /admin/ /admin/"),
    decision("members/returnrequest", "{returning_pk}", "decline", f"{BACK} /admin/ /admin/", reason="No"),
    decision("members/letterreport", "{reported_pk}", "dismiss", f"{BACK} /admin/ /admin/"),
    decision("members/letterreport", "{reported_pk}", "warn", f"{BACK} /admin/ /admin/", reason="No"),
    decision("members/letterreport", "{reported_pk}", "ban", f"{BACK} 200 200"),
    decision("members/writingban", "{ban_pk}", "lift", f"{BACK} {BAN} {BAN}"),
    decision("members/renewalround", "{round_pk}", "begin", f"{BACK} {ROUND} {ROUND}"),
    decision("members/drive", "{drive_pk}", "clear", f"{BACK} {DRIVE} {DRIVE}"),
    decision("members/drive", "{drive_pk}", "look", f"{BACK} {DRIVE} {DRIVE}"),
    decision("members/drive", "{drive_pk}", "discard", f"{BACK} /admin/members/drive/ /admin/members/drive/"),
    decision("members/drive", "{running_pk}", "pause", f"{BACK} {RUNNING} {RUNNING}"),
    decision("members/drive", "{running_pk}", "cancel", f"{BACK} {RUNNING} {RUNNING}"),
    decision("members/drive", "{running_pk}", "discard", f"{BACK} 200 200"),
    decision("members/invitation", "{audience_pk}", "remove", f"{BACK} {PEOPLE} {PEOPLE}"),
    decision("members/prospectlist", "{listed_pk}", "add", f"{BACK} {DRIVE}#who {DRIVE}#who"),
    decision("members/prospectlist", "{listed_pk}", "discard", f"{BACK} {DRIVE}#who {DRIVE}#who"),
    decision("members/import", "{checked_pk}", "import", f"{BACK} {LIST} {LIST}"),
    decision("members/import", "{checked_pk}", "discard", f"{BACK} /admin/members/import/ /admin/members/import/"),
    decision("members/import", "{imported_pk}", "undo", f"{BACK} {IMPORTED} {IMPORTED}"),
    decision("members/import", "{imported_pk}", "discard", f"{BACK} 200 200"),
    decision("portal/outgoingmail", "{mail_pk}", "send-again", f"{BACK} {MAIL} {MAIL}"),
    decision("portal/contact", "{contact_pk}", "not-asked-for", f"{BACK} {CONTACT} {CONTACT}"),
]
ROWS = [*MACHINES, *PAGES, *ACCOUNTS, *THE_DESK, *DECISIONS]
