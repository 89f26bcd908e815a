"""Which fields of the connection's page appear with which switch."""

CREATES = "(contact_creation || unknown_numbers == 'create')"

CONDITIONS = {
    **dict.fromkeys(
        [
            "call_subject",
            "answered_inbound",
            "missed",
            "answered_outbound",
            "unanswered_outbound",
            "legs",
            "send_transcript",
            "send_summary",
            "send_sentiment",
            "send_recording_link",
            "contact_parent",
            "automations_calls",
            "layout_calls",
            "fields_calls",
        ],
        "calls_enabled",
    ),
    **dict.fromkeys(
        ["chats_store_as", "chat_subject", "send_chat_text", "automations_chats"],
        "chats_enabled",
    ),
    **dict.fromkeys(["layout_tasks", "fields_tasks"], "chats_enabled || follow_up_enabled"),
    "create_for": "unknown_numbers == 'create'",
    **dict.fromkeys(
        ["follow_up_hours", "work_days", "work_from", "work_until", "holidays"],
        "follow_up_enabled",
    ),
    "fresh_minutes": (
        "(calls_enabled && automations_calls == 'fresh')"
        " || (chats_enabled && automations_chats == 'fresh')"
    ),
    "matching_digits": "matching_strategy == 'last_digits'",
    "create_as": CREATES,
    **dict.fromkeys(["layout_contact", "fields_contact"], f"{CREATES} && create_as == 'contact'"),
    **dict.fromkeys(["layout_lead", "fields_lead"], f"{CREATES} && create_as == 'lead'"),
}
