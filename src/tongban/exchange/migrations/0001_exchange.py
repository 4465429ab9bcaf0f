"""Tables of the exchange."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tongban.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="InboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=64)),
                ("receiver", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=120)),
                ("seq", models.BigIntegerField()),
                ("signed_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("content", tongban.vault.fields.EncryptedBytesField()),
                ("algorithm", models.CharField(max_length=16)),
                ("key_id", models.CharField(max_length=120)),
                ("signature", models.BinaryField()),
                ("receipt_content", models.BinaryField()),
                ("receipt_algorithm", models.CharField(max_length=16)),
                ("receipt_key_id", models.CharField(max_length=120)),
                ("receipt_signature", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="InboxSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=64)),
                ("receiver", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=120)),
                ("processed_seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=64)),
                ("sender", models.CharField(max_length=64)),
                ("receiver", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=120)),
                ("seq", models.BigIntegerField()),
                ("signed_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("content", tongban.vault.fields.EncryptedBytesField()),
                ("algorithm", models.CharField(max_length=16)),
                ("key_id", models.CharField(max_length=120)),
                ("signature", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=12)),
                ("issuer", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("algorithm", models.CharField(max_length=16)),
                ("key_id", models.CharField(max_length=120)),
                ("signature", models.BinaryField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender", models.CharField(max_length=64)),
                ("receiver", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=120)),
                ("last_seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PeerState",
            fields=[
                ("peer_site", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("failures", models.IntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("last_ok_at", models.DateTimeField(null=True)),
                ("failed_since", models.DateTimeField(null=True)),
                ("reason_code", models.CharField(blank=True, max_length=64)),
                ("reason_zh", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="QuestionEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(max_length=12)),
                ("question_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=64)),
                ("asker", models.CharField(max_length=64)),
                ("answerer", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("question", tongban.vault.fields.EncryptedBytesField()),
                ("question_digest", models.CharField(max_length=64)),
                ("question_algorithm", models.CharField(max_length=16)),
                ("question_key_id", models.CharField(max_length=120)),
                ("question_signature", models.BinaryField()),
                ("outcome", models.CharField(max_length=64)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", tongban.vault.fields.EncryptedBytesField(null=True)),
                ("answer_digest", models.CharField(blank=True, max_length=64)),
                ("answer_algorithm", models.CharField(blank=True, max_length=16)),
                ("answer_key_id", models.CharField(blank=True, max_length=120)),
                ("answer_signature", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RefusedMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(blank=True, max_length=64)),
                ("message_id", models.CharField(blank=True, max_length=64)),
                ("code", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("content", tongban.vault.fields.EncryptedBytesField()),
                ("algorithm", models.CharField(max_length=16)),
                ("key_id", models.CharField(max_length=120)),
                ("signature", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("receipt_content", models.BinaryField()),
                ("receipt_algorithm", models.CharField(max_length=16)),
                ("receipt_key_id", models.CharField(max_length=120)),
                ("receipt_signature", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SealedAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receiver", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("sealed_digest", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receiver", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("partner", models.CharField(max_length=64)),
                ("sealed_digest", models.CharField(max_length=64)),
                ("sealed_size", models.BigIntegerField()),
                ("size_so_far", models.BigIntegerField(default=0)),
                ("touched_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("receiver", "digest", "partner"), name="exchange_upload_once"),
                    models.CheckConstraint(
                        condition=models.Q(("size_so_far__lte", models.F("sealed_size"))),
                        name="exchange_upload_within_size",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.BigIntegerField()),
                ("data", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="exchange.attachmentupload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Authorization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grantor", models.CharField(max_length=64)),
                ("grantee", models.CharField(max_length=64)),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("document_no", models.CharField(max_length=120)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("granted_at", models.DateTimeField()),
                ("granted_by", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__lt", models.F("valid_until"))),
                        name="exchange_authorization_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grantor", models.F("grantee")), _negated=True),
                        name="exchange_authorization_two_sides",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channels", []), _negated=True), name="exchange_authorization_has_channels"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document_no", ""), _negated=True),
                        name="exchange_authorization_has_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthorizedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grantor", models.CharField(max_length=64)),
                ("grantee", models.CharField(max_length=64)),
                ("item", models.CharField(max_length=16)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("is_revoked", models.BooleanField(default=False)),
                (
                    "authorization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="exchange.authorization"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HttpNonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partner", models.CharField(max_length=64)),
                ("nonce", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["seen_at"], name="exchange_http_nonce_age")],
                "constraints": [models.UniqueConstraint(fields=("partner", "nonce"), name="exchange_http_nonce_once")],
            },
        ),
        migrations.CreateModel(
            name="InboxProcessing",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="processing",
                        serialize=False,
                        to="exchange.inboxmessage",
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("attempts", models.IntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("reason_code", models.CharField(blank=True, max_length=64)),
                ("reason_zh", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="inboxmessage",
            constraint=models.UniqueConstraint(fields=("source", "message_id"), name="exchange_inbox_message_once"),
        ),
        migrations.AddConstraint(
            model_name="inboxmessage",
            constraint=models.UniqueConstraint(
                fields=("source", "receiver", "subject", "seq"), name="exchange_inbox_seq_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxsubject",
            constraint=models.UniqueConstraint(
                fields=("source", "receiver", "subject"), name="exchange_inbox_subject_once"
            ),
        ),
        migrations.CreateModel(
            name="OutboxDelivery",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="delivery",
                        serialize=False,
                        to="exchange.outboxmessage",
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("peer_site", models.CharField(max_length=64)),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("attempts", models.IntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("reason_code", models.CharField(blank=True, max_length=64)),
                ("reason_zh", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(fields=("message_id",), name="exchange_outbox_message_once"),
        ),
        migrations.AddField(
            model_name="outboxreceipt",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="exchange.outboxmessage"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxsubject",
            constraint=models.UniqueConstraint(
                fields=("sender", "receiver", "subject"), name="exchange_outbox_subject_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionevidence",
            constraint=models.UniqueConstraint(fields=("side", "asker", "question_id"), name="exchange_question_once"),
        ),
        migrations.AddConstraint(
            model_name="questionevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["asked", "answered"])), name="exchange_question_side"
            ),
        ),
        migrations.AddIndex(
            model_name="refusedmessage",
            index=models.Index(fields=["-received_at"], name="exchange_refused_recent"),
        ),
        migrations.AddConstraint(
            model_name="refusedmessage",
            constraint=models.UniqueConstraint(fields=("digest", "code"), name="exchange_refused_message_once"),
        ),
        migrations.AddConstraint(
            model_name="sealedattachment",
            constraint=models.UniqueConstraint(fields=("receiver", "digest"), name="exchange_sealed_attachment_once"),
        ),
        migrations.AddConstraint(
            model_name="attachmentpart",
            constraint=models.UniqueConstraint(fields=("upload", "offset"), name="exchange_part_once"),
        ),
        migrations.AddConstraint(
            model_name="authorizeditem",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_revoked", False)),
                expressions=[
                    ("grantor", "="),
                    ("grantee", "="),
                    ("item", "="),
                    (models.Func("valid_from", "valid_until", models.Value("[]"), function="daterange"), "&&"),
                ],
                name="exchange_authorized_item_once",
            ),
        ),
        migrations.AddField(
            model_name="inboxprocessing",
            name="line",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="exchange.inboxsubject"
            ),
        ),
        migrations.AddField(
            model_name="outboxdelivery",
            name="line",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="exchange.outboxsubject"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["stored", "refused"])), name="exchange_outbox_receipt_outcome"
            ),
        ),
        migrations.AddIndex(
            model_name="inboxprocessing",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["message"], name="exchange_inbox_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="inboxprocessing",
            index=models.Index(
                condition=models.Q(("state", "parked")), fields=["message"], name="exchange_inbox_parked"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxprocessing",
            constraint=models.UniqueConstraint(fields=("line", "seq"), name="exchange_inbox_processing_once"),
        ),
        migrations.AddConstraint(
            model_name="inboxprocessing",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "processed", "parked"])),
                name="exchange_inbox_processing_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboxprocessing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "parked"), _negated=True),
                    models.Q(("reason_code", ""), _negated=True),
                    _connector="OR",
                ),
                name="exchange_inbox_parked_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxdelivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["peer_site", "message"],
                name="exchange_outbox_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxdelivery",
            index=models.Index(
                condition=models.Q(("state", "parked")), fields=["message"], name="exchange_outbox_parked"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxdelivery",
            constraint=models.UniqueConstraint(fields=("line", "seq"), name="exchange_outbox_delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="outboxdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "delivered", "parked"])),
                name="exchange_outbox_delivery_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "parked"), _negated=True),
                    models.Q(("reason_code", ""), _negated=True),
                    _connector="OR",
                ),
                name="exchange_outbox_parked_has_reason",
            ),
        ),
    ]
