from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit import admin as _tags  # noqa: F401 - imported so that it is there to be taken out
from taggit.models import Tag

from events.calendar.forms import EventForm
from events.calendar.models import Event
from portal.desk.admin import HistoryAdmin

admin.site.unregister(Tag)  # its page for merging asks for no right; an event's tags are edited at the event


@admin.register(Event)
class EventAdmin(HistoryAdmin):
    form = EventForm
    list_display = ["name", "starts_on", "ends_on", "place", "status"]
    list_select_related = ["country"]
    list_filter = ["status", "mode", "country__region", ("topics", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "summary", "organiser", "city"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["country", "topics"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "summary", "why", "status"]}),
        (
            _("When"),
            {
                "fields": [
                    ("starts_on", "ends_on"),
                    ("start_time", "end_time"),
                    "zone",
                    "are_dates_illustrative",
                ]
            },
        ),
        (_("Where"), {"fields": ["mode", "city", "country", "venue"]}),
        (_("More"), {"fields": ["organiser", "website", "topics", "hashtags"]}),
    ]

    @admin.display(description=_("Where"))
    def place(self, event: Event) -> str:
        return event.place
