import io
import json
import zipfile

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from connector.clicktocall.draw_icons import SIZES, draw_icon
from connector.clicktocall.packing import SOURCE, build_manifest, build_zip
from connector.zoho.datacentres import DATA_CENTRES


def read_json(name: str):
    return json.loads((SOURCE / name).read_text(encoding="utf-8"))


def test_the_extension_works_on_every_data_centre_and_its_sandbox():
    matches = set(read_json("manifest.json")["content_scripts"][0]["matches"])
    pages = {centre.crm_url for centre in DATA_CENTRES.values()}
    sandboxes = {url.replace("://crm.", "://crmsandbox.") for url in pages}
    assert matches == {f"{url}/*" for url in pages | sandboxes}


def test_the_package_names_this_portal_and_its_own_zoho(settings):
    settings.PUBLIC_URL = "https://calls.acme.example:8443"
    settings.ZOHO_TRUSTED_URLS = ["http://127.0.0.1:8900"]
    archive = zipfile.ZipFile(io.BytesIO(build_zip()))
    manifest = json.loads(archive.read("patchbay/manifest.json"))
    portal = json.loads(archive.read("patchbay/portal.json"))
    assert portal == {"portal": "https://calls.acme.example:8443"}
    assert "https://calls.acme.example/*" in manifest["host_permissions"]
    assert "http://127.0.0.1/*" in manifest["content_scripts"][0]["matches"]
    assert "https://calls.acme.example/*" not in manifest["content_scripts"][0]["matches"]


def test_every_file_that_the_manifest_names_is_there():
    manifest = build_manifest()
    [scripts] = manifest["content_scripts"]
    named = [
        *scripts["js"],
        *scripts["css"],
        *manifest["icons"].values(),
        manifest["background"]["service_worker"],
        manifest["action"]["default_popup"],
        manifest["options_ui"]["page"],
        manifest["storage"]["managed_schema"],
        "vendor/libphonenumber-js.LICENSE.txt",
    ]
    assert [name for name in named if not (SOURCE / name).is_file()] == []


def test_english_and_russian_have_the_same_texts():
    english, russian = (read_json(f"_locales/{code}/messages.json") for code in ("en", "ru"))
    assert english.keys() == russian.keys()
    for name, text in english.items():
        assert text.get("placeholders") == russian[name].get("placeholders")


def test_the_icons_are_what_the_script_draws():
    for size in SIZES:
        assert (SOURCE / "icons" / f"{size}.png").read_bytes() == draw_icon(size)


@pytest.mark.django_db
def test_the_download_is_for_staff():
    browser = Client()
    assert browser.get("/agent/extension.zip").status_code == 302
    browser.force_login(User.objects.create_user("ann", is_staff=True))
    answer = browser.get("/agent/extension.zip")
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_the_command_writes_a_zip_or_an_empty_folder(tmp_path):
    call_command("extension", str(tmp_path / "patchbay.zip"))
    assert zipfile.is_zipfile(tmp_path / "patchbay.zip")
    call_command("extension", str(tmp_path / "unpacked"))
    assert (tmp_path / "unpacked" / "manifest.json").is_file()
    with pytest.raises(CommandError, match="not empty"):
        call_command("extension", str(tmp_path / "unpacked"))
