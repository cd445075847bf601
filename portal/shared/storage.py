from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Files that no address leads to: an authorised view serves them, or nobody does."""
    return storages["private"]
