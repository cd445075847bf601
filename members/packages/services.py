from django.db import transaction

from members.packages.models import Document, Package, PackageText


@transaction.atomic
def new_version(package: Package) -> Package:
    """A copy that can be changed; what was sent stays as it was."""
    latest = Package.objects.select_for_update().filter(name=package.name).order_by("-version").first() or package
    copy = Package.objects.create(name=package.name, version=latest.version + 1)
    for text in package.texts.all():
        PackageText.objects.create(package=copy, language=text.language, title=text.title, body=text.body)
    for one in package.documents.all():
        Document.objects.create(package=copy, language=one.language, title=one.title, file=one.file.name)
    return copy
