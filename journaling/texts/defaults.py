"""Default journaling texts: those that 3CX ships (V20 form), and their Russian counterparts."""

TAIL = (
    "[LineBreak]Transcription: [Transcription][LineBreak]Summary: [Summary]"
    "[LineBreak]Sentiment: [Sentiment][LineBreak]Recording: [RecordingHyperLink]"
)
CALL_SUBJECT = "3CX PhoneSystem Call"
ANSWERED_INBOUND = (
    "[DateTime]: Answered incoming call from [Number] [Name] to [Agent] ([Duration])" + TAIL
)
MISSED = "[DateTime]: Missed call from [Number] [Name] to [Agent]"
ANSWERED_OUTBOUND = (
    "[DateTime]: Answered outgoing call from [Agent] to [Number] [Name] ([Duration])" + TAIL
)
UNANSWERED_OUTBOUND = "[DateTime]: Unanswered outgoing call from [Agent] to [Number] [Name]"
CHAT_SUBJECT = "3CX PhoneSystem Chat Session"

TAIL_RU = (
    "[LineBreak]Расшифровка: [Transcription][LineBreak]Итог: [Summary]"
    "[LineBreak]Настроение: [Sentiment][LineBreak]Запись: [RecordingHyperLink]"
)
TEXTS = {
    "en": {
        "call_subject": CALL_SUBJECT,
        "answered_inbound": ANSWERED_INBOUND,
        "missed": MISSED,
        "answered_outbound": ANSWERED_OUTBOUND,
        "unanswered_outbound": UNANSWERED_OUTBOUND,
        "chat_subject": CHAT_SUBJECT,
    },
    "ru": {
        "call_subject": "Вызов 3CX",
        "answered_inbound": (
            "[DateTime]: принят входящий вызов от [Number] [Name] на [Agent] ([Duration])" + TAIL_RU
        ),
        "missed": "[DateTime]: пропущен вызов от [Number] [Name] на [Agent]",
        "answered_outbound": (
            "[DateTime]: исходящий вызов от [Agent] на [Number] [Name] ([Duration])" + TAIL_RU
        ),
        "unanswered_outbound": (
            "[DateTime]: исходящий вызов без ответа от [Agent] на [Number] [Name]"
        ),
        "chat_subject": "Чат 3CX",
    },
}
