"""Nobody can fill the disk with files."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

LARGE = b"x" * 3 * 1024 * 1024  # Django itself writes files above 2.5 MiB to the disk


def test_a_file_in_a_form_is_not_received(tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "missing")  # writing there would fail
    form = {"first": "1", "file": SimpleUploadedFile("x.bin", LARGE)}
    request = RequestFactory().post("/admin/login/", form)
    assert request.POST["first"] == "1"
    assert not request.FILES
