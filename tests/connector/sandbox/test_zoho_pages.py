import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from connector.sandbox.zoho import ZohoSandbox

from .crm import CALL, Crm, grant

ROOT = Path(__file__).parents[3]
PROCESS = """
import sys
from connector.sandbox.zoho import serve
file = sys.argv[1] if len(sys.argv) > 1 else None
serve(port=0, people=20, data_file=file, ready=lambda url: print(url, flush=True))
"""


def read_page(crm: Crm, path: str) -> requests.Response:
    return requests.get(f"{crm.url}{path}", timeout=10)


def test_the_page_shows_what_was_received_and_on_whom_it_stands(crm: Crm) -> None:
    who = {"id": crm.find("Contacts", "Lane")}
    crm.insert_call(Who_Id=who, Description="They spoke of <b>bikes</b> & bells")
    crm.insert("Tasks", {"Subject": "Chat", "Status": "Completed"}, trigger=[])
    page = read_page(crm, "/sandbox/").text
    for words in ("3CX PhoneSystem Call", "Ada Lane", "02:41", "workflows ran", "no workflows"):
        assert words in page
    assert "They spoke of &lt;b&gt;bikes&lt;/b&gt; &amp; bells" in page


def test_both_links_of_the_crm_open_the_card_with_its_calls(crm: Crm) -> None:
    lead = crm.find("Leads", "Hale")
    crm.insert_call(What_Id={"id": lead}, **{"$se_module": "Leads"})
    zgid = crm.get("org").json()["org"][0]["zgid"]
    for path in (f"/crm/EntityInfo.do?module=Leads&id={lead}", f"/crm/org{zgid}/tab/Leads/{lead}"):
        page = read_page(crm, path)
        assert page.status_code == 200
        for words in ("Tom Hale", "01632 960022", "3CX PhoneSystem Call"):
            assert words in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/crm/EntityInfo.do?module=Leads&id=1",
        "/crm/org1/tab/Leads/5000000000000023",
        "/crm/tab/Leads/5000000000000023",
        "/nowhere",
    ],
)
def test_other_addresses_are_404(crm: Crm, path: str) -> None:
    assert read_page(crm, path).status_code == 404


def test_markup_in_a_name_or_a_request_stays_text(crm: Crm) -> None:
    lead = crm.insert_one("Leads", Last_Name="<script>x</script>", Company="'\"><img>")["id"]
    page = read_page(crm, f"/crm/EntityInfo.do?module=Leads&id={lead}").text
    assert "<script>" not in page
    assert "<img>" not in page
    consent = read_page(
        crm,
        "/oauth/v2/auth?response_type=code&client_id=1000.SANDBOX&redirect_uri=http://p.example/"
        '&scope=ZohoCRM.org.READ&state="><script>x</script>',
    )
    assert consent.status_code == 200
    assert "<script>" not in consent.text


@contextmanager
def run_process(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    command = [sys.executable, "-c", PROCESS, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().decode().strip()
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    with run_process() as (process, url):
        assert requests.get(f"{url}/oauth/serverinfo", timeout=10).status_code == 200
        process.send_signal(number)
        assert process.wait(timeout=10) == 0


def test_a_killed_process_has_kept_what_it_answered(tmp_path: Path) -> None:
    file = str(tmp_path / "zoho.sqlite3")
    with run_process(file) as (process, url):
        tokens = grant(url)
        call_id = Crm(url, tokens).insert_call()["id"]
        process.kill()
        process.wait(timeout=10)
    with ZohoSandbox(data_file=file) as sandbox:
        assert Crm(sandbox.url, tokens).read("Calls", call_id)["id"] == call_id


def test_the_sandbox_needs_neither_django_nor_the_product() -> None:
    check = (
        "import sys, connector.sandbox.zoho;"
        "mine = {m for m in sys.modules if m.startswith(('connector', 'journaling'))};"
        "assert 'django' not in sys.modules;"
        "assert all(m.startswith('connector.sandbox') for m in mine - {'connector'}), mine"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)


def test_an_attempt_to_send_too_much_is_refused(sandbox: ZohoSandbox) -> None:
    header = {"Content-Length": str(10**12)}
    answer = requests.request("PUT", f"{sandbox.url}/crm/v8/Calls", headers=header, timeout=10)
    assert answer.status_code == 413


def test_one_connection_carries_many_requests(crm: Crm) -> None:
    with requests.Session() as session:
        for _ in range(3):
            answer = session.get(f"{crm.url}/oauth/serverinfo", stream=True, timeout=10)
            assert answer.raw.version == 11
            assert answer.content
    assert crm.insert("Calls", CALL).status_code == 201
