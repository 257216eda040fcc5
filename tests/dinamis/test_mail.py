"""A mail is written once: its subject, HTML and plain text say the same things."""

from django.core import mail as outbox

from dinamis import mail

CONTEXT = {
    "action_url": "https://dinamis.example/x?a=1&b=2",
    "facts": [("Covers your area", "76 %"), ("Purpose", "<script>alert(1)</script> & more")],
}


def test_the_plain_text_says_as_much_as_the_html():
    subject, text, html = mail.render("account/email_confirmation", CONTEXT, "en")
    assert subject == "Yours: prove your address to open your DINAMIS account"
    assert "Covers your area: 76 %" in text
    assert "Confirm my address: https://dinamis.example/x?a=1&b=2" in text
    assert "Until then the account stays closed." in text
    _, french, _ = mail.render("account/email_confirmation", CONTEXT, "fr")
    assert "Confirmer mon adresse\u00a0: https://dinamis.example/x?a=1&b=2" in french
    assert "Covers your area\u00a0: 76 %" in french
    assert "<" not in text.replace("<script>alert(1)</script>", "")
    for said in ("Covers your area", "76 %", "Confirm my address", "Until then the account"):
        assert said in html


def test_what_a_person_wrote_is_never_markup():
    _, _, html = mail.render("account/email_confirmation", CONTEXT, "en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_mail_has_one_button_and_yellow_only_for_the_reader():
    _, _, mine = mail.render("account/email_confirmation", CONTEXT, "en")
    _, _, news = mail.render("account/notice", {"subject": "News", "text": "Changed."}, "en")
    assert mine.count('href="https://dinamis.example/x?a=1&amp;b=2"') == 1
    assert 'bgcolor="#fff6d6"' in mine or "background:#fff6d6" in mine
    assert "background:#fff6d6" not in news


def test_a_sent_mail_carries_both_parts_its_language_and_its_files():
    mail.send(
        "a@example.org",
        "account/notice",
        {"subject": "Sujet\nsuite", "text": "Texte."},
        "fr",
        attachments=[("c.pdf", b"%PDF", "application/pdf")],
    )
    (sent,) = outbox.outbox
    assert sent.subject == "Sujet suite"
    assert sent.to == ["a@example.org"]
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated", "Content-Language": "fr"}
    assert [kind for _, kind in sent.alternatives] == ["text/html"]
    assert sent.attachments == [("c.pdf", b"%PDF", "application/pdf")]


def test_the_mails_of_the_rooms_are_whole():
    subject, text, html = mail.render(
        "accounts_notice",
        {
            "subject": "Yours",
            "paragraphs": ["One.", "Two."],
            "label": "Open",
            "url": "https://d.example/a",
            "facts": [("Key", "Value")],
            "after": ["Once."],
            "reason": "Because",
        },
        "en",
    )
    assert subject == "Yours"
    for said in ("One.", "Two.", "Key", "Value", "Once.", "Because", "https://d.example/a"):
        assert said in text
        assert said in html
