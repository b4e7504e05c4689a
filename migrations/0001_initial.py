"""Every table of the first release."""

from app.lib import search
from peewee import *
from app.lib.db import NeverReused, UTCDateTimeField


def up(migrator, db):
    class Person(Model):
        name = CharField(max_length=200)
        email = CharField(unique=True, null=True, max_length=254)
        robot = CharField(unique=True, null=True, max_length=40)
        language = CharField(null=True, max_length=5)
        timezone = CharField(null=True, max_length=60)
        mode = CharField(null=True, max_length=5)
        password_hash = CharField(null=True, max_length=200)
        is_sample = BooleanField(default=False)
        is_active = BooleanField(default=True)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'person'
    db.create_tables([Person])

    class BlockedSender(Model):
        sender = CharField(unique=True, max_length=254)
        by = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'blocked_sender'
    db.create_tables([BlockedSender])

    class OtherAddress(Model):
        person = ForeignKeyField(Person, on_delete='CASCADE')
        address = CharField(unique=True, max_length=254)
        class Meta:
            database = db
            table_name = 'other_address'
    db.create_tables([OtherAddress])

    class Survey(Model):
        title = CharField(max_length=200)
        introduction = TextField(default='')
        is_generic = BooleanField(default=False)
        is_active = BooleanField(default=True)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'survey'
    db.create_tables([Survey])

    class Company(Model):
        name = CharField(max_length=120)
        tagline = CharField(max_length=120, default='')
        address = CharField(max_length=300, default='')
        phone = CharField(max_length=60, default='')
        email = CharField(max_length=254, default='')
        website = CharField(max_length=200, default='')
        theme = CharField(max_length=20, default='tinta')
        language = CharField(max_length=5, default='es')
        timezone = CharField(max_length=60, default='Europe/Madrid')
        is_default = BooleanField(default=False)
        is_active = BooleanField(default=True)
        portal_logo_sha256 = CharField(null=True, max_length=64)
        home_logo_sha256 = CharField(null=True, max_length=64)
        desk_logo_sha256 = CharField(null=True, max_length=64)
        favicon_sha256 = CharField(null=True, max_length=64)
        shapes = JSONField(default=dict)
        class Meta:
            database = db
            table_name = 'company'
    db.create_tables([Company])

    class Organization(Model):
        name = CharField(index=True, max_length=200)
        tax_id = CharField(null=True, max_length=40)
        notes = TextField(default='')
        shares_tickets = BooleanField(default=False)
        is_active = BooleanField(default=True)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'organization'
    db.create_tables([Organization])

    class Counter(Model):
        name = CharField(unique=True, max_length=40)
        value = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'counter'
    db.create_tables([Counter])

    class Group(Model):
        name = CharField(unique=True, max_length=120)
        is_restricted = BooleanField(default=False)
        is_active = BooleanField(default=True)
        position = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'agent_group'
    db.create_tables([Group])

    class Heartbeat(Model):
        name = CharField(unique=True, max_length=40)
        at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'heartbeat'
    db.create_tables([Heartbeat])

    class Justification(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        status = TextField(null=True)
        class Meta:
            database = db
            table_name = 'justification'
    db.create_tables([Justification])

    class LetterWording(Model):
        letter = CharField(max_length=80)
        language = CharField(max_length=5)
        subject = CharField(max_length=300)
        heading = CharField(max_length=300, default='')
        text = TextField()
        changed_at = UTCDateTimeField()
        changed_by = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'letter_wording'
            indexes = ((('letter', 'language'), True),)
    db.create_tables([LetterWording])

    class Lease(Model):
        name = CharField(max_length=60)
        minute = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'lease'
            indexes = ((('name', 'minute'), True),)
    db.create_tables([Lease])

    class TicketType(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'ticket_type'
    db.create_tables([TicketType])

    class Priority(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        level = IntegerField(default=1)
        class Meta:
            database = db
            table_name = 'priority'
    db.create_tables([Priority])

    class Origin(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'origin'
    db.create_tables([Origin])

    class Product(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'product'
    db.create_tables([Product])

    class Relay(Model):
        host = CharField(max_length=200, default='')
        port = IntegerField(default=587)
        security = CharField(max_length=10, default='starttls')
        user = CharField(max_length=254, default='')
        password = TextField(default='')
        bounce_address = CharField(max_length=254, default='')
        state = CharField(max_length=10, default='draft')
        test_steps = JSONField(default=list)
        test_asked_at = UTCDateTimeField(null=True)
        tested_at = UTCDateTimeField(null=True)
        sends_failing_since = UTCDateTimeField(null=True)
        send_failure = TextField(default='')
        class Meta:
            database = db
            table_name = 'relay'
    db.create_tables([Relay])

    class DkimKey(Model):
        domain = CharField(unique=True, max_length=253)
        selector = CharField(max_length=63)
        private_key = TextField()
        txt = TextField()
        is_active = BooleanField(default=False)
        check_asked_at = UTCDateTimeField(null=True)
        checked_at = UTCDateTimeField(null=True)
        is_published = BooleanField(default=False)
        found = TextField(default='')
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'dkim_key'
    db.create_tables([DkimKey])

    class SampleRow(Model):
        kind = CharField(max_length=40)
        row_id = IntegerField()
        class Meta:
            database = db
            table_name = 'sample_row'
            indexes = ((('kind', 'row_id'), True),)
    db.create_tables([SampleRow])

    class SandboxLetter(Model):
        recipient = CharField(max_length=254)
        sender = CharField(max_length=254, default='')
        subject = TextField(default='')
        mail_id = CharField(index=True, max_length=998, default='')
        raw_sha256 = CharField(max_length=64)
        received_at = UTCDateTimeField()
        opened_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'sandbox_letter'
            indexes = ((('recipient', 'received_at'), False),)
    db.create_tables([SandboxLetter])

    class SentForm(Model):
        key = CharField(unique=True, max_length=64)
        at = UTCDateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'sent_form'
    db.create_tables([SentForm])

    class Setting(Model):
        name = CharField(unique=True, max_length=80)
        value = JSONField(null=True)
        changed_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'setting'
    db.create_tables([Setting])

    class Stranger(Model):
        name = CharField(max_length=200)
        email = CharField(unique=True, max_length=254)
        class Meta:
            database = db
            table_name = 'stranger'
    db.create_tables([Stranger])

    class Tag(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'tag'
    db.create_tables([Tag])

    class Agent(Model):
        person = ForeignKeyField(Person, unique=True, on_delete='CASCADE')
        role = CharField(max_length=20, default='agent')
        is_internal = BooleanField(default=False)
        is_available = BooleanField(default=True)
        is_active = BooleanField(default=True)
        title = CharField(max_length=120, default='')
        shortcuts = BooleanField(default=True)
        unwanted = JSONField(default=list)
        class Meta:
            database = db
            table_name = 'agent'
    db.create_tables([Agent])

    class Invitation(Model):
        purpose = CharField(max_length=10)
        nonce = CharField(max_length=32)
        token_hash = CharField(unique=True, null=True, max_length=64)
        person = ForeignKeyField(Person, null=True, on_delete='CASCADE')
        name = CharField(max_length=200, default='')
        email = CharField(max_length=254, default='')
        role = CharField(max_length=20, default='agent')
        is_internal = BooleanField(default=False)
        invited_by = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        created_at = UTCDateTimeField()
        expires_at = UTCDateTimeField()
        spent_at = UTCDateTimeField(null=True)
        withdrawn_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'invitation'
            indexes = ((('purpose', 'spent_at', 'withdrawn_at'), False),)
    db.create_tables([Invitation])

    class SavedView(Model):
        owner = ForeignKeyField(Person, on_delete='CASCADE')
        name = CharField(max_length=80)
        query = TextField(default='')
        is_shared = BooleanField(default=False, index=True)
        position = IntegerField(default=0)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'saved_view'
    db.create_tables([SavedView])

    class Category(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        needs_code = BooleanField(default=False)
        survey = ForeignKeyField(Survey, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'category'
    db.create_tables([Category])

    class Question(Model):
        survey = ForeignKeyField(Survey, on_delete='CASCADE')
        kind = CharField(max_length=10)
        text = CharField(max_length=500)
        choices = JSONField(default=list)
        is_required = BooleanField(default=True)
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'question'
    db.create_tables([Question])

    class Contact(Model):
        person = ForeignKeyField(Person, unique=True, on_delete='CASCADE')
        organization = ForeignKeyField(Organization, null=True, on_delete='SET NULL')
        phone = CharField(max_length=60, default='')
        mobile = CharField(max_length=60, default='')
        position = CharField(max_length=120, default='')
        notes = TextField(default='')
        may_authorize = BooleanField(default=True)
        offered_name = CharField(max_length=200, default='')
        is_bouncing = BooleanField(default=False)
        is_muted = BooleanField(default=False)
        more_phones = TextField(default='')
        class Meta:
            database = db
            table_name = 'contact'
    db.create_tables([Contact])

    class Site(Model):
        organization = ForeignKeyField(Organization, on_delete='CASCADE')
        name = CharField(max_length=200)
        address = CharField(max_length=300, default='')
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'site'
    db.create_tables([Site])

    class PortalLink(Model):
        organization = ForeignKeyField(Organization, null=True, on_delete='CASCADE')
        site = ForeignKeyField(Site, null=True, on_delete='CASCADE')
        note = CharField(max_length=120, default='')
        names_people = BooleanField(default=True)
        nonce = CharField(max_length=32)
        token_hash = CharField(unique=True, null=True, max_length=64)
        created_at = UTCDateTimeField()
        created_by = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        revoked_at = UTCDateTimeField(null=True)
        revoked_by = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'portal_link'
    db.create_tables([PortalLink])

    class PortalLinkUse(Model):
        link = ForeignKeyField(PortalLink, unique=True, on_delete='CASCADE')
        uses = IntegerField(default=0)
        last_used_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'portal_link_use'
    db.create_tables([PortalLinkUse])

    class PortalGuest(Model):
        link = ForeignKeyField(PortalLink, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        nonce = CharField(max_length=32)
        token_hash = CharField(unique=True, null=True, max_length=64)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'portal_guest'
    db.create_tables([PortalGuest])

    class StickerSheet(Model):
        link = ForeignKeyField(PortalLink, on_delete='CASCADE')
        language = CharField(max_length=5)
        sha256 = CharField(index=True, null=True, max_length=64)
        state = CharField(max_length=10, default='pending')
        requested_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'sticker_sheet'
    db.create_tables([StickerSheet])

    class Equipment(Model):
        organization = ForeignKeyField(Organization, null=True, on_delete='RESTRICT')
        site = ForeignKeyField(Site, null=True, on_delete='SET NULL')
        name = CharField(max_length=200)
        brand = CharField(max_length=120, default='')
        model = CharField(max_length=120, default='')
        serial = CharField(index=True, max_length=120)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'equipment'
    db.create_tables([Equipment])

    class GroupMember(Model):
        group = ForeignKeyField(Group, index=False, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'group_member'
            indexes = ((('group', 'person'), True),)
    db.create_tables([GroupMember])

    class ReplyTemplate(Model):
        name = CharField(max_length=120)
        text = TextField()
        use = CharField(max_length=20, default='reply')
        language = CharField(null=True, max_length=5)
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        group = ForeignKeyField(Group, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'reply_template'
    db.create_tables([ReplyTemplate])

    class Service(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        group = ForeignKeyField(Group, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'service'
    db.create_tables([Service])

    class Mailbox(Model):
        name = CharField(max_length=120)
        address = CharField(unique=True, max_length=254)
        kind = CharField(max_length=10, default='imap')
        state = CharField(max_length=10, default='draft')
        is_default = BooleanField(default=False)
        creates = CharField(max_length=10, default='')
        creates_since_uid = BigIntegerField(null=True)
        acknowledges = BooleanField(default=True)
        host = CharField(max_length=200, default='')
        port = IntegerField(default=993)
        security = CharField(max_length=10, default='tls')
        user = CharField(max_length=254, default='')
        signs_in = CharField(max_length=10, default='password')
        password = TextField(default='')
        access = TextField(default='')
        access_code = TextField(default='')
        folder = CharField(max_length=200, default='INBOX')
        after_reading = CharField(max_length=10, default='keep')
        move_to = CharField(max_length=200, default='')
        smtp_host = CharField(max_length=200, default='')
        smtp_port = IntegerField(default=587)
        smtp_security = CharField(max_length=10, default='starttls')
        smtp_user = CharField(max_length=254, default='')
        smtp_password = TextField(default='')
        bounce_address = CharField(max_length=254, default='')
        sends_failing_since = UTCDateTimeField(null=True)
        send_failure = TextField(default='')
        uses_subaddress = BooleanField(default=False)
        authserv_id = CharField(max_length=254, default='')
        company = ForeignKeyField(Company, null=True, on_delete='SET NULL')
        group = ForeignKeyField(Group, null=True, on_delete='SET NULL')
        assignee = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        type = ForeignKeyField(TicketType, null=True, on_delete='SET NULL')
        priority = ForeignKeyField(Priority, null=True, on_delete='SET NULL')
        every_minutes = IntegerField(default=1)
        uidvalidity = BigIntegerField(null=True)
        place = IntegerField(default=0)
        last_uid = BigIntegerField(default=0)
        tidied_uid = BigIntegerField(default=0)
        fetched_at = UTCDateTimeField(null=True)
        claimed_by = CharField(null=True, max_length=120)
        claimed_at = UTCDateTimeField(null=True)
        watched_by = CharField(null=True, max_length=120)
        watched_at = UTCDateTimeField(null=True)
        failing_since = UTCDateTimeField(null=True)
        failure = TextField(default='')
        test_steps = JSONField(default=list)
        test_asked_at = UTCDateTimeField(null=True)
        test_then = CharField(default='', max_length=10)
        tested_at = UTCDateTimeField(null=True)
        confirmed_at = UTCDateTimeField(null=True)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'mailbox'
    db.create_tables([Mailbox])

    class ImportRule(Model):
        mailbox = ForeignKeyField(Mailbox, on_delete='CASCADE')
        name = CharField(max_length=120)
        joined = CharField(max_length=3, default='all')
        conditions = JSONField(default=list)
        company = ForeignKeyField(Company, null=True, on_delete='SET NULL')
        group = ForeignKeyField(Group, null=True, on_delete='SET NULL')
        assignee = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        type = ForeignKeyField(TicketType, null=True, on_delete='SET NULL')
        priority = ForeignKeyField(Priority, null=True, on_delete='SET NULL')
        category = ForeignKeyField(Category, null=True, on_delete='SET NULL')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'import_rule'
    db.create_tables([ImportRule])

    class FetchedMail(Model):
        mailbox = ForeignKeyField(Mailbox, index=False, on_delete='CASCADE')
        uidl = CharField(max_length=100)
        is_to_go = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'fetched_mail'
            indexes = ((('mailbox', 'uidl'), True),)
    db.create_tables([FetchedMail])

    class MailProvider(Model):
        key = CharField(unique=True, max_length=10)
        client_id = CharField(max_length=300, default='')
        client_secret = TextField(default='')
        tenant = CharField(max_length=100, default='')
        authorize_url = CharField(max_length=500, default='')
        token_url = CharField(max_length=500, default='')
        scope = CharField(max_length=500, default='')
        class Meta:
            database = db
            table_name = 'mail_provider'
    db.create_tables([MailProvider])

    class Ticket(Model):
        number = IntegerField(unique=True)
        subject = CharField(max_length=300)
        is_internal = BooleanField(default=False)
        status = CharField(max_length=24, default='open')
        turn = IntegerField(default=1)
        justification = ForeignKeyField(Justification, null=True, index=False, on_delete='SET NULL')
        type = ForeignKeyField(TicketType, null=True, index=False, on_delete='RESTRICT')
        category = ForeignKeyField(Category, null=True, index=False, on_delete='RESTRICT')
        service = ForeignKeyField(Service, null=True, index=False, on_delete='RESTRICT')
        priority = ForeignKeyField(Priority, null=True, index=False, on_delete='RESTRICT')
        product = ForeignKeyField(Product, null=True, index=False, on_delete='RESTRICT')
        origin = ForeignKeyField(Origin, null=True, index=False, on_delete='RESTRICT')
        channel = CharField(max_length=20, default='desk')
        company = ForeignKeyField(Company, index=False, on_delete='RESTRICT')
        group = ForeignKeyField(Group, null=True, index=False, on_delete='SET NULL')
        assignee = ForeignKeyField(Person, null=True, index=False, on_delete='SET NULL')
        requester = ForeignKeyField(Person, null=True, index=False, on_delete='RESTRICT')
        organization = ForeignKeyField(Organization, null=True, index=False, on_delete='SET NULL')
        name = CharField(max_length=200)
        email = CharField(null=True, max_length=254)
        phone = CharField(max_length=60, default='')
        customer_company = CharField(max_length=200, default='')
        equipment = ForeignKeyField(Equipment, null=True, index=False, on_delete='SET NULL')
        serial = CharField(max_length=120, default='')
        sales_order = CharField(max_length=120, default='')
        diagnosis = TextField(default='')
        online_signature = BooleanField(default=True)
        language = CharField(max_length=5, default='es')
        due_at = UTCDateTimeField(null=True)
        due_source = CharField(max_length=10, default='')
        due_order = UTCDateTimeField()
        created_at = UTCDateTimeField()
        active_at = UTCDateTimeField()
        last_heard_at = UTCDateTimeField(null=True)
        first_response_at = UTCDateTimeField(null=True)
        resolved_at = UTCDateTimeField(null=True)
        closed_at = UTCDateTimeField(null=True)
        snippet = CharField(max_length=200, default='')
        has_files = BooleanField(default=False)
        revision = IntegerField(default=1)
        maybe_of = ForeignKeyField('self', null=True, index=False, on_delete='SET NULL')
        merged_into = ForeignKeyField('self', null=True, on_delete='SET NULL')
        removed_at = UTCDateTimeField(index=True, null=True)
        purged_at = UTCDateTimeField(null=True)
        wakes_at = UTCDateTimeField(index=True, null=True)
        mailbox = ForeignKeyField(Mailbox, null=True, index=False, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'ticket'
            indexes = ((('turn', 'due_order', 'id'), False), (('turn', 'active_at', 'id', 'last_heard_at'), False), (('turn', 'created_at', 'id', 'first_response_at'), False), (('assignee', 'turn', 'due_order', 'id', 'priority', 'category', 'type'), False), (('group', 'turn', 'due_order', 'id', 'priority', 'category', 'type'), False), (('status', 'turn', 'due_order', 'id'), False), (('category', 'turn', 'due_order', 'id', 'priority', 'type'), False), (('priority', 'turn', 'due_order', 'id', 'category', 'type'), False), (('requester', 'created_at', 'id', 'turn'), False), (('organization', 'created_at', 'id', 'turn'), False), (('email', 'created_at'), False), (('serial',), False), (('turn', 'closed_at', 'due_at', 'resolved_at'), False), (('type', 'turn'), False), (('service', 'turn'), False), (('product', 'turn'), False), (('origin', 'turn'), False), (('company', 'turn'), False), (('justification', 'turn'), False), (('equipment', 'turn'), False), (('mailbox', 'turn'), False), (('is_internal', 'turn'), False), (('has_files', 'turn'), False), (('online_signature', 'turn'), False), (('language', 'turn'), False))
    db.create_tables([Ticket])

    class Authorization(Model):
        number = IntegerField()
        company_name = CharField(default='', max_length=200)
        text = TextField()
        text_sha256 = CharField(max_length=64)
        items_kept = JSONField(default=list)
        currency = CharField(max_length=3, default='')
        language = CharField(max_length=5, default='es')
        content_sha256 = CharField(max_length=64, default='')
        needs_signature = BooleanField(default=True)
        needs_code = BooleanField(default=False)
        asked_by = ForeignKeyField(Person, on_delete='RESTRICT')
        asked_of = ForeignKeyField(Person, on_delete='RESTRICT')
        valid_until = UTCDateTimeField(null=True)
        state = CharField(max_length=12, default='pending')
        created_at = UTCDateTimeField()
        reminded_at = UTCDateTimeField(null=True)
        ended_at = UTCDateTimeField(null=True)
        ended_by = ForeignKeyField(Person, null=True, on_delete='RESTRICT')
        ticket = ForeignKeyField(Ticket, index=False, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'authorization'
            indexes = ((('ticket', 'number'), True), (('state', 'created_at'), False))
    db.create_tables([Authorization])

    class Event(Model):
        id = NeverReused()
        kind = CharField(max_length=60)
        at = UTCDateTimeField()
        about_kind = CharField(null=True, max_length=40)
        about_id = IntegerField(null=True)
        details = JSONField(default=dict)
        is_public = BooleanField(default=False)
        held_until = UTCDateTimeField(null=True)
        reacted = JSONField(default=list)
        settled_at = UTCDateTimeField(null=True)
        by = ForeignKeyField(Person, null=True, on_delete='RESTRICT')
        ticket = ForeignKeyField(Ticket, null=True, index=False, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'event'
            indexes = ((('ticket', 'at'), False), (('kind', 'settled_at', 'at'), False))
    db.create_tables([Event])

    class Message(Model):
        id = NeverReused()
        author = ForeignKeyField(Person, null=True, on_delete='RESTRICT')
        author_name = CharField(max_length=200, default='')
        is_public = BooleanField(default=True)
        is_incoming = BooleanField(default=False)
        is_automatic = BooleanField(default=False)
        channel = CharField(max_length=20, default='desk')
        purpose = CharField(max_length=20, default='')
        text = TextField(default='')
        html = TextField(null=True)
        quoted = TextField(default='')
        fold = CharField(max_length=10, default='')
        mail_id = CharField(index=True, null=True, max_length=998)
        references = TextField(default='')
        author_address = CharField(max_length=254, default='')
        claim = CharField(max_length=12, default='')
        proof = CharField(max_length=10, default='')
        held_until = UTCDateTimeField(index=True, null=True)
        created_at = UTCDateTimeField()
        said_at = UTCDateTimeField()
        edited_at = UTCDateTimeField(null=True)
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        origin = ForeignKeyField(Ticket, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'message'
            indexes = ((('ticket', 'said_at'), False),)
    db.create_tables([Message])

    class HeldForm(Model):
        nonce = CharField(max_length=32)
        token_hash = CharField(unique=True, null=True, max_length=64)
        email = CharField(index=True, max_length=254)
        told = JSONField()
        draft_key = CharField(max_length=64)
        language = CharField(max_length=5)
        created_at = UTCDateTimeField(index=True)
        expires_at = UTCDateTimeField()
        spent_at = UTCDateTimeField(null=True)
        ticket = ForeignKeyField(Ticket, null=True, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'held_form'
    db.create_tables([HeldForm])

    class PersonalLink(Model):
        person = ForeignKeyField(Person, on_delete='CASCADE')
        nonce = CharField(max_length=32)
        token_hash = CharField(unique=True, null=True, max_length=64)
        created_at = UTCDateTimeField()
        expires_at = UTCDateTimeField()
        revoked_at = UTCDateTimeField(null=True)
        revoked_by = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'personal_link'
    db.create_tables([PersonalLink])

    class SurveyInvitation(Model):
        survey = ForeignKeyField(Survey, on_delete='RESTRICT')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        nonce = CharField(max_length=32)
        token_hash = CharField(unique=True, null=True, max_length=64)
        created_at = UTCDateTimeField()
        expires_at = UTCDateTimeField()
        answered_at = UTCDateTimeField(null=True, index=True)
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'survey_invitation'
    db.create_tables([SurveyInvitation])

    class TicketCopy(Model):
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'ticket_copy'
            indexes = ((('ticket', 'person'), True),)
    db.create_tables([TicketCopy])

    class TicketDocument(Model):
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        revision = IntegerField()
        face = CharField(max_length=10)
        language = CharField(max_length=5)
        timezone = CharField(max_length=60)
        look = CharField(max_length=16, default='')
        reader = IntegerField(default=0)
        sha256 = CharField(index=True, null=True, max_length=64)
        size = IntegerField(default=0)
        state = CharField(max_length=10, default='pending')
        requested_at = UTCDateTimeField()
        made_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'ticket_document'
            indexes = ((('ticket', 'revision', 'face', 'language', 'timezone', 'look', 'reader'), True),)
    db.create_tables([TicketDocument])

    class TicketFollower(Model):
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'ticket_follower'
            indexes = ((('ticket', 'person'), True),)
    db.create_tables([TicketFollower])

    class TicketMerge(Model):
        source = ForeignKeyField(Ticket, on_delete='CASCADE')
        target = ForeignKeyField(Ticket, on_delete='CASCADE')
        by = ForeignKeyField(Person, on_delete='RESTRICT')
        at = UTCDateTimeField()
        moved = JSONField(default=dict)
        undone_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'ticket_merge'
    db.create_tables([TicketMerge])

    class TicketRelation(Model):
        kind = CharField(max_length=12)
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        other = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'ticket_relation'
            indexes = ((('ticket', 'other'), True),)
    db.create_tables([TicketRelation])

    class CustomField(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
        kind = CharField(max_length=10, default='text')
        choices = JSONField(default=list)
        type = ForeignKeyField(TicketType, null=True, on_delete='CASCADE')
        is_required = BooleanField(default=False)
        on_form = BooleanField(default=False)
        for_customers = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'custom_field'
    db.create_tables([CustomField])

    class CustomValue(Model):
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        field = ForeignKeyField(CustomField, index=False, on_delete='CASCADE')
        text = TextField()
        key = CharField(max_length=80)
        turn = IntegerField()
        class Meta:
            database = db
            table_name = 'custom_value'
            indexes = ((('ticket', 'field'), True), (('field', 'key', 'turn', 'ticket'), False))
    db.create_tables([CustomValue])

    class Presence(Model):
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        at = UTCDateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'presence'
            indexes = ((('ticket', 'person'), True),)
    db.create_tables([Presence])

    class Draft(Model):
        person = ForeignKeyField(Person, on_delete='CASCADE')
        kind = CharField(max_length=10)
        text = TextField()
        copies = JSONField()
        key = CharField(max_length=64)
        at = UTCDateTimeField()
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'draft'
            indexes = ((('ticket', 'person', 'kind'), True),)
    db.create_tables([Draft])

    class Intervention(Model):
        by = ForeignKeyField(Person, on_delete='RESTRICT')
        by_name = CharField(max_length=200)
        text = TextField()
        done_at = UTCDateTimeField()
        minutes = IntegerField()
        created_at = UTCDateTimeField()
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'intervention'
            indexes = ((('ticket', 'done_at'), False),)
    db.create_tables([Intervention])

    class MessageVersion(Model):
        message = ForeignKeyField(Message, on_delete='CASCADE')
        text = TextField()
        written_at = UTCDateTimeField()
        was_sent = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'message_version'
    db.create_tables([MessageVersion])

    class TicketRead(Model):
        ticket = ForeignKeyField(Ticket, unique=True, on_delete='CASCADE')
        at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'ticket_read'
    db.create_tables([TicketRead])

    class TicketTag(Model):
        ticket = ForeignKeyField(Ticket, index=False, on_delete='CASCADE')
        tag = ForeignKeyField(Tag, index=False, on_delete='CASCADE')
        turn = IntegerField()
        class Meta:
            database = db
            table_name = 'ticket_tag'
            indexes = ((('ticket', 'tag'), True), (('tag', 'turn', 'ticket'), False))
    db.create_tables([TicketTag])

    class Attachment(Model):
        sha256 = CharField(index=True, max_length=64)
        name = CharField()
        content_type = CharField(max_length=100, default='application/octet-stream')
        size = IntegerField()
        is_image = BooleanField(default=False)
        is_inline = BooleanField(default=False)
        is_drawn = BooleanField(default=False)
        danger = CharField(null=True, max_length=10)
        content_id = CharField(default='')
        created_at = UTCDateTimeField(index=True)
        draft_key = CharField(index=True, null=True, max_length=64)
        uploader = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        authorization = ForeignKeyField(Authorization, null=True, on_delete='CASCADE')
        message = ForeignKeyField(Message, null=True, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'attachment'
    db.create_tables([Attachment])

    class LedgerEntry(Model):
        mailbox = ForeignKeyField(Mailbox, null=True, index=False, on_delete='SET NULL')
        source = CharField(max_length=20, default='imap')
        place = IntegerField(default=0)
        uidvalidity = BigIntegerField(default=0)
        uid = BigIntegerField(null=True)
        raw_sha256 = CharField(max_length=64)
        only_headers = BooleanField(default=False)
        fingerprint = CharField(max_length=64, default='')
        size = IntegerField(default=0)
        envelope_from = CharField(max_length=254, default='')
        received_at = UTCDateTimeField()
        fetched_at = UTCDateTimeField()
        mail_id = CharField(index=True, max_length=998, default='')
        from_address = CharField(max_length=254, default='')
        from_name = CharField(max_length=200, default='')
        subject = CharField(max_length=998, default='')
        outcome = CharField(max_length=12, default='new')
        cause = CharField(max_length=60, default='')
        detail = TextField(default='')
        excerpt = TextField(default='')
        proof = CharField(max_length=10, default='')
        tries = IntegerField(default=0)
        is_forced = BooleanField(default=False)
        claimed_by = CharField(null=True, max_length=120)
        claimed_at = UTCDateTimeField(null=True)
        processed_at = UTCDateTimeField(null=True)
        message = ForeignKeyField(Message, null=True, on_delete='SET NULL')
        ticket = ForeignKeyField(Ticket, null=True, on_delete='SET NULL')
        maybe_ticket = ForeignKeyField(Ticket, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'ledger_entry'
            indexes = ((('mailbox', 'place', 'uidvalidity', 'uid'), True), (('outcome', 'id'), False), (('mailbox', 'id'), False), (('raw_sha256',), False), (('from_address', 'fetched_at'), False))
    db.create_tables([LedgerEntry])

    class Batch(Model):
        act = CharField(max_length=12)
        details = JSONField(default={})
        query = TextField(default='')
        state = CharField(max_length=10, default='waiting')
        total = IntegerField(default=0)
        done = IntegerField(default=0)
        refused = IntegerField(default=0)
        was_cut = BooleanField(default=False)
        created_at = UTCDateTimeField()
        claimed_at = UTCDateTimeField(null=True)
        ended_at = UTCDateTimeField(null=True)
        by = ForeignKeyField(Person, on_delete='CASCADE')
        undoes = ForeignKeyField('self', null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'batch'
    db.create_tables([Batch])

    class BatchItem(Model):
        batch = ForeignKeyField(Batch, index=False, on_delete='CASCADE')
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        state = CharField(max_length=8, default='waiting')
        before = JSONField(null=True)
        after = JSONField(null=True)
        refusal = CharField(max_length=300, default='')
        class Meta:
            database = db
            table_name = 'batch_item'
            indexes = ((('batch', 'state', 'id'), False),)
    db.create_tables([BatchItem])

    class SearchEntry(Model):
        is_public = BooleanField(default=False)
        is_own = BooleanField(default=False)
        body = TextField()
        message = ForeignKeyField(Message, null=True, on_delete='CASCADE')
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'search_entry'
    db.create_tables([SearchEntry])

    class Delivery(Model):
        id = NeverReused()
        letter = CharField(max_length=80)
        about_kind = CharField(null=True, max_length=40)
        about_id = IntegerField(null=True)
        to_name = CharField(max_length=200, default='')
        to_address = CharField(max_length=254)
        language = CharField(max_length=5)
        mail_id = CharField(unique=True, null=True)
        in_reply_to = CharField(null=True, max_length=998)
        references = TextField(default='')
        is_automatic = CharField(max_length=20, default='')
        wire = CharField(max_length=10)
        state = CharField(max_length=12, default='waiting')
        due_at = UTCDateTimeField()
        attempts = IntegerField(default=0)
        claimed_by = CharField(null=True, max_length=120)
        claimed_at = UTCDateTimeField(null=True)
        is_dead = BooleanField(default=False)
        answer = TextField(default='')
        sent_at = UTCDateTimeField(null=True)
        created_at = UTCDateTimeField()
        person = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        event = ForeignKeyField(Event, null=True, index=False, on_delete='SET NULL')
        link = ForeignKeyField(PersonalLink, null=True, on_delete='SET NULL')
        message = ForeignKeyField(Message, null=True, on_delete='CASCADE')
        ticket = ForeignKeyField(Ticket, null=True, index=False, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'delivery'
            indexes = ((('state', 'due_at'), False), (('state', 'id'), False), (('to_address', 'id'), False), (('ticket', 'created_at'), False), (('event', 'person', 'letter'), True))
    db.create_tables([Delivery])

    class Session(Model):
        key_hash = CharField(unique=True, max_length=64)
        person = ForeignKeyField(Person, on_delete='CASCADE')
        started_at = UTCDateTimeField()
        expires_at = UTCDateTimeField()
        ended_at = UTCDateTimeField(null=True)
        ip = CharField(max_length=45, default='')
        user_agent = CharField(max_length=300, default='')
        mail = ForeignKeyField(Delivery, null=True, index=False, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'session'
    db.create_tables([Session])

    class LinkedTicket(Model):
        ticket = ForeignKeyField(Ticket, unique=True, on_delete='CASCADE')
        link = ForeignKeyField(PortalLink, null=True, on_delete='SET NULL')
        guest = ForeignKeyField(PortalGuest, null=True, on_delete='SET NULL')
        organization = ForeignKeyField(Organization, null=True, on_delete='CASCADE')
        site = ForeignKeyField(Site, null=True, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'linked_ticket'
    db.create_tables([LinkedTicket])

    class LinkUse(Model):
        link = ForeignKeyField(PersonalLink, unique=True, on_delete='CASCADE')
        uses = IntegerField(default=0)
        last_used_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'link_use'
    db.create_tables([LinkUse])

    class Answer(Model):
        invitation = ForeignKeyField(SurveyInvitation, on_delete='CASCADE')
        question = ForeignKeyField(Question, on_delete='RESTRICT')
        text = TextField(default='')
        number = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'answer'
    db.create_tables([Answer])

    class Decision(Model):
        outcome = CharField(max_length=12)
        text = TextField()
        text_sha256 = CharField(max_length=64)
        agreement = TextField()
        agreement_sha256 = CharField(max_length=64)
        reasons = TextField(default='')
        item_reasons = JSONField(default=dict)
        person = ForeignKeyField(Person, on_delete='RESTRICT')
        name = CharField(max_length=200)
        address = CharField(max_length=254)
        decided_at = UTCDateTimeField()
        local_time = CharField(max_length=40)
        timezone = CharField(max_length=60)
        language = CharField(max_length=5)
        way = CharField(max_length=10)
        mail_id = CharField(default='')
        mail_answer = TextField(default='')
        code_mail_id = CharField(max_length=255, default='')
        code_confirmed_at = UTCDateTimeField(null=True)
        ip = CharField(max_length=45, default='')
        user_agent = CharField(max_length=300, default='')
        signature_kind = CharField(max_length=6, default='')
        signature = TextField(default='')
        signature_sha256 = CharField(max_length=64, default='')
        salt = CharField(max_length=32)
        erased_at = UTCDateTimeField(null=True)
        erased_mac = CharField(default='', max_length=64)
        delivery = ForeignKeyField(Delivery, null=True, on_delete='SET NULL')
        session = ForeignKeyField(Session, null=True, on_delete='SET NULL')
        link = ForeignKeyField(PersonalLink, null=True, on_delete='SET NULL')
        authorization = ForeignKeyField(Authorization, unique=True, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'decision'
    db.create_tables([Decision])

    class Panel(Model):
        person = ForeignKeyField(Person, index=False, on_delete='CASCADE')
        title = CharField(max_length=80)
        cards = JSONField(default=list)
        position = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'panel'
            indexes = ((('person', 'position'), False),)
    db.create_tables([Panel])

    class DecisionCode(Model):
        authorization = ForeignKeyField(Authorization, index=False, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        nonce = CharField(max_length=32)
        wrong = IntegerField(default=0)
        created_at = UTCDateTimeField()
        used_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'decision_code'
            indexes = ((('authorization', 'created_at'), False),)
    db.create_tables([DecisionCode])

    class EvidenceHead(Model):
        name = CharField(max_length=20, unique=True)
        number = IntegerField(default=0)
        sha256 = CharField(max_length=64)
        mac = CharField(max_length=64, default='')
        class Meta:
            database = db
            table_name = 'evidence_head'
    db.create_tables([EvidenceHead])

    class EvidenceRecord(Model):
        number = IntegerField(unique=True)
        decision = ForeignKeyField(Decision, unique=True, on_delete='RESTRICT')
        payload = TextField()
        sha256 = CharField(max_length=64, unique=True)
        mac = CharField(max_length=64)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'evidence_record'
    db.create_tables([EvidenceRecord])

    class Seal(Model):
        fingerprint = CharField(max_length=64, unique=True)
        pem = TextField()
        subject = CharField(max_length=300)
        issuer = CharField(max_length=300)
        not_before = UTCDateTimeField()
        not_after = UTCDateTimeField()
        is_own = BooleanField(default=True)
        is_current = BooleanField(default=False)
        file = CharField(max_length=80)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'seal'
    db.create_tables([Seal])

    class Certificate(Model):
        decision = ForeignKeyField(Decision, unique=True, on_delete='CASCADE')
        state = CharField(max_length=10, default='pending')
        sha256 = CharField(max_length=64, null=True, index=True)
        mac = CharField(default='', max_length=64)
        size = IntegerField(default=0)
        seal = ForeignKeyField(Seal, null=True, on_delete='RESTRICT')
        level = CharField(max_length=3, default='')
        tries = IntegerField(default=0)
        requested_at = UTCDateTimeField()
        made_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'certificate'
            indexes = ((('state', 'requested_at'), False),)
    db.create_tables([Certificate])

    search.prepare(db)
