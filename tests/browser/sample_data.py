"""What the sample site holds: two domains, four destinations, the aliases of one household, and their mail."""

from __future__ import annotations

from dataclasses import dataclass, field

FIRST, SECOND = "taco.example", "family.example.org"
DOMAINS = {FIRST: "Everyday addresses", SECOND: "School, clubs and relatives"}
ALICE, BOB, CAROL, BUCKET = "alice@tacomail", "bob@tacomail", "carol@tacomail", "S3"
ELSEWHERE = "office@example.com"
DESTINATIONS = {
    ALICE: "Alice's mailbox",
    BOB: "Bob's mailbox",
    CAROL: "Carol is away until spring",
    BUCKET: "Kept in the bucket, read now and then",
    ELSEWHERE: "Alice at work",
}
SWITCHED_OFF = CAROL
VIEWER = "vera"
EDITOR = "edith"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class SampleAlias:
    """`mails` is how many came in the last two months, all from `sender`."""

    name: str
    description: str
    sender: str = "shop@example.com"
    mails: int = 0
    state: str = "active"
    destination: str = ALICE
    domain: str = FIRST
    destinations: dict[str, bool] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.name}@{self.domain}"


# The first five are there after the first start of the stack.
SEEDED = (
    SampleAlias("shop", "Shoes and clothes", "orders@shoes.example.com", 16),
    SampleAlias("news", "Newsletters worth reading", "editor@weekly.example.com", 4, destination=BOB),
    SampleAlias("archive", "Receipts for the tax office", "receipts@pay.example.com", 5, destination=BUCKET),
    SampleAlias("quiet", "The raffle at the fair", "prizes@raffle.example.com", 6, state="ignored"),
    SampleAlias("closed", "Old car insurance", "agent@insurance.example.com", 1, state="paused"),
)
MADE = (
    SampleAlias("amber-falcon-42", "Forum about coffee machines", "forum@coffee.example.com", 2),
    SampleAlias("bakery", "Standing order, Saturday rolls", "hello@bakery.example.com", 4),
    SampleAlias("bank", "Only the bank knows this one", "notice@bank.example.com", 3),
    SampleAlias("books.k7tn", "Second-hand books", "market@books.example.com", 1),
    SampleAlias("cinema", "Programme every Thursday", "programme@cinema.example.com", 4, destination=BOB),
    SampleAlias("concerts", "Tickets", "tickets@hall.example.com", 1),
    SampleAlias("dentist", "Reminders", "desk@dentist.example.com", 1),
    SampleAlias("electricity", "Contract 2024, meter in the cellar", "service@power.example.com", 1),
    SampleAlias("flights", "Boarding passes", "noreply@air.example.com", 2, destinations={ALICE: True, BOB: True}),
    SampleAlias("garden", "Seeds and bulbs", "seeds@garden.example.com", 1, destination=CAROL),
    SampleAlias("gym", "They never stop writing", "offers@gym.example.com", 8, state="ignored"),
    SampleAlias("hotel.x4rm", "Weekend by the sea", "booking@hotel.example.com", 1),
    SampleAlias("jobs", "", "alerts@jobs.example.com", 3, state="paused"),
    SampleAlias("library", "Loans and reservations", "loans@library.example.com", 2),
    SampleAlias("lucky-harbor-17", "", "win@lottery.example.com", 0),
    SampleAlias("music", "Streaming, family plan", "billing@music.example.com", 1),
    SampleAlias("parcels", "Deliveries to the neighbour", "track@parcels.example.com", 5),
    SampleAlias("phone", "Mobile contract", "bill@mobile.example.com", 1, destinations={ALICE: True, BUCKET: True}),
    SampleAlias("quick-otter-27", "Trial of a photo program", "team@photo.example.com", 1, state="paused"),
    SampleAlias("trains", "Season ticket", "travel@rail.example.com", 2),
    SampleAlias("work", "Goes on to the office", "boss@example.com", 0, destination=ELSEWHERE),
    SampleAlias("choir", "Rehearsals on Tuesday", "choir@club.example.org", 3, destination=BOB, domain=SECOND),
    SampleAlias("grandma", "Photos of the garden", "grandma@example.org", 1, domain=SECOND),
    SampleAlias(
        "school", "Class 4b", "office@school.example.org", 4, domain=SECOND, destinations={ALICE: True, BOB: True}
    ),
    SampleAlias("swimming", "Course ended in June", "pool@club.example.org", 1, state="paused", domain=SECOND),
    SampleAlias("theatre", "", "stage@club.example.org", 1, state="ignored", domain=SECOND),
)
ALIASES = (*SEEDED, *MADE)
DELETED = (
    SampleAlias("flea-market", "Sold the wardrobe", "buyer@market.example.com", 1),
    SampleAlias("survey.q2hd", "", "ask@survey.example.com", 1, destination=BOB),
)


@dataclass(frozen=True, slots=True)
class SampleMail:
    """One message by SMTP. `verdicts` is what SES is to find, as the local stack takes it."""

    to: tuple[str, ...]
    sender: str
    subject: str
    verdicts: str = ""
    lines: int = 6


TODAY = (
    SampleMail((f"shop@{FIRST}",), "orders@shoes.example.com", "Your order has been sent"),
    SampleMail((f"shop+returns@{FIRST}",), "orders@shoes.example.com", "We have your parcel back"),
    SampleMail((f"parcels@{FIRST}",), "track@parcels.example.com", "Out for delivery today"),
    SampleMail((f"school@{SECOND}",), "office@school.example.org", "Class trip on Friday", lines=40),
    SampleMail((f"archive@{FIRST}",), "receipts@pay.example.com", "Receipt 2025-118", lines=900),
    SampleMail((f"archive@{FIRST}",), "receipts@pay.example.com", "Receipt 2025-119", lines=120),
    SampleMail((f"phone@{FIRST}",), "bill@mobile.example.com", "Your bill for this month", lines=300),
    SampleMail((f"gym@{FIRST}",), "offers@gym.example.com", "Last chance: two months free"),
    SampleMail((f"jobs@{FIRST}",), "alerts@jobs.example.com", "12 new vacancies"),
    SampleMail((f"never-made@{FIRST}",), "list@spam.example.com", "Dear friend"),
    SampleMail(
        (f"news@{FIRST}", f"quiet@{FIRST}", f"closed@{FIRST}"), "editor@weekly.example.com", "This week, in one letter"
    ),
    SampleMail((f"garden@{FIRST}",), "seeds@garden.example.com", "Tulip bulbs are back"),
    SampleMail((f"garden@{FIRST}",), "seeds@garden.example.com", "Your basket is waiting", lines=200),
    SampleMail((f"work@{FIRST}",), "boss@example.com", "Minutes of the meeting", lines=80),
    SampleMail((f"shop@{FIRST}",), "cheap@pills.example.com", "You have won", verdicts="spam=FAIL"),
    SampleMail(
        (f"bank@{FIRST}",), "notice@bank.example.net", "Check your account", verdicts="dmarc=FAIL, policy=reject"
    ),
    SampleMail((f"library@{FIRST}",), "loans@library.example.com", "Invoice attached", verdicts="virus=FAIL"),
    SampleMail((f"grandma@{SECOND}",), "grandma@example.org", "The roses", verdicts="dmarc=FAIL, policy=quarantine"),
)
