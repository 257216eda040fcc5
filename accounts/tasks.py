"""The room's work done later: each task takes ids, finds, calls one service, and may run twice."""

from allauth.account.models import EmailAddress
from celery import shared_task

from accounts.models import (
    Affiliation,
    AffiliationEvent,
    ApiKey,
    Change,
    ChangeEvent,
    DataExport,
    Digest,
    LicenceNotice,
    MailedLink,
    Membership,
    MembershipEvent,
    Merger,
    OpinionEvent,
    Organisation,
    Partner,
    Receipt,
    Reminder,
    Review,
    ReviewAct,
    User,
    WebhookEvent,
)
from accounts.services import mailing, telling
from accounts.services.licences import heads, licence_notices, receipts
from accounts.services.membership import (
    certificates,
    changes,
    dossier_reminders,
    memberships,
    opinions,
)
from accounts.services.notices import digests
from accounts.services.people import (
    account_mail,
    exports,
    invitations,
    reminders,
    reviews,
    sleeping,
)
from accounts.services.programs import api_keys, grants, linked_accounts, linking
from accounts.services.webhooks import calling
from dinamis import retention


@shared_task(name="accounts.tasks.send_link")
def send_link(pk: int) -> None:
    mailing.send_link(MailedLink.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_membership")
def tell_membership(pk: int) -> None:
    mailing.tell_membership(MembershipEvent.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_opinion")
def tell_opinion(pk: int) -> None:
    mailing.tell_opinion(OpinionEvent.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_reminder")
def tell_reminder(pk: int) -> None:
    mailing.tell_reminder(Reminder.objects.get(pk=pk))


@shared_task(name="accounts.tasks.certify")
def certify(pk: int) -> None:
    membership = Membership.objects.get(pk=pk)
    made = {kind: certificates.certify(membership, kind) for kind in certificates.KINDS}
    mailing.tell_activation(membership, made)


@shared_task(name="accounts.tasks.tell_affiliation")
def tell_affiliation(pk: int) -> None:
    mailing.tell_affiliation(AffiliationEvent.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_change")
def tell_change(pk: int) -> None:
    mailing.tell_change(ChangeEvent.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_merger")
def tell_merger(pk: int) -> None:
    mailing.tell_merger(Merger.objects.get(pk=pk))


@shared_task(name="accounts.tasks.clock")
def clock() -> None:
    """Every hour: let forgotten dossiers lapse, end memberships whose day has passed, give up
    opinions that did not come, remind, ask for changed licences."""
    memberships.lapse_overdue()
    memberships.expire_ended()
    opinions.fall_silent_overdue()
    dossier_reminders.send_due()
    licence_notices.ask_again()
    changes.lapse_overdue()
    grants.forget_expired()
    linked_accounts.mend()


@shared_task(name="accounts.tasks.tell_licence")
def tell_licence(pk: int) -> None:
    licence_notices.tell(LicenceNotice.objects.select_related("licence", "user").get(pk=pk))


@shared_task(name="accounts.tasks.send_receipt")
def send_receipt(pk: int) -> None:
    receipts.send(Receipt.objects.select_related("signature__text__licence").get(pk=pk))


@shared_task(name="accounts.tasks.note_head")
def note_head() -> None:
    heads.note()


@shared_task(name="accounts.tasks.belonging_clock")
def belonging_clock() -> None:
    """Every hour: what time does to affiliations, keys and accounts. Each thing is told once."""
    reminders.end_due()
    reminders.announce_ends()
    reminders.remind_requests()
    reminders.escalate_requests()
    reminders.remind_changes()
    reminders.escalate_changes()
    invitations.expire_overdue()
    reviews.open_due()
    reviews.remind()
    reviews.escalate()
    sleeping.warn()
    sleeping.close_sleeping()
    api_keys.announce_expiries()


@shared_task(name="accounts.tasks.check_rights")
def check_rights() -> None:
    """Every night: whatever stands without a membership is reported to the desk."""
    telling.strays()


@shared_task(name="accounts.tasks.apply_review_act")
def apply_review_act(pk: int) -> None:
    reviews.apply(ReviewAct.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_review")
def tell_review(pk: int, what: str) -> None:
    telling.review(Review.objects.get(pk=pk), what)


@shared_task(name="accounts.tasks.tell_end_near")
def tell_end_near(pk: int) -> None:
    telling.end_near(Affiliation.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_request_waits")
def tell_request_waits(pk: int) -> None:
    telling.request_waits(Affiliation.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_request_escalated")
def tell_request_escalated(pk: int) -> None:
    telling.request_escalated(Affiliation.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_change_waits")
def tell_change_waits(pk: int) -> None:
    telling.change_waits(Change.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_change_escalated")
def tell_change_escalated(pk: int) -> None:
    telling.change_escalated(Change.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_sleeping")
def tell_sleeping(pk: int) -> None:
    telling.sleeping_account(User.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_closed")
def tell_closed(pk: int) -> None:
    telling.closed(User.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_key_expires")
def tell_key_expires(pk: int) -> None:
    telling.key_expires(ApiKey.objects.get(pk=pk))


@shared_task(name="accounts.tasks.tell_key_revoked")
def tell_key_revoked(pk: int) -> None:
    telling.key_revoked(ApiKey.objects.get(pk=pk))


@shared_task(name="accounts.tasks.promise_digests")
def promise_digests() -> None:
    digests.promise()


@shared_task(name="accounts.tasks.send_digest")
def send_digest(pk: int) -> None:
    digests.send(Digest.objects.select_related("user").get(pk=pk))


@shared_task(name="accounts.tasks.call_webhook")
def call_webhook(pk: int) -> None:
    calling.perform(pk)


@shared_task(name="accounts.tasks.tell_webhook")
def tell_webhook(pk: int) -> None:
    telling.webhook_stopped(WebhookEvent.objects.get(pk=pk))


@shared_task(name="accounts.tasks.mail_confirmation")
def mail_confirmation(pk: int, signup: bool) -> None:
    account_mail.send_confirmation(EmailAddress.objects.get(pk=pk), signup=signup)


@shared_task(name="accounts.tasks.mail_password_reset")
def mail_password_reset(pk: int, email: str) -> None:
    account_mail.send_password_reset(User.objects.get(pk=pk), email)


@shared_task(name="accounts.tasks.mail_already_exists")
def mail_already_exists(email: str, language: str) -> None:
    account_mail.send_already_exists(email, language)


@shared_task(name="accounts.tasks.mail_unknown")
def mail_unknown(email: str, language: str) -> None:
    account_mail.send_unknown(email, language)


@shared_task(name="accounts.tasks.mail_notice")
def mail_notice(email: str, subject: str, text: str, language: str) -> None:
    account_mail.send_notice(email, subject, text, language)


@shared_task(name="accounts.tasks.link_account")
def link_account(pk: int) -> None:
    linking.perform(pk)


@shared_task(name="accounts.tasks.settle_people")
def settle_people(pk: int) -> None:
    linked_accounts.settle_people(Organisation.objects.get(pk=pk))


@shared_task(name="accounts.tasks.compare_partner")
def compare_partner(pk: int) -> None:
    linking.compare(Partner.objects.get(pk=pk))


@shared_task(name="accounts.tasks.make_export")
def make_export(pk: int) -> None:
    exports.make(DataExport.objects.get(pk=pk))


@shared_task(name="accounts.tasks.forget_copies")
def forget_copies() -> None:
    exports.forget(retention.BATCH)


@shared_task(name="accounts.tasks.tell_export")
def tell_export(pk: int) -> None:
    exports.tell(DataExport.objects.get(pk=pk))
