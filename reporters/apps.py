from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import registry


class ReportersConfig(AppConfig):
    name = "reporters"
    verbose_name = _("Reporters")

    def ready(self) -> None:
        from reporters.coverage import hooks as coverage  # models are loaded only now
        from reporters.coverage import merging, personal

        registry.event_panels.register(coverage.event_panel, order=10)
        registry.member_panels.register(coverage.member_panel, order=10)
        registry.me_panels.register(coverage.me_panel, order=10)
        registry.home_panels.register(coverage.home_panel, order=30)
        registry.desk_items.register(coverage.desk_items, order=10)
        registry.next_things.register(coverage.next_things, order=5)
        registry.waiting.register(coverage.waiting)
        registry.milestones.register(coverage.FIRST_COVERAGE, order=20)
        for rule in merging.RULES:
            registry.merge_rules.register(rule)
        for part in personal.PARTS:
            registry.export_parts.register(part)
        for leave in personal.RULES:
            registry.leave_rules.register(leave)
        for group in ("Coordinators", "Moderators"):
            registry.grants.register(registry.Grant(group, "reporters", "coverage", ("view", "change")))
