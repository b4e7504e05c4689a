"""Who may open what: a row for every address, tried by test_doors.py with everybody.

What stands in braces is one of `things` (tests/fixtures/things.py). The ticket is Carol's; Dan is her colleague and
Eve a stranger, and none of their organizations shares tickets.
"""

from collections.abc import Iterable
from dataclasses import dataclass

EVERYBODY = ("ada", "ben", "bea", "vic", "ines", "carol", "dan", "eve", "nobody")

ALL = frozenset(EVERYBODY)
STAFF = frozenset({"ada", "ben", "bea", "vic", "ines"})
WORKING = STAFF - {"vic"}  # a viewer only looks
SPEAKING = WORKING - {"ines"}  # an internal agent never writes to customers
ADMINISTERING = frozenset({"ada"})
CUSTOMERS = frozenset({"carol", "dan", "eve"})
OWNING = frozenset({"carol"})


@dataclass(frozen=True)
class Row:
    """One address asked in one way: `allowed` get an answer, whatever it says about the form; the others do not."""

    endpoint: str
    method: str
    path: str
    allowed: frozenset[str]
    leads_to_sign_in: bool = False
    is_foreign: bool = False  # the letter of somebody in a frame: no page of ours


def room(name: str, base: str, allowed: Iterable[str], *lines: str, **more: bool) -> list[Row]:
    """Rows of one room from lines such as "POST create /replies"."""
    split = [(*line.split(" "), "")[:3] for line in lines]
    who = frozenset(allowed)
    return [Row(f"{name}.{function}", method, base + path, who, **more) for method, function, path in split]


TICKET, REQUEST, SETTINGS = "/desk/tickets/{number}", "/desk/tickets/{number}/authorizations", "/desk/settings"
MINE, ASKED = "/portal/tickets/{number}", "/portal/tickets/{number}/authorizations"

DESK = [
    *room("desk.tickets", "/desk", STAFF, "GET index", "GET index /tickets"),
    *room("desk.tickets", "/desk", SPEAKING, "GET new /tickets/new", "POST create /tickets"),
    *room(
        "desk.tickets", TICKET, STAFF,
        "GET show", "GET show_history /history", "GET show_neighbour /next", "GET show_neighbour /previous",
        "GET index_properties /properties", "GET show_message /messages/{message}",
        "GET show_event /history/{event}",
        "GET index_earlier /conversation?before={message}", "GET show_presence /presence",
        "POST create_following /following", "POST destroy_following /following/end",
    ),
    *room(
        "desk.tickets", TICKET, WORKING,
        "GET edit /properties/subject", "GET edit /properties/assignee", "GET edit /properties/due_at",
        "POST update /properties/subject", "POST update /properties/due_at", "POST create_assignment /assignment",
        "POST update_group /group", "POST update_status /status", "POST update_tags /tags",
    ),
    *room(
        "desk.tickets", TICKET, SPEAKING,
        "GET edit /properties/visibility", "POST update_visibility /visibility", "POST update_copies /copies",
        "GET edit /properties/cc", "GET edit /properties/requester", "POST update_requester /requester",
        "GET edit /properties/organization", "POST update /properties/organization",
        "GET new_closure /closure", "POST create_closure /closure", "POST create_reopening /reopening",
        "GET new_intervention /interventions", "POST create_intervention /interventions",
    ),
    *room("desk.tickets", "/desk", STAFF, "GET index_bin /bin", "GET show_palette /go", "GET show_keys /keys"),
    *room(
        "desk.tickets", "/desk", STAFF,
        "GET show_news /tickets/news", "GET show_filters /tickets/filters",
        "GET show_columns /tickets/columns",
        "GET show_export /tickets/export", "GET show_search_help /search-help",
        "GET index_views /views", "GET new_view /views/new", "POST create_view /views",
    ),
    *room(
        "desk.tickets", "/desk/views/{view}", {"ben"},
        "GET edit_view", "POST update_view", "POST update_view_place /place", "POST destroy_view /deletion",
    ),
    *room("desk.tickets", "/desk", WORKING, "POST create_batch /batches", "GET show_act /batches/acts/priority"),
    *room("desk.tickets", "/desk/batches/{batch}", {"ben"}, "GET show_batch", "POST create_undo /undo"),
    *room("desk.tickets", "/desk/batches/{draft}", {"ben"}, "GET edit_batch /edit", "POST update_batch"),
    *room("desk.tickets", TICKET, WORKING, "POST update_column /column"),
    *room(
        "desk.tickets", TICKET, SPEAKING,
        "GET new_merger /merger", "POST create_merger /merger", "POST create_separation /separation",
        "GET new_split /split", "POST create_split /split", "POST create_duplicate /duplicate",
        "POST create_joining /joining",
        "GET new_removal /removal", "POST create_removal /removal", "POST create_restoration /restoration",
    ),
    *room(
        "desk.tickets", TICKET, WORKING,
        "GET new_snooze /snooze", "POST create_snooze /snooze", "POST create_draft /drafts",
        "POST destroy_intervention /interventions/1/removal", "GET new_relation /relations",
        "POST create_relation /relations", "POST destroy_relation /relations/1/removal",
    ),
    *room(
        "desk.tickets", TICKET, {"ben"}, "GET edit_message /messages/{note}/edit",
        "POST update_message /messages/{note}",
    ),
    *room("desk.tickets", TICKET, ADMINISTERING, "GET new_purge /purge", "POST create_purge /purge"),
    *room("desk.whatsapp", TICKET, SPEAKING, "GET new /whatsapp", "POST create /whatsapp"),
    *room("desk.messages", TICKET, STAFF, "GET show_letter /messages/{message}/letter", is_foreign=True),
    *room("desk.messages", TICKET, WORKING, "GET new_note /notes", "POST create_note /notes"),
    *room("desk.messages", TICKET, SPEAKING, "POST create_confirmation /messages/{message}/confirmation"),
    *room(
        "desk.messages", TICKET, SPEAKING,
        "GET new /replies", "POST create /replies", "POST create_retry /deliveries/{delivery}/retry",
        "POST create_withdrawal /messages/{message}/withdrawal",
    ),
    *room(
        "desk.authorizations", REQUEST, STAFF,
        "GET show_signature /{signed}/signature.svg", "GET show_certificate /{signed}/certificate",
        "GET show_certificate_file /{signed}/certificate.pdf", "POST create_certificate /{signed}/certificate",
    ),
    *room(
        "desk.authorizations", REQUEST, SPEAKING,
        "GET new", "POST create", "POST create_reminder /{pending}/reminder",
        "POST create_withdrawal /{pending}/withdrawal",
    ),
    *room(
        "desk.attachments", TICKET, STAFF,
        "GET show /attachments/{file}", "GET show_original /attachments/{file}/original",
        "GET show_preview /attachments/{file}/thumbnail", "GET show_preview /attachments/{file}/large",
        "GET show_archive /attachments/{file}/all.zip",
    ),
    *room(
        "desk.documents", TICKET, STAFF,
        "POST create /documents", "GET show /documents/{desk_document}",
        "GET show_file /documents/{desk_document}/file",
    ),
    *room(
        "desk.reports", "/desk/panels", STAFF,
        "GET show", "GET show_table /figures/per-day.csv", "GET new /new", "POST create",
    ),
    *room(
        "desk.reports", "/desk/panels/{panel}", {"ben"},
        "GET show", "GET edit /edit", "POST update", "POST destroy /removal",
    ),
    *room("desk.surveys", TICKET, SPEAKING, "POST create /survey-invitations"),
    *room(
        "desk.organizations", "/desk", STAFF,
        "GET index /organizations", "GET show /organizations/{organization}",
        "GET index_contacts /contacts", "GET show_contact /contacts/{contact}",
        "GET index_equipment /equipment", "GET show_equipment /equipment/{equipment}", "GET show_site /sites/{site}",
    ),
    *room(
        "desk.organizations", "/desk", WORKING,
        "GET new /organizations/new", "POST create /organizations",
        "GET edit /organizations/{organization}/edit", "POST update /organizations/{organization}",
        "GET new_contact /contacts/new", "POST create_contact /contacts",
        "GET edit_contact /contacts/{contact}/edit", "POST update_contact /contacts/{contact}",
        "POST create_contact_mailing /contacts/{contact}/mailing",
        "GET new_equipment /equipment/new", "POST create_equipment /equipment",
        "GET edit_equipment /equipment/{equipment}/edit", "POST update_equipment /equipment/{equipment}",
        "GET new_site /organizations/{organization}/sites/new", "POST create_site /organizations/{organization}/sites",
        "GET edit_site /sites/{site}/edit", "POST update_site /sites/{site}",
    ),
    *room(
        "desk.organizations", "/desk", SPEAKING,
        "POST create_contact_account /contacts/{contact}/account",
        "GET index_links /portal-links", "POST create_link /portal-links",
        "GET show_links /organizations/{organization}/portal-links",
        "POST create_organization_link /organizations/{organization}/portal-links",
        "GET show_site_links /sites/{site}/portal-links", "POST create_site_link /sites/{site}/portal-links",
        "GET show_code /portal-links/{portal_link}/code.svg",
        "POST create_stickers /portal-links/{portal_link}/stickers",
        "GET show_stickers /portal-links/{portal_link}/stickers/{sheet}",
        "GET show_sticker_file /portal-links/{portal_link}/stickers/{sheet}/file",
        "POST create_revocation /portal-links/{spare_link}/revocation",
        "POST create_revocation_of_all /organizations/{rival}/portal-links/revocation",
    ),
    *room(
        "desk.sandbox", "/desk/sandbox", STAFF,
        "GET index", "GET show /inboxes/{address}", "GET show_letter /letters/{letter}",
        "GET show_file /letters/{letter}/files/{place}",
    ),
    *room(
        "desk.sandbox", "/desk/sandbox", WORKING,
        "POST create_answer /letters/{letter}/answers", "GET new /new", "POST create /letters",
    ),
    *room("desk.sandbox", "/desk/sandbox", STAFF, "GET show_body /letters/{letter}/body", is_foreign=True),
    *room(
        "desk.accounts", "/desk/profile", STAFF,
        "GET edit_profile", "POST update_profile", "POST update_password /password",
        "POST destroy_session /sessions/{session}/end",
    ),
]  # fmt: skip

ADMINISTRATION = [
    *room(
        "desk.accounts", SETTINGS, ADMINISTERING,
        "GET index /agents", "GET edit /agents/{agent}", "POST update /agents/{agent}",
        "GET new_invitation /invitations/new", "POST create_invitation /invitations",
        "POST create_invitation_mail /invitations/{invitation}/mail",
        "POST destroy_invitation /invitations/{invitation}/withdrawal",
        "GET index_groups /groups", "GET new_group /groups/new", "POST create_group /groups",
        "GET edit_group /groups/{group}", "POST update_group /groups/{group}",
    ),
    *room(
        "desk.catalog", f"{SETTINGS}/lists", ADMINISTERING,
        "GET index", "GET show /categories", "GET new /categories/new", "POST create /categories",
        "GET edit /categories/{category}", "POST update /categories/{category}",
        "POST update_place /categories/{category}/move", "POST update_switch /categories/{category}/switch",
    ),
    *room(
        "desk.settings", SETTINGS, ADMINISTERING,
        "GET index", "GET edit_section /sections/TicketSettings", "POST update_section /sections/TicketSettings",
        "GET index_companies /companies", "GET new_company /companies/new", "POST create_company /companies",
        "GET edit_company /companies/{company}", "POST update_company /companies/{company}",
        "GET index_looks /looks", "GET edit_look /looks/{company}", "POST update_look /looks/{company}",
        "GET show_draft /looks/{company}/favicon/{look_draft}.png",
        "GET index_templates /templates", "GET new_template /templates/new", "POST create_template /templates",
        "GET edit_template /templates/{template}", "POST update_template /templates/{template}",
        "POST update_template_place /templates/{template}/move",
        "POST update_template_switch /templates/{template}/switch",
        "POST destroy_template /templates/{template}/removal",
        "GET index_letters /letters", "GET edit_letter /letters/tickets.opened/es",
        "POST update_letter /letters/tickets.opened/es",
        "POST create_letter_original /letters/tickets.opened/es/original",
        "GET edit_wire /live", "POST update_wire /live", "POST create_sandbox /sandbox",
        "GET edit_seal /seal", "POST update_seal /seal", "POST create_own_seal /seal/own",
    ),
    *room(
        "desk.settings", f"{SETTINGS}/surveys", ADMINISTERING,
        "GET index_surveys", "GET new_survey /new", "POST create_survey", "GET edit_survey /{survey}",
        "POST update_survey /{survey}", "GET show_survey /{survey}/preview", "POST create_generic /{survey}/generic",
        "POST update_survey_switch /{survey}/switch",
    ),
    *room(
        "desk.settings", f"{SETTINGS}/surveys/{{survey}}/questions", ADMINISTERING,
        "GET new_question /new", "POST create_question", "GET edit_question /{question}",
        "POST update_question /{question}", "POST update_question_place /{question}/move",
        "POST update_question_switch /{question}/switch", "POST destroy_question /{question}/removal",
    ),
    *room(
        "desk.mail", f"{SETTINGS}/mailboxes", ADMINISTERING,
        "GET index", "GET new /new", "POST create", "GET show /{mailbox}", "POST update /{mailbox}",
        "GET show_test /{mailbox}/test",
        "GET new_confirmation /{mailbox}/confirmation", "POST create_confirmation /{mailbox}/confirmation",
        "POST create_draft /{mailbox}/draft", "POST create_fetch /{mailbox}/fetch",
        "GET new_removal /{mailbox}/removal", "POST destroy /{mailbox}/removal",
        "POST create_access /{mailbox}/access", "GET new_consent /access", "POST create_consent /access",
        "GET index_rules /{mailbox}/import-rules", "GET new_rule /{mailbox}/import-rules/new",
        "POST create_rule /{mailbox}/import-rules", "GET edit_rule /{mailbox}/import-rules/{import_rule}",
        "POST update_rule /{mailbox}/import-rules/{import_rule}",
        "POST update_rule_place /{mailbox}/import-rules/{import_rule}/move",
        "POST destroy_rule /{mailbox}/import-rules/{import_rule}/removal",
        "GET edit_provider /providers/google", "POST update_provider /providers/google",
    ),
    *room(
        "desk.mail", f"{SETTINGS}/sending", ADMINISTERING,
        "GET edit_relay", "POST update_relay", "GET show_relay_test /test", "GET index_keys /keys",
        "POST create_relay_draft /draft", "POST create_key /keys",
        "POST create_key_check /keys/{key}/check", "POST update_key_switch /keys/{key}/switch",
        "POST destroy_key /keys/{key}/removal",
    ),
    *room(
        "desk.mail", "/desk/mail/outbox", ADMINISTERING,
        "GET index_outbox", "POST create_outbox_retry /retry", "POST create_delivery_retry /{delivery}/retry",
        "POST create_cancellation /{delivery}/cancellation",
    ),
    *room(
        "desk.mail", "/desk/mail/ledger", ADMINISTERING,
        "GET index_ledger", "GET show_entry /{entry}", "GET show_raw /{entry}/message.eml",
        "GET show_source /{entry}/source", "POST create_processing /{entry}/processing",
        "POST create_discard /{entry}/discard", "POST create_entry_block /{entry}/block",
        "POST create_decision /decision",
    ),
    *room(
        "desk.mail", "/desk/mail", ADMINISTERING,
        "GET index_spam /mailboxes/{mailbox}/spam", "GET index_blocked /blocked", "POST create_block /blocked",
        "POST destroy_block /blocked/{blocked}/removal",
    ),
    *room(
        "desk.dev", "/desk/dev", ADMINISTERING,
        "GET show_patterns /patterns", "GET index_emails /emails", "GET show_email /emails/{delivery}",
    ),
    *room(
        "desk.settings", f"{SETTINGS}/letters/tickets.opened/es", ADMINISTERING,
        "GET show_letter_preview /preview", "POST create_letter_preview /preview", is_foreign=True,
    ),
    *room("desk.dev", "/desk/dev", ADMINISTERING, "GET show_email_body /emails/{delivery}/body", is_foreign=True),
]  # fmt: skip

PORTAL = [
    *room("portal.tickets", "/portal", CUSTOMERS, "GET index", "GET index /tickets"),
    *room(
        "portal.accounts", "/portal/profile", CUSTOMERS,
        "GET edit_profile", "POST update_profile", "POST update_password /password",
        "POST destroy_session /sessions/{session}/end", "POST destroy_sessions /sessions/end",
    ),
    *room("portal.accounts", MINE, OWNING, "POST update_language /language"),
    *room(
        "portal.tickets", MINE, OWNING,
        "GET show", "GET new_closure /closure", "POST create_closure /closure", "POST create_reopening /reopening",
        "POST create_revocation /links/{link}/revocation",
    ),
    *room("portal.messages", MINE, OWNING, "GET index /replies", "POST create /replies"),
    *room(
        "portal.authorizations", ASKED, OWNING,
        "GET show /{pending}", "GET show /{signed}", "GET new_decision /{pending}/sign",
        "POST create_decision /{pending}/decision", "GET new_denial /{pending}/deny",
        "POST create_denial /{pending}/denial", "GET show_signature /{signed}/signature.svg",
        "GET new_choice /{pending}/choice", "POST create_choice /{pending}/choice",
        "GET show_certificate /{signed}/certificate", "GET show_certificate_file /{signed}/certificate.pdf",
        "POST create_certificate /{signed}/certificate",
    ),
    *room(
        "portal.attachments", MINE, OWNING,
        "GET show /attachments/{file}", "GET show_original /attachments/{file}/original",
        "GET show_preview /attachments/{file}/thumbnail", "GET show_preview /attachments/{file}/large",
        "GET show_archive /attachments/{file}/all.zip",
    ),
    *room(
        "portal.documents", MINE, OWNING,
        "POST create /documents", "GET show /documents/{portal_document}",
        "GET show_file /documents/{portal_document}/file",
    ),
]  # fmt: skip

PUBLIC = [
    *room(
        "public.house", "", ALL,
        "GET home /", "POST choose_language /language", "GET style /static/all/of-the-tests.css",
        "GET live /health/live", "GET ready /health/ready", "GET favicon /favicon.ico", "GET show_sandbox /sandbox",
    ),
    *room(
        "public.accounts", "", ALL,
        "GET sign_in /sign-in", "POST create /sign-in", "POST create_link /sign-in/link",
        "GET new /accounts/new", "POST create_account /accounts",
        "GET show_link /sign-in/link/{sign_in_token}", "POST create_by_link /sign-in/link/{sign_in_token}",
    ),
    *room("public.accounts", "", ALL, "POST destroy /sign-out", leads_to_sign_in=True),
    *room("public.branding", "", ALL, "GET show /brand/{logo}.png"),
    *room(
        "public.links", "/p/{portal_token}", ALL,
        "GET show", "POST create /tickets", "GET show_ticket /tickets/{linked}",
        "POST create_reply /tickets/{linked}/replies", "GET show_file /tickets/{linked}/files/{linked_file}",
    ),
    *room("public.attachments", "", ALL, "GET show /inline/{inline}"),
    *room(
        "public.settings", "", ALL,
        "GET new /set-up/{setup_token}", "POST create /set-up/{setup_token}",
        "GET new_agent /invitations/{agent_token}", "POST create_agent /invitations/{agent_token}",
        "GET new_account /accounts/{account_token}", "POST create_account /accounts/{account_token}",
    ),
    *room("public.authorizations", "", ALL, "GET new /verify", "POST create /verify"),
    *room("public.surveys", "", ALL, "GET show /s/{survey_token}", "POST create /s/{survey_token}"),
    *room(
        "public.tickets", "", ALL,
        "GET index /support", "GET new /support/new", "GET show_thanks /support/thanks",
        "GET show_challenge /support/challenge", "GET show_confirmation /support/confirmations/{form_token}",
        "POST create_confirmation /support/confirmations/{form_token}",
        "GET show_link /t/{token}", "POST create_renewal /t/{token}/renewal",
    ),
    *room("public.tickets", "", CUSTOMERS, "POST create /support/new"),  # the setting shipped: registered customers
]  # fmt: skip

ROWS = [*DESK, *ADMINISTRATION, *PORTAL, *PUBLIC]
