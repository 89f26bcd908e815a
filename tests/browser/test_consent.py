"""What goes wrong while Zoho is joined, as a person sees it, and the button that mends it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from connector.models import ZohoGrant
from tests.browser.walk import Walker
from tests.support.zoho import run_zoho

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zoho(settings):
    with run_zoho() as sandbox:
        settings.ZOHO_TRUSTED_URLS = [sandbox.url]
        yield sandbox


@pytest.fixture
def elsewhere(zoho, settings):
    """The same Zoho in another data centre: other addresses, other tokens."""
    with run_zoho() as sandbox:
        settings.ZOHO_TRUSTED_URLS = [zoho.url, sandbox.url]
        yield sandbox


@pytest.fixture
def walker(page, live_server, settings, zoho) -> Walker:
    settings.PUBLIC_URL = live_server.url
    page.goto("/admin/")
    return Walker(page, live_server.url, zoho.url)


def test_a_mistyped_secret_and_a_declined_consent_are_said_and_mended(walker):
    walker.add_customer("Acme Ltd")
    walker.register_client(secret="mistyped")
    walker.authorize()
    expect(walker.consent.get_by_text("does not accept the Client ID")).to_be_visible()
    walker.return_to_page()
    walker.register_client()
    walker.authorize(decision="Reject")
    expect(walker.consent.get_by_text("The consent was declined at Zoho")).to_be_visible()
    walker.return_to_page()
    walker.authorize()
    expect(walker.consent.get_by_text("Acme Ltd is connected to Zoho")).to_be_visible()


def test_the_wrong_data_centre_is_said_before_anybody_signs_in(walker):
    walker.add_customer("Acme Ltd")
    walker.page.locator("#id_accounts_url").fill("https://accounts.zoho.example")
    walker.press("Save and continue editing")
    expect(walker.page.locator(".errorlist").first).to_contain_text("accounts.zoho.example")


def test_an_account_of_another_data_centre_is_followed_to_its_addresses(walker, zoho, elsewhere):
    """Zoho moves the person there; the client is known in both."""
    zoho.control(home_url=elsewhere.url)
    walker.add_customer("Acme Ltd")
    walker.register_client()
    walker.authorize()
    expect(walker.consent.get_by_text("Acme Ltd is connected to Zoho")).to_be_visible()
    walker.return_to_page()
    for field in ("accounts_url", "api_url"):
        expect(walker.page.locator(f"#id_{field}")).to_have_value(elsewhere.url)
    walker.press("Test connection")
    walker.see("Zoho answers: Acme Ltd")


def test_a_data_centre_that_does_not_know_the_client_is_said_and_mended(walker, zoho, elsewhere):
    zoho.control(redirect_uris={"1000.SANDBOX": ["https://other.example/api/oauth2crm"]})
    walker.add_customer("Acme Ltd")
    walker.register_client()
    with walker.page.expect_popup() as opened:
        walker.follow("Authorize")
    expect(opened.value.get_by_text("Invalid redirect address")).to_be_visible()
    opened.value.close()
    walker.zoho_url = elsewhere.url
    walker.page.reload()
    walker.register_client()
    walker.authorize()
    expect(walker.consent.get_by_text("Acme Ltd is connected to Zoho")).to_be_visible()
    assert zoho.read_counters()["tokens_issued"] == 0


def test_a_grant_that_was_taken_back_is_seen_and_given_again(walker, zoho):
    walker.add_customer("Acme Ltd")
    walker.register_client()
    walker.authorize()
    walker.return_to_page()
    zoho.control(reset=["tokens"])
    ZohoGrant.objects.update(access_token_issued_at=timezone.now() - timedelta(hours=1))
    walker.press("Test connection")
    walker.see("Zoho refuses the access")
    walker.authorize(button="Authorize again")
    walker.return_to_page()
    expect(walker.page.get_by_text("Zoho refuses the access")).to_have_count(0)
    assert ZohoGrant.objects.get().state == ZohoGrant.State.GRANTED
