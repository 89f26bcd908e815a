"""Words out of which the fake people are made, and the few people on whom one can rely.

All numbers stand in ranges that regulators keep free for fiction or that are not given out.
"""

from dataclasses import dataclass

STAFF = (  # e-mail name, full name, status, confirmed; the first one is the administrator
    ("integration", "Integration User", "active", True),
    ("ann", "Ann Carter", "active", True),
    ("boss", "Bernard Voss", "active", True),
    ("head", "Helen Adair", "active", True),
    ("ben", "Ben Okafor", "active", True),
    ("carla", "Carla Ruiz", "active", True),
    ("dmitri", "Дмитрий Орлов", "active", True),
    ("eva", "Eva Lindqvist", "active", True),
    ("farid", "Farid Haddad", "active", True),
    ("grace", "Grace Müller", "active", True),
    ("new", "Nina Ewart", "active", False),
    ("left", "Leo Marsh", "disabled", True),
)


@dataclass(frozen=True)
class Known:
    """A person who is there in every organisation, whatever its size."""

    module: str
    first: str
    last: str
    company: str
    phones: dict[str, str]


KNOWN_COMPANIES = {
    "Lane & Sons": "+44 1632 960010",
    "Harbour Foods": "+44 20 7946 0100",
    "Berger GmbH": "030 / 23125-0",
    "ООО Ромашка": "+7 495 012-34-50",
}
KNOWN_PEOPLE = (
    Known("Contacts", "Ada", "Lane", "Lane & Sons", {"Phone": "+441632960011"}),
    Known("Contacts", "Kate", "Marsh", "Harbour Foods", {"Phone": "+44 (0)20 7946 0100"}),
    Known("Contacts", "Paul", "Ash", "Harbour Foods", {"Mobile": "020 7946 0100 ext. 12"}),
    Known("Contacts", "Max", "Berger", "Berger GmbH", {"Phone": "030 23125-117"}),
    Known("Contacts", "Ирина", "Соколова", "ООО Ромашка", {"Mobile": "8 (495) 012-34-56"}),
    Known("Contacts", "Sam", "Reed", "", {"Mobile": "(212) 555-0134", "Fax": "+12125550135"}),
    Known("Leads", "Tom", "Hale", "Hale Bikes", {"Phone": "01632 960022"}),
    Known("Leads", "Zoë", "Quinn", "Quinn Studio", {"Mobile": "+1 415 555 0177"}),
)
CONVERTED_LEAD = Known("Leads", "Nora", "Field", "Field & Co", {"Phone": "01632960033"})


def list_words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES = list_words(
    "Alice Amir Anna Bruno Clara Daniel Elif Emma Felix Fiona George Hana Hugo Ines Ivan Jana "
    "Jonas Julia Karim Lea Liam Lina Lucas Marta Mia Nadia Noah Nora Olga Oscar Paula Peter "
    "Priya Rosa Samir Sofia Stefan Tara Theo Victor Wanda Yara"
)
LAST_NAMES = list_words(
    "Abbott Adler Baker Bauer Bennett Braun Castro Chen Costa Dalton Dietz Ellis Ferrari Fischer "
    "Gordon Grant Haas Hughes Ibrahim Jansen Keller Khan Koch Kumar Larsen Lopez Maier Morris "
    "Novak Okoye Owens Patel Quist Reyes Rossi Schulz Silva Stone Sutton Tanaka Vogel Walsh "
    "Weber Young Zimmer"
)
CYRILLIC_FIRST_NAMES = list_words(
    "Алексей Борис Виктор Григорий Игорь Максим Олег Павел Сергей Юрий"
)
CYRILLIC_LAST_NAMES = list_words("Белов Волков Зайцев Козлов Лебедев Морозов Новиков Петров")
TRADES = list_words("Bakery Bikes Books Clinic Design Foods Garden Hotels Logistics Motors Tools")
LEGAL_FORMS = ("Ltd", "GmbH", "Inc", "& Co", "AG", "LLC")
TITLES = ("Owner", "Buyer", "Head of Sales", "Accountant", "Office Manager", "Engineer")
