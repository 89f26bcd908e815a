"""What the portal itself says inside Zoho, in the language of the connection.

Not gettext: the language is the connection's, not that of whoever looks at a page.
"""

PHRASES = {
    "en": {
        "also_rang": "Also rang: {agents}",
        "other_leg": (
            "Also answered: [Agent] ([Duration])[LineBreak]Transcription: [Transcription]"
            "[LineBreak]Summary: [Summary][LineBreak]Sentiment: [Sentiment]"
            "[LineBreak]Recording: [RecordingUrl]"
        ),
        "recording": "Recording: {url}",
        "page": "Details: {url}",
        "former_stays": "Somebody changed the earlier record, so it stays in Zoho as well: {url}",
        "missed_stays": "Somebody changed the missed call, so it stays in Zoho as well: {url}",
        "follow_up_subject": "Call back: [Name] [Number]",
        "follow_up_text": (
            "[DateTime]: Missed call from [Number] [Name][LineBreak]Queue: [QueueExtension]"
            "[LineBreak]Nobody has spoken with the caller since. This task closes itself when "
            "somebody does."
        ),
        "reached": "Extension {agent} has spoken with the caller.",
        "rest_follows": "(Shortened here; the whole text is in the notes.)",
        "rest_attached": "(Shortened here; the whole text is attached.)",
        "whole_text": "Whole text of {field}",
        "whole_text_part": "Whole text of {field}, {part} of {parts}",
        "chat_text": (
            "[DateTime]: Chat with [Name] [Number] [Email] ([Duration])[LineBreak]"
            "Agent: [Agent] [AgentFirstName] [AgentLastName][LineBreak][ChatMessages]"
        ),
        "sample_name": "Ann Example",
        "sample_agent": "Bob Agent",
        "sample_transcription": "Good morning. I would like to order.",
        "sample_summary": "An order was placed.",
        "sample_sentiment": "Positive",
        "sample_messages": "Ann Example: Hello\nBob Agent: Good morning",
    },
    "ru": {
        "also_rang": "Также звонил у: {agents}",
        "other_leg": (
            "Также отвечал: [Agent] ([Duration])[LineBreak]Расшифровка: [Transcription]"
            "[LineBreak]Итог: [Summary][LineBreak]Настроение: [Sentiment]"
            "[LineBreak]Запись: [RecordingUrl]"
        ),
        "recording": "Запись: {url}",
        "page": "Подробности: {url}",
        "former_stays": "Прежнюю запись кто-то изменил, поэтому она тоже остаётся в Zoho: {url}",
        "missed_stays": "Пропущенный вызов кто-то изменил, поэтому он тоже остаётся в Zoho: {url}",
        "follow_up_subject": "Перезвонить: [Name] [Number]",
        "follow_up_text": (
            "[DateTime]: пропущенный вызов от [Number] [Name][LineBreak]Очередь: [QueueExtension]"
            "[LineBreak]С тех пор с этим абонентом никто не говорил. Задача закроется сама, когда "
            "кто-нибудь с ним поговорит."
        ),
        "reached": "С абонентом поговорил добавочный {agent}.",
        "rest_follows": "(Здесь сокращено; весь текст в примечаниях.)",
        "rest_attached": "(Здесь сокращено; весь текст во вложении.)",
        "whole_text": "Весь текст поля {field}",
        "whole_text_part": "Весь текст поля {field}, часть {part} из {parts}",
        "chat_text": (
            "[DateTime]: чат с [Name] [Number] [Email] ([Duration])[LineBreak]"
            "Агент: [Agent] [AgentFirstName] [AgentLastName][LineBreak][ChatMessages]"
        ),
        "sample_name": "Анна Иванова",
        "sample_agent": "Пётр Петров",
        "sample_transcription": "Доброе утро. Хочу сделать заказ.",
        "sample_summary": "Сделан заказ.",
        "sample_sentiment": "Позитивное",
        "sample_messages": "Анна Иванова: Здравствуйте\nПётр Петров: Доброе утро",
    },
}


def say(key: str, *, language: str, **facts: object) -> str:
    """The phrase with its facts filled in; raises KeyError for an unknown key or language."""
    return PHRASES[language][key].format(**facts)
