from django.db import transaction
from django.db.models import Max

from members.packages.models import Document, Package, PackageText


@transaction.atomic
def new_version(package: Package) -> Package:
    """A copy that can be changed; what was sent stays as it was."""
    Package.objects.select_for_update().get(pk=package.pk)  # asked for twice at once, they come one after the other
    latest = Package.objects.filter(name=package.name).aggregate(latest=Max("version"))["latest"]
    copy = Package.objects.create(name=package.name, version=latest + 1)
    for text in package.texts.all():
        PackageText.objects.create(package=copy, language=text.language, title=text.title, body=text.body)
    for one in package.documents.all():
        Document.objects.create(package=copy, language=one.language, title=one.title, file=one.file.name)
    return copy
