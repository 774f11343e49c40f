"""What a report says of the laboratory, its customer and what was handed over with the device."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class AccreditationEntry(Struct, frozen=True, omit_defaults=True):
    """The laboratory's accreditation; without it a report says that it is not an accredited one."""

    body: str
    number: str
    scope: str
    standard: str


class CustomerEntry(Struct, frozen=True, omit_defaults=True):
    """Who ordered the report."""

    name: str
    contact: str | None = None


class PlanEntry(Struct, frozen=True, omit_defaults=True):
    """The test plan that the run followed."""

    id: str
    version: str | None = None


class LabEntry(Struct, frozen=True, omit_defaults=True):
    """Who answers for the report, as the bench file says; empty where none was named."""

    name: str | None = None
    address: str | None = None
    location: str | None = None
    accreditation: AccreditationEntry | None = None
    tester: str | None = None
    approver: str | None = None
    customer: CustomerEntry | None = None
    plan: PlanEntry | None = None
    amends: str | None = None
    """The report that this one corrects."""


class NoteEntry(Struct, frozen=True, omit_defaults=True):
    """A note of the operator: on a device, on a case, or (None) on the run."""

    about: str | None
    text: str
    grade: Literal["told"] | None = None
    """`told`: a person's answer to a question of a case. It is testimony, and below every grade of a fact."""


class PhotographEntry(Struct, frozen=True, omit_defaults=True):
    """A photograph of a device, a file of the run's folder."""

    device: str
    file: str
    picture: Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+=*$")] | None = None
    """As it stands in the page: a JPEG of at most 100 kB in base64; None where the run kept none."""


class SubmissionEntry(Struct, frozen=True):
    """One item of the submission checklist. `value` None: missing. `by`: who told it."""

    section: str
    item: str
    value: str | None
    by: Literal["run", "device", "laboratory", "customer"]
