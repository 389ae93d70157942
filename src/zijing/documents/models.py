"""Official documents: their templates, their life, their numbers, who receives them, the numbers printed in them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.journal.models import PathField
from zijing.people.access import Actor
from zijing.people.models import Post, Unit
from zijing.places.models import Place
from zijing.records.models import in_language

READ = "documents.read"
# Whoever has one of these works on documents before they are issued.
WORKING = ("documents.write", "documents.check", "documents.sign", "documents.issue")


class Sort(models.TextChoices):
    """What a document is, which decides its form (党政机关公文处理工作条例 中办发〔2012〕14号, 第八条)."""

    NOTICE = "notice", _("notice")
    BULLETIN = "bulletin", _("bulletin")
    REPORT = "report", _("report")
    REQUEST = "request", _("request")
    REPLY = "reply", _("reply")
    MINUTES = "minutes", _("minutes")
    BRIEF = "brief", _("brief")


class TemplateQuerySet(models.QuerySet["Template"]):
    """Reads of templates: those of packs are everybody's, an office's own are seen inside it."""

    def visible_to(self, actor: Actor) -> "TemplateQuerySet":
        return self.filter(Q(office=None) | Q(office=actor.office_id))


class Template(models.Model):
    """The text of a document with its placeholders: from a pack, or an office's own version of it.

    ``step`` is the period such a document speaks of; ``word`` stands before the year in its number (代字), ``{}``
    in it for the office's first character; ``fits`` names, by blanks, the nouns and kinds of the records it may be
    about; ``reply_days`` are the working days within which whoever receives it replies (0: no reply). ``version``
    rises with the text.
    """

    office = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    sort = models.CharField(max_length=10, choices=Sort.choices)
    layout = models.CharField(max_length=10, default="document")
    step = models.CharField(max_length=10, blank=True)
    word = models.CharField(max_length=20, blank=True)
    heading_zh = models.CharField(max_length=200)
    heading_en = models.CharField(max_length=200, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    sealed = models.BooleanField(default=True)
    upward = models.BooleanField(default=False)
    reply_days = models.PositiveSmallIntegerField(default=0)
    fits = models.CharField(max_length=200, blank=True, default="", db_default="")
    source = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(office=None), name="one_template_of_packs"),
            models.UniqueConstraint(fields=["office", "key"], name="one_template_of_an_office"),
        ]

    def __str__(self) -> str:
        return in_language(self.title_zh, self.title_en)

    def text(self, language: str) -> str:
        """The text in a language; Chinese where there is no other."""
        return self.text_zh if language.startswith("zh") or not self.text_en else self.text_en

    def heading(self, language: str) -> str:
        """The title of its documents in a language, with its placeholders."""
        return self.heading_zh if language.startswith("zh") or not self.heading_en else self.heading_en


class Stage(models.TextChoices):
    """Where a document is in its life."""

    DRAFT = "draft", _("draft")
    CHECKING = "checking", _("being checked")
    SIGNING = "signing", _("for signature")
    SIGNED = "signed", _("signed")
    ISSUED = "issued", _("issued")
    ARCHIVED = "archived", _("archived")
    VOID = "void", _("void")


OUT = (Stage.ISSUED, Stage.ARCHIVED, Stage.VOID)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads of documents."""

    def visible_to(self, actor: Actor) -> "DocumentQuerySet":
        """What was issued in the office for whoever may read, everything for whoever works on documents there, and
        what was sent to the actor's unit. Offices below are read from above once issued.
        """
        seen = Q(recipients__unit=actor.unit_id, number__isnull=False) if actor.unit_id else Q(pk__in=[])
        if actor.may(READ) and actor.path:
            seen |= Q(path__startswith=actor.office_path, number__isnull=False)
        if any(actor.may(right) for right in WORKING):
            seen |= Q(office=actor.office_id)
        return self.filter(pk__in=self.model._default_manager.filter(seen).values("pk"))


class Document(models.Model):
    """One document. ``text`` holds placeholders while it is worked on; ``content`` is what is printed, once frozen.

    ``place`` and the days ``since`` to ``until`` are what its numbers speak of. ``word``, ``year`` and ``number`` are
    its number, given when it is issued and never before: there are no gaps. ``reply_by`` is when replies are due.
    ``digest`` covers the frozen content; ``journal_seq`` says how long the office's journal was then.
    """

    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    path = PathField(max_length=200)
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="+")
    template_version = models.PositiveIntegerField(default=1)
    sort = models.CharField(max_length=10, choices=Sort.choices)
    layout = models.CharField(max_length=10)
    language = models.CharField(max_length=8, default="zh-hans")
    title = models.CharField(max_length=200)
    text = models.TextField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    word = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    urgency = models.CharField(max_length=10, blank=True)
    secrecy = models.CharField(max_length=20, blank=True)
    copies_to = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=200, blank=True)
    sealed = models.BooleanField(default=True)
    upward = models.BooleanField(default=False)
    addressed_to = models.CharField(max_length=300, blank=True)
    reply_days = models.PositiveSmallIntegerField(default=0)
    reply_by = models.DateField(null=True)
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    journal_seq = models.BigIntegerField(default=0)
    drafted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    checked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    client_id = models.UUIDField(unique=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "word", "year", "number"], name="one_document_per_number"),
        ]
        indexes = [
            models.Index(fields=["office", "stage", "-id"], name="document_of_stage"),
            models.Index(fields=["about_type", "about_id"], name="document_about"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_frozen(self) -> bool:
        """Whether what is printed stands fast."""
        return self.stage not in {Stage.DRAFT, Stage.VOID} or bool(self.content)


class Series(models.Model):
    """The numbers of an office's documents with one word in one year: ``last`` is the highest given.

    Document numbers follow each other without gaps, year by year (GB/T 9704-2012, 7.2.5).
    """

    office = models.ForeignKey(Place, models.PROTECT, related_name="+")
    word = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "word", "year"], name="one_series_per_word_and_year")]

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.last}"


class OfDocumentQuerySet(models.QuerySet["models.Model"]):
    """Reads of what belongs to documents."""

    def visible_to(self, actor: Actor) -> "OfDocumentQuerySet":
        return self.filter(document__in=Document.objects.visible_to(actor).values("pk"))


class Step(models.Model):
    """One step of a document's life: who, when, from where to where, and why it was sent back."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    from_stage = models.CharField(max_length=10, choices=Stage.choices)
    to_stage = models.CharField(max_length=10, choices=Stage.choices)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    objects = OfDocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["document", "id"], name="step_of_document")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.verb}"


class Recipient(models.Model):
    """A unit a document is for: when it confirmed the receipt, until when it replies, and what it replied.

    What it owes is a record of a floor above (``owed_type``, ``owed_id``): a commitment with the same deadline.
    """

    class Part(models.TextChoices):
        MAIN = "main", _("main recipient")
        COPY = "copy", _("copy")

    document = models.ForeignKey(Document, models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    part = models.CharField(max_length=4, choices=Part.choices, default=Part.MAIN)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    owed_type = models.CharField(max_length=40, blank=True)
    owed_id = models.BigIntegerField(null=True)

    objects = OfDocumentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "unit"], name="one_receipt_per_unit")]
        indexes = [models.Index(fields=["unit", "replied_at"], name="recipient_of_unit")]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.unit_id}"


class Quoted(models.Model):
    """A number as a document prints it, frozen: how it was asked for, what it was, and the records behind it then.

    ``spans`` are the days of each count it is made of; ``evidence`` holds, compressed, for each of them the ids and
    revisions of the records counted, by figure. In a table or chart every number printed is one of its own:
    ``written`` is the placeholder of the whole, ``form`` one of ``answers.CELL``, ``REST`` and ``BAR``.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="numbers")
    order = models.PositiveIntegerField()
    written = models.CharField(max_length=310)
    figure = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    form = models.CharField(max_length=20)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    spans = models.JSONField(default=list)
    shown = models.TextField()
    amount = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    unit = models.CharField(max_length=12, blank=True)
    n = models.PositiveIntegerField(default=0)
    definition = models.JSONField(default=dict)
    evidence = models.BinaryField()

    objects = OfDocumentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "order"], name="one_number_per_place_in_a_document")]

    def __str__(self) -> str:
        return f"{self.written}: {self.shown}"
