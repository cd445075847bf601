from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin with our desk as its site."""

    default_site = "portal.desk.site.Desk"
