"""Every table of the first release."""

from app.lib import search
from peewee import *
from app.lib.db import UTCDateTimeField


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

    class Session(Model):
        key_hash = CharField(unique=True, max_length=64)
        person = ForeignKeyField(Person, on_delete='CASCADE')
        started_at = UTCDateTimeField()
        expires_at = UTCDateTimeField()
        ended_at = UTCDateTimeField(null=True)
        ip = CharField(max_length=45, default='')
        user_agent = CharField(max_length=300, default='')
        class Meta:
            database = db
            table_name = 'session'
    db.create_tables([Session])

    class Category(Model):
        key = CharField(unique=True, null=True, max_length=40)
        name = CharField(null=True, max_length=120)
        color = CharField(max_length=12, default='')
        position = IntegerField(default=0)
        is_active = BooleanField(default=True)
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
        class Meta:
            database = db
            table_name = 'contact'
    db.create_tables([Contact])

    class Equipment(Model):
        organization = ForeignKeyField(Organization, null=True, on_delete='RESTRICT')
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
        group = ForeignKeyField(Group, on_delete='CASCADE')
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
        creates_since_uid = IntegerField(null=True)
        acknowledges = BooleanField(default=True)
        host = CharField(max_length=200, default='')
        port = IntegerField(default=993)
        security = CharField(max_length=10, default='tls')
        user = CharField(max_length=254, default='')
        password = TextField(default='')
        folder = CharField(max_length=200, default='INBOX')
        after_reading = CharField(max_length=10, default='keep')
        move_to = CharField(max_length=200, default='')
        smtp_host = CharField(max_length=200, default='')
        smtp_port = IntegerField(default=587)
        smtp_security = CharField(max_length=10, default='starttls')
        smtp_user = CharField(max_length=254, default='')
        smtp_password = TextField(default='')
        uses_subaddress = BooleanField(default=False)
        authserv_id = CharField(max_length=254, default='')
        company = ForeignKeyField(Company, null=True, on_delete='SET NULL')
        group = ForeignKeyField(Group, null=True, on_delete='SET NULL')
        assignee = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        type = ForeignKeyField(TicketType, null=True, on_delete='SET NULL')
        priority = ForeignKeyField(Priority, null=True, on_delete='SET NULL')
        every_minutes = IntegerField(default=1)
        uidvalidity = IntegerField(null=True)
        last_uid = IntegerField(default=0)
        fetched_at = UTCDateTimeField(null=True)
        claimed_by = CharField(null=True, max_length=120)
        claimed_at = UTCDateTimeField(null=True)
        failing_since = UTCDateTimeField(null=True)
        failure = TextField(default='')
        test_steps = JSONField(default=list)
        tested_at = UTCDateTimeField(null=True)
        confirmed_at = UTCDateTimeField(null=True)
        created_at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'mailbox'
    db.create_tables([Mailbox])

    class Ticket(Model):
        number = IntegerField(unique=True)
        subject = CharField(max_length=300)
        is_internal = BooleanField(default=False)
        status = CharField(max_length=24, default='open')
        turn = IntegerField(default=1)
        justification = ForeignKeyField(Justification, null=True, on_delete='SET NULL')
        type = ForeignKeyField(TicketType, null=True, on_delete='RESTRICT')
        category = ForeignKeyField(Category, null=True, on_delete='RESTRICT')
        service = ForeignKeyField(Service, null=True, on_delete='RESTRICT')
        priority = ForeignKeyField(Priority, null=True, on_delete='RESTRICT')
        product = ForeignKeyField(Product, null=True, on_delete='RESTRICT')
        origin = ForeignKeyField(Origin, null=True, on_delete='RESTRICT')
        channel = CharField(max_length=20, default='desk')
        company = ForeignKeyField(Company, on_delete='RESTRICT')
        group = ForeignKeyField(Group, null=True, on_delete='SET NULL')
        assignee = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        requester = ForeignKeyField(Person, null=True, on_delete='RESTRICT')
        organization = ForeignKeyField(Organization, null=True, on_delete='SET NULL')
        name = CharField(max_length=200)
        email = CharField(null=True, max_length=254)
        phone = CharField(max_length=60, default='')
        customer_company = CharField(max_length=200, default='')
        equipment = ForeignKeyField(Equipment, null=True, on_delete='SET NULL')
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
        mailbox = ForeignKeyField(Mailbox, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'ticket'
            indexes = ((('turn', 'due_order', 'id'), False), (('turn', 'active_at', 'id'), False), (('turn', 'created_at', 'id'), False), (('assignee', 'turn', 'due_order', 'id'), False), (('group', 'turn', 'due_order', 'id'), False), (('status', 'due_order', 'id'), False), (('category', 'turn', 'due_order', 'id'), False), (('priority', 'turn', 'due_order', 'id'), False), (('requester', 'created_at', 'id'), False), (('organization', 'created_at', 'id'), False), (('email', 'created_at'), False), (('serial',), False))
    db.create_tables([Ticket])

    class Authorization(Model):
        number = IntegerField()
        text = TextField()
        text_sha256 = CharField(max_length=64)
        needs_signature = BooleanField(default=True)
        asked_by = ForeignKeyField(Person, on_delete='RESTRICT')
        asked_of = ForeignKeyField(Person, on_delete='RESTRICT')
        valid_until = UTCDateTimeField(null=True)
        state = CharField(max_length=12, default='pending')
        created_at = UTCDateTimeField()
        reminded_at = UTCDateTimeField(null=True)
        ended_at = UTCDateTimeField(null=True)
        ended_by = ForeignKeyField(Person, null=True, on_delete='RESTRICT')
        ticket = ForeignKeyField(Ticket, on_delete='RESTRICT')
        class Meta:
            database = db
            table_name = 'authorization'
            indexes = ((('ticket', 'number'), True), (('state', 'created_at'), False))
    db.create_tables([Authorization])

    class Event(Model):
        kind = CharField(max_length=60)
        at = UTCDateTimeField()
        about_kind = CharField(null=True, max_length=40)
        about_id = IntegerField(null=True)
        details = JSONField(default=dict)
        is_public = BooleanField(default=False)
        reacted = JSONField(default=list)
        settled_at = UTCDateTimeField(null=True)
        by = ForeignKeyField(Person, null=True, on_delete='RESTRICT')
        ticket = ForeignKeyField(Ticket, null=True, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'event'
            indexes = ((('ticket', 'at'), False), (('kind', 'settled_at', 'at'), False))
    db.create_tables([Event])

    class Message(Model):
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
        mail_id = CharField(index=True, null=True, max_length=998)
        references = TextField(default='')
        proof = CharField(max_length=10, default='')
        created_at = UTCDateTimeField()
        said_at = UTCDateTimeField()
        edited_at = UTCDateTimeField(null=True)
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'message'
            indexes = ((('ticket', 'said_at'), False),)
    db.create_tables([Message])

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
        answered_at = UTCDateTimeField(null=True)
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'survey_invitation'
    db.create_tables([SurveyInvitation])

    class TicketCopy(Model):
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        person = ForeignKeyField(Person, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'ticket_copy'
            indexes = ((('ticket', 'person'), True),)
    db.create_tables([TicketCopy])

    class TicketDocument(Model):
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        revision = IntegerField()
        face = CharField(max_length=10)
        language = CharField(max_length=5)
        timezone = CharField(max_length=60)
        sha256 = CharField(index=True, null=True, max_length=64)
        size = IntegerField(default=0)
        state = CharField(max_length=10, default='pending')
        requested_at = UTCDateTimeField()
        made_at = UTCDateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'ticket_document'
            indexes = ((('ticket', 'revision', 'face', 'language', 'timezone'), True),)
    db.create_tables([TicketDocument])

    class TicketRead(Model):
        ticket = ForeignKeyField(Ticket, unique=True, on_delete='CASCADE')
        at = UTCDateTimeField()
        class Meta:
            database = db
            table_name = 'ticket_read'
    db.create_tables([TicketRead])

    class TicketTag(Model):
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        tag = ForeignKeyField(Tag, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'ticket_tag'
            indexes = ((('ticket', 'tag'), True), (('tag', 'ticket'), False))
    db.create_tables([TicketTag])

    class Attachment(Model):
        sha256 = CharField(index=True, max_length=64)
        name = CharField()
        content_type = CharField(max_length=100, default='application/octet-stream')
        size = IntegerField()
        is_image = BooleanField(default=False)
        is_inline = BooleanField(default=False)
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
        mailbox = ForeignKeyField(Mailbox, null=True, on_delete='SET NULL')
        source = CharField(max_length=20, default='imap')
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
            indexes = ((('mailbox', 'uidvalidity', 'uid'), True), (('outcome', 'fetched_at'), False), (('mailbox', 'fetched_at'), False), (('raw_sha256',), False), (('from_address', 'fetched_at'), False))
    db.create_tables([LedgerEntry])

    class SearchEntry(Model):
        is_public = BooleanField(default=False)
        body = TextField()
        message = ForeignKeyField(Message, null=True, on_delete='CASCADE')
        ticket = ForeignKeyField(Ticket, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'search_entry'
    db.create_tables([SearchEntry])

    class Delivery(Model):
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
        answer = TextField(default='')
        sent_at = UTCDateTimeField(null=True)
        created_at = UTCDateTimeField()
        person = ForeignKeyField(Person, null=True, on_delete='SET NULL')
        event = ForeignKeyField(Event, null=True, on_delete='SET NULL')
        message = ForeignKeyField(Message, null=True, on_delete='CASCADE')
        link = ForeignKeyField(PersonalLink, null=True, on_delete='SET NULL')
        ticket = ForeignKeyField(Ticket, null=True, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'delivery'
            indexes = ((('state', 'due_at'), False), (('ticket', 'created_at'), False), (('event', 'person', 'letter'), True))
    db.create_tables([Delivery])

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
        attachments = JSONField(default=list)
        reasons = TextField(default='')
        person = ForeignKeyField(Person, on_delete='RESTRICT')
        name = CharField(max_length=200)
        address = CharField(max_length=254)
        decided_at = UTCDateTimeField()
        timezone = CharField(max_length=60)
        language = CharField(max_length=5)
        way = CharField(max_length=10)
        mail_id = CharField(default='')
        mail_answer = TextField(default='')
        ip = CharField(max_length=45, default='')
        user_agent = CharField(max_length=300, default='')
        signature_kind = CharField(max_length=6, default='')
        signature = TextField(default='')
        signature_sha256 = CharField(max_length=64, default='')
        salt = CharField(max_length=32)
        delivery = ForeignKeyField(Delivery, null=True, on_delete='SET NULL')
        session = ForeignKeyField(Session, null=True, on_delete='SET NULL')
        authorization = ForeignKeyField(Authorization, unique=True, on_delete='RESTRICT')
        link = ForeignKeyField(PersonalLink, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'decision'
    db.create_tables([Decision])

    search.prepare(db)
