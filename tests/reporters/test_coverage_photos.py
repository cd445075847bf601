"""Pictures: what is kept of them, who may see them, and when their files come and go."""

import contextlib
import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from PIL import Image

from portal import images
from portal.images import ImageError
from reporters.coverage import services
from reporters.coverage.models import PHOTOS_AT_MOST, Photo
from tests import factories, pictures

pytestmark = pytest.mark.django_db
RED, BLUE = (254, 0, 0), (0, 0, 254)


def opened(field):
    with field.open() as file:
        picture = Image.open(file)
        picture.load()
        return picture


def near(colour, other):
    return all(abs(one - two) < 12 for one, two in zip(colour, other, strict=True))


def files(name):
    _folders, found = storages[name].listdir("coverage") if storages[name].exists("coverage") else ([], [])
    return set(found)


@pytest.fixture
def new_files():
    """The private and the public files that came since the test began."""
    before = {name: files(name) for name in ("private", "default")}
    return lambda: tuple(len(files(name) - before[name]) for name in ("private", "default"))


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "phone.jpg"), ("HEIF", "phone.heic"), ("WEBP", "phone.webp")])
def test_photo_on_its_side_is_kept_upright(kind, name):
    photo = services.add_photo(factories.draft(), pictures.on_its_side(kind, name))
    kept = opened(photo.original).convert("RGB")
    assert (kept.size, photo.width, photo.height) == ((60, 80), 60, 80)
    assert near(kept.getpixel((30, 10)), RED)
    assert near(kept.getpixel((30, 70)), BLUE)


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "phone.jpg"), ("HEIF", "phone.heic"), ("PNG", "phone.png")])
def test_photo_with_place_is_kept_without_any_metadata(kind, name):
    photo = services.add_photo(factories.draft(), pictures.on_its_side(kind, name))
    kept = opened(photo.original)
    assert (kept.format, dict(kept.getexif()), set(kept.info) & {"exif", "xmp", "icc_profile"}) == ("WEBP", {}, set())


def test_photo_public_copies_hold_no_metadata():
    coverage = factories.draft()
    services.add_photo(coverage, pictures.on_its_side(), alt="The hall")
    services.hand_in(coverage, by=coverage.author)
    services.approve(coverage, by=factories.moderator())
    photo = Photo.objects.get()
    assert [dict(opened(copy).getexif()) for copy in (photo.large, photo.small)] == [{}, {}]


def test_photo_with_transparency_stands_on_white():
    photo = services.add_photo(factories.draft(), pictures.see_through())
    assert near(opened(photo.original).convert("RGB").getpixel((20, 20)), (255, 255, 255))


def test_photo_of_two_in_one_file_is_kept():
    photo = services.add_photo(factories.draft(), pictures.two_in_one())
    assert (photo.width, photo.height) == (60, 80)


def test_photo_that_is_large_is_made_small():
    photo = services.add_photo(factories.draft(), pictures.jpeg(size=(3000, 4000)))
    assert (photo.width, photo.height) == (1800, 2400)


def test_photo_name_of_the_upload_is_not_kept():
    photo = services.add_photo(factories.draft(), pictures.jpeg("../../Ada at home.jpg"))
    assert photo.original.name.startswith("coverage/")
    assert "Ada" not in photo.original.name


@pytest.mark.parametrize("what", pictures.REFUSED)
def test_photo_that_cannot_be_taken_is_refused_with_a_sentence(what, new_files):
    coverage = factories.draft()
    with pytest.raises(ImageError) as refusal:
        services.add_photo(coverage, pictures.REFUSED[what]())
    assert str(refusal.value) in {
        "This picture has too many pixels to be opened.",
        "This file is not a picture that can be read. JPEG, PNG, WebP and HEIC can.",
    }
    assert (Photo.objects.count(), new_files()) == (0, (0, 0))


@pytest.mark.parametrize("what", ["100_megapixel", "bomb"])
def test_photo_with_too_many_pixels_is_refused_before_it_is_unpacked(what):
    with pytest.raises(ImageError) as refusal:
        services.add_photo(factories.draft(), pictures.REFUSED[what]())
    assert str(refusal.value) == "This picture has too many pixels to be opened."


def test_photo_over_the_limit_is_refused_with_the_limit(settings):
    settings.PHOTO_MAX_BYTES = 2**20
    with pytest.raises(ImageError) as refusal:
        services.add_photo(factories.draft(), pictures.upload(b"x" * (2 * 2**20 + 1)))
    assert str(refusal.value) == "This picture has 2 MB. Up to 1 MB can be taken."


def test_photo_over_the_number_is_refused():
    coverage = factories.draft(photos=PHOTOS_AT_MOST)
    with pytest.raises(services.CoverageError) as refusal:
        services.add_photo(coverage, pictures.jpeg())
    assert str(refusal.value) == "A piece of coverage holds up to 10 pictures."
    assert Photo.objects.count() == PHOTOS_AT_MOST


def test_photo_positions_count_on():
    coverage = factories.draft(photos=3)
    assert list(coverage.photos.values_list("position", flat=True)) == [1, 2, 3]


def test_photo_of_handed_in_coverage_cannot_be_added_nor_removed():
    coverage = factories.submitted(photos=1)
    with pytest.raises(services.CoverageError):
        services.add_photo(coverage, pictures.jpeg())
    with pytest.raises(services.CoverageError):
        services.remove_photo(coverage.photos.get())
    assert coverage.photos.count() == 1


def test_photo_copies_are_public_only_while_published(new_files, committed):
    coverage, moderator = factories.submitted(photos=2), factories.moderator()
    assert new_files() == (2, 0)
    services.approve(coverage, by=moderator)
    assert new_files() == (2, 4)
    with committed():
        services.decline(coverage, by=moderator, reason="Taken down")
    assert new_files() == (2, 0)
    assert {photo.is_public for photo in coverage.photos.all()} == {False}


def test_photo_files_go_with_a_discarded_draft(new_files, committed):
    coverage = factories.draft(photos=2)
    with committed():
        services.discard(coverage, by=coverage.author)
    assert new_files() == (0, 0)


def test_photo_file_goes_with_a_removed_photo(new_files, committed):
    coverage = factories.draft(photos=2)
    with committed():
        services.remove_photo(coverage.photos.first())
    assert new_files() == (1, 0)


def test_photo_files_are_for_their_owner_alone():
    photo = services.add_photo(factories.draft(), pictures.jpeg())
    path = Path(storages["private"].path(photo.original.name))
    assert oct(path.stat().st_mode & 0o777) == "0o600"


VIEWERS = {
    "draft": {"visitor": 302, "member": 404, "author": 200, "moderator": 404, "coordinator": 404},
    "submitted": {"visitor": 302, "member": 404, "author": 200, "moderator": 200, "coordinator": 200},
    "declined": {"visitor": 302, "member": 404, "author": 200, "moderator": 200, "coordinator": 200},
}


@pytest.mark.parametrize("state", VIEWERS)
def test_photo_that_is_private_is_shown_to_whom_it_may_be(state, client, signed_in):
    coverage = factories.IN_STATE[state](photos=1)
    clients = {"visitor": client, "author": signed_in(coverage.author), "member": signed_in(factories.member().user)}
    clients |= {"moderator": signed_in(factories.moderator()), "coordinator": signed_in(factories.coordinator())}
    address = coverage.photos.get().private_url
    assert {role: clients[role].get(address).status_code for role in VIEWERS[state]} == VIEWERS[state]


def test_photo_that_is_private_is_never_kept_by_shared_caches(signed_in):
    coverage = factories.draft(photos=1)
    response = signed_in(coverage.author).get(coverage.photos.get().private_url)
    assert (response["Cache-Control"], response["Content-Type"]) == ("private, max-age=600", "image/webp")


def test_photo_of_another_coverage_is_not_found(signed_in):
    mine, other = factories.draft(photos=1), factories.draft(photos=1)
    address = mine.photos.get().private_url.replace(mine.reference, other.reference)
    assert signed_in(other.author).get(address).status_code == 404


def test_approval_that_fails_leaves_no_public_copy(monkeypatch):
    coverage = factories.submitted()
    services.withdraw(coverage, by=coverage.author)
    services.add_photo(coverage, pictures.jpeg(), alt="Chairs")
    services.hand_in(coverage, by=coverage.author)
    made = []
    publish = services._publish
    monkeypatch.setattr(services, "_publish", lambda photo: (publish(photo), made.append(photo)))
    monkeypatch.setattr(services.emails, "approved", lambda _coverage: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.approve(coverage, by=factories.moderator())
    assert [photo.large.storage.exists(photo.large.name) for photo in made] == [False]


@pytest.mark.parametrize(("size", "mode"), [((8900, 8900), "RGBA"), ((21_000, 1), "RGB")])
def test_photo_that_would_fill_the_memory_is_refused(size, mode):
    file = pictures.upload(pictures.encoded(Image.new(mode, size), "PNG"), "large.png")
    with pytest.raises(images.ImageError):
        images.opened(file)


def test_photo_with_damaged_exif_is_refused_in_a_sentence():
    whole = pictures.on_its_side().read()
    place = whole.index(b"Exif") + 14
    with contextlib.suppress(images.ImageError):
        for cut in range(place, place + 60):
            images.opened(io.BytesIO(whole[:cut] + b"\xff" * 8 + whole[cut + 8 :]))
    with pytest.raises(images.ImageError):
        images.opened(io.BytesIO(whole[:place] + b"\xff" * 400))
