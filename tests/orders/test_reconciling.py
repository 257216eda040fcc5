"""The ledger reconciled at night and on demand: what is wrong is kept, told once, and shown."""

from decimal import Decimal

import pytest

from dinamis import figures
from dinamis.outbox import Promise
from orders.ledger import services as ledger
from orders.models import LedgerCheck
from orders.services.purse import reconciling
from orders.tasks import reconcile_ledger
from tests.orders import make
from tests.orders.ledger.conftest import by_hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(reference):
    return make.person("queen", "quota_administrator")


def test_a_right_ledger_is_checked_and_nobody_is_told(year, administrator, mailoutbox):
    reconcile_ledger()
    made = LedgerCheck.objects.get()
    assert (made.faults, made.said, made.movements) == (0, "", 2)
    assert mailoutbox == []
    assert "dinamis_ledger_faults 0.0" in figures.text()


def test_what_is_wrong_is_kept_and_told_to_the_quota_administrators_in_their_language(
    year, administrator, researcher, mailoutbox
):
    # A balance changed behind the ledger's back.
    by_hand("orders_account", "balance = balance + 1", ledger.account_of(year, "budget"))
    made = reconciling.reconcile()
    assert made.faults >= 1
    assert made.said
    assert [mail.to for mail in mailoutbox] == [[administrator.email]]
    assert mailoutbox[0].subject.endswith("The quota's ledger does not balance")
    assert f"dinamis_ledger_faults {float(made.faults)}" in figures.text()


def test_an_administrator_has_it_checked_now_and_reads_the_result(year, administrator, as_):
    page = as_(administrator)
    assert "Not checked yet" in page.get("/quota/periods/").content.decode()
    for _again in range(2):
        assert page.post("/quota/periods/reconcile").status_code == 302
    assert Promise.objects.filter(task=reconciling.TASK).count() == 1
    assert "Being checked" in page.get("/quota/periods/").content.decode()
    reconcile_ledger()
    said = page.get("/quota/periods/").content.decode()
    assert "All balance" in said
    assert "2 movements" in said


def test_it_disturbs_nobody_who_books_meanwhile(year, laboratory):
    purse = ledger.account_of(year, "allotment", laboratory.pk)
    ledger.hold([purse], Decimal(5), line="L-1", key="h", by=make.BY, reason="x")
    assert reconciling.reconcile().faults == 0
