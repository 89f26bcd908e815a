"""Things that can happen at a PBX: a handful for the demo, or any number of mixed ones."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from connector.sandbox.pbx.happenings import Call, Chat, Extension, Leg

# People and companies who are always in the sandbox's Zoho (zoho.names), as a trunk sends them.
KNOWN_NUMBERS = (
    "+441632960010",
    "+441632960011",
    "+442079460100",
    "+493023125117",
    "+74950123456",
    "+12125550134",
    "+441632960022",
    "+14155550177",
)
WITHHELD = ("anonymous", "Private", "")
TYPES = ("Inbound", "Missed", "Outbound", "Notanswered")
QUEUES = ("", "", "800")
RECORDING = "https://pbx.example/webclient/#/recordings/{}"


def list_demo(staff: Sequence[Extension], *, now: datetime) -> list[Call | Chat]:
    """Five calls and a chat, the last one just over. `staff` holds at least two."""
    first, second = staff[:2]
    ada, kate = "+441632960011", "+442079460100"
    tom, zoe = "+441632960022", "+14155550177"
    return [
        Call(
            number=ada,
            legs=(_make_leg("Inbound", first, now, minutes_ago=50, seconds=185),),
            recording_url=RECORDING.format(1),
            transcription="Ada: Has my order left?\nAgent: This morning.",
            summary="Ada Lane asked about her order; it left this morning.",
        ),
        Call(
            number=tom,
            legs=tuple(
                _make_leg("Missed", one, now, minutes_ago=40, seconds=20) for one in staff[:2]
            ),
            queue="800",
        ),
        Call(number=zoe, legs=(_make_leg("Outbound", second, now, minutes_ago=30, seconds=65),)),
        Call(number=tom, legs=(_make_leg("Notanswered", first, now, minutes_ago=20, seconds=25),)),
        Call(
            number=kate,
            legs=(_make_leg("Inbound", second, now, minutes_ago=10, seconds=42),),
        ),
        Chat(
            number=ada,
            email="ada@lane.example",
            visitor="Ada Lane",
            extension=first,
            started_at=now - timedelta(minutes=4),
            seconds=180,
            messages="Ada Lane: Are you open on Saturday?\nAgent: From nine to one.",
        ),
    ]


def mix_plays(
    staff: Sequence[Extension], *, calls: int, chats: int, seed: int, now: datetime
) -> Iterator[Call | Chat]:
    """Calls of all four types from known, unknown and withheld numbers, then chats.

    The same seed gives the same sequence before `now`; no two begin in the same second.
    """
    random = Random(seed)  # noqa: S311  for repeatable tests, not for secrets
    start = now - timedelta(minutes=1)
    for count in range(calls):
        start -= timedelta(seconds=random.randint(11, 40))
        yield _mix_call(random, staff, start=start, kind=TYPES[count % len(TYPES)])
    for count in range(chats):
        start -= timedelta(seconds=random.randint(11, 40))
        yield _mix_chat(random, staff, start=start, count=count)


def _mix_call(random: Random, staff: Sequence[Extension], *, start: datetime, kind: str) -> Call:
    answered = kind in ("Inbound", "Outbound")
    inbound = kind in ("Inbound", "Missed")
    seconds = random.randint(5, 600) if answered else random.randint(5, 40)
    number = _pick_number(random, can_be_withheld=inbound)
    leg = Leg(type=kind, extension=random.choice(staff), started_at=start, seconds=seconds)
    with_recording = answered and random.random() < 0.5
    return Call(
        number=number,
        legs=(leg,),
        queue=random.choice(QUEUES) if inbound else "",
        recording_url=RECORDING.format(random.randint(1, 9999)) if with_recording else "",
        summary="They talked about an order." if with_recording else "",
    )


def _mix_chat(random: Random, staff: Sequence[Extension], *, start: datetime, count: int) -> Chat:
    by_number = random.random() < 0.5
    return Chat(
        number=_pick_number(random, can_be_withheld=False) if by_number else "",
        email="" if by_number else f"visitor{random.randint(1, 999)}@mail.example",
        visitor=f"Visitor {count + 1}",
        extension=random.choice(staff),
        started_at=start,
        seconds=random.randint(20, 900),
        messages="Visitor: Hello 👋\nAgent: Hello, how can I help?",
    )


def _pick_number(random: Random, *, can_be_withheld: bool) -> str:
    """Mostly known ones; unknown ones stand in a range kept free for fiction."""
    chance = random.random()
    if can_be_withheld and chance < 0.1:
        return random.choice(WITHHELD)
    if chance < 0.65:
        return random.choice(KNOWN_NUMBERS)
    return f"+44113496{random.randint(0, 999):04}"


def _make_leg(
    kind: str, extension: Extension, now: datetime, *, minutes_ago: int, seconds: int
) -> Leg:
    start = now - timedelta(minutes=minutes_ago)
    return Leg(type=kind, extension=extension, started_at=start, seconds=seconds)
