from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import registry


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in, user_signed_up  # models are loaded only now

        from members.conduct import hooks as conduct
        from members.conduct import merging as bans
        from members.directory import hooks as directory
        from members.directory import merging as profiles
        from members.intake import hooks as intake
        from members.intake import merging as claims
        from members.joining import hooks as joining
        from members.joining import merging as applications
        from members.letters import hooks as letters
        from members.letters import merging as requests
        from members.membership import hooks as membership
        from members.membership import merging as renewals
        from members.prospects import merging as prospects
        from members.recruitment import hooks as recruitment
        from members.recruitment import merging as invitations
        from members.statements import merging as acceptances

        registry.desk_items.register(joining.desk_items)
        registry.desk_items.register(intake.desk_items)
        registry.desk_items.register(membership.desk_items)
        registry.desk_items.register(recruitment.desk_items)
        registry.desk_items.register(conduct.desk_items)
        registry.next_things.register(intake.next_things, order=1)
        registry.next_things.register(membership.next_things, order=2)
        registry.next_things.register(letters.next_things, order=5)
        registry.next_things.register(joining.next_things, order=10)
        registry.next_things.register(directory.next_things, order=20)
        registry.next_things.register(recruitment.next_things, order=30)
        registry.me_panels.register(letters.me_panel, order=10)
        registry.waiting.register(letters.waiting)
        registry.waiting.register(membership.waiting)
        registry.me_panels.register(recruitment.me_panel, order=50)
        registry.home_panels.register(directory.home_panel, order=90)
        user_signed_up.connect(recruitment.signed_up, dispatch_uid="members.recruitment")
        user_logged_in.connect(recruitment.signed_in, dispatch_uid="members.recruitment")
        for kind in recruitment.MAIL_KINDS:
            registry.mail_kinds.register(kind)
        rooms = (requests, bans, claims, renewals, profiles, applications, acceptances, invitations, prospects)
        for rule in (rule for room in rooms for rule in room.RULES):
            registry.merge_rules.register(rule)
        for model, verbs in {
            "member": ("view", "change"),
            "membershipapplication": ("view", "change"),
            "import": ("view", "add", "change"),
            "importrow": ("view",),
            "renewalround": ("view", "add", "change"),
            "returnrequest": ("view", "change"),
            "letterreport": ("view", "change"),
            "writingban": ("view", "change"),
            "package": ("view", "add", "change", "delete"),
            "packagetext": ("view", "add", "change", "delete"),
            "document": ("view", "add", "change", "delete"),
            "drive": ("view", "add", "change"),
            "invitation": ("view", "change"),
            "prospectlist": ("view", "add", "change"),
            "statement": ("view", "add", "change"),
            "version": ("view", "add", "change", "delete"),
        }.items():
            registry.grants.register(registry.Grant("Coordinators", "members", model, verbs))
        self._answer_for_people()

    def _answer_for_people(self) -> None:
        """What each room holds on a person, how it goes, and how long anything is kept."""
        from members.conduct import personal as bans  # models are loaded only now
        from members.directory import personal as profiles
        from members.intake import personal as lists
        from members.intake import retention as old_lists
        from members.joining import personal as applications
        from members.joining import retention as old_applications
        from members.letters import personal as requests
        from members.letters import retention as old_requests
        from members.membership import personal as memberships
        from members.prospects import personal as prospects
        from members.prospects import retention as old_prospects
        from members.recruitment import personal as invitations
        from members.recruitment import retention as old_invitations
        from members.statements import personal as statements

        # Rows that hang on a member stand before the member.
        for room in (requests, bans, lists, memberships, applications, statements, invitations, prospects, profiles):
            for part in room.PARTS:
                registry.export_parts.register(part, order=20)
            for rule in room.RULES:
                registry.leave_rules.register(rule, order=200)  # after what higher floors hold on members
        registry.consents.register(statements.consents, order=10)
        registry.consents.register(profiles.consents, order=20)
        for old in (old_lists, old_applications, old_prospects, old_invitations, old_requests):
            for kept in old.RULES:
                registry.retention_rules.register(kept, order=20)
