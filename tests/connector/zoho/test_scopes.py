"""What was given, measured against what is needed."""

from connector.zoho.scopes import SCOPES, missing_scopes, split_scopes


def test_nothing_is_missing_when_all_was_given() -> None:
    assert missing_scopes(SCOPES) == []


def test_what_was_not_given_is_named() -> None:
    given = [scope for scope in SCOPES if scope != "ZohoCRM.coql.READ"]
    assert missing_scopes(given) == ["ZohoCRM.coql.READ"]


def test_a_wider_scope_covers_a_narrower_one() -> None:
    missing = missing_scopes(["zohocrm.modules.all", "ZohoCRM.settings.ALL"])
    assert missing == [
        "ZohoSearch.securesearch.READ",
        "ZohoCRM.coql.READ",
        "ZohoCRM.users.READ",
        "ZohoCRM.org.READ",
    ]


def test_a_weaker_operation_does_not_cover_all_of_them() -> None:
    assert "ZohoCRM.modules.calls.ALL" in missing_scopes(["ZohoCRM.modules.calls.READ"])


def test_zohos_answer_is_split_at_blanks_and_commas() -> None:
    assert split_scopes("ZohoCRM.org.READ ZohoCRM.users.READ,ZohoCRM.coql.READ") == [
        "ZohoCRM.org.READ",
        "ZohoCRM.users.READ",
        "ZohoCRM.coql.READ",
    ]
