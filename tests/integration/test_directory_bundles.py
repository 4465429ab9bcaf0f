"""The province's signed directory on its way to a site: what is taken over, and what is refused."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tongban.directory import bundles, local_rules, lookup
from tongban.directory.bundles import SignedDirectory, export_directory, import_directory
from tongban.directory.divisions import PROVINCE
from tongban.directory.models import (
    BundleVersion,
    CalendarDay,
    Institution,
    LedgerDistrict,
    ParameterValue,
    RegistryDistrict,
    ServiceOpening,
    Site,
    Window,
)
from tongban.directory.reference import sync_reference
from tongban.domain.canonical import canonical_json
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.errors import BadSignature, InvalidInput, Stale, Unavailable
from tongban.vault import keys
from tongban.vault.models import SigningKey

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOME, OTHER = "registry-410526", "registry-410100"
pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(db) -> SignedDirectory:
    """The directory as the province's site signs it; afterwards the database is that of another, fresh site."""
    sync_reference(NOW)
    Site.objects.create(code="site-huaxian", base_url="https://huaxian.example.cn")
    Institution.objects.filter(pk=HOME).update(site_code="site-huaxian")
    for owner in (PROVINCE, HOME, OTHER):
        keys.create_key(owner, NOW)
    made = export_directory(NOW)
    _empty()
    return made


def _empty() -> None:
    """Forget everything but the pinned key of the province, as a site has it that was just set up."""
    for model in (Site, Institution, RegistryDistrict, LedgerDistrict, Window, ServiceOpening, CalendarDay):
        model.objects.all().delete()
    sync_reference(NOW, hosts=[HOME])


@pytest.fixture
def fresh_site(exported, monkeypatch) -> SignedDirectory:
    """What that fresh site is offered: the same content as version 7."""
    return _signed(json.loads(exported.document) | {"version": 7})


def _signed(document: dict[str, object], owner: str = PROVINCE) -> SignedDirectory:
    raw = canonical_json(document)
    made = keys.sign(owner, raw, NOW)
    return SignedDirectory(raw, made.algorithm, made.key_id, made.value)


def _changed(signed: SignedDirectory, **changes: object) -> SignedDirectory:
    return _signed(json.loads(signed.document) | changes)


def test_a_site_takes_over_sites_institutions_and_keys(fresh_site):
    assert import_directory(fresh_site, LATER) == 7

    assert lookup.site_of(HOME) == "site-huaxian"
    assert lookup.site("site-huaxian").base_url == "https://huaxian.example.cn"
    assert lookup.site_of(OTHER) == "site-test"
    assert lookup.self_site().code == "site-test"
    assert len(lookup.registries()) == 120
    assert SigningKey.objects.filter(owner__in=[PROVINCE, HOME, OTHER]).count() == 3
    assert bundles.latest_version() == 7


def test_the_travelling_form_is_read_back_byte_for_byte(exported):
    assert SignedDirectory.from_file(exported.to_file()) == exported


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"document": "*"}', b"[" * 100_000])
def test_a_file_that_is_no_directory_is_refused(content):
    with pytest.raises(InvalidInput):
        SignedDirectory.from_file(content)


def test_exporting_twice_without_a_change_gives_the_same_version(db):
    sync_reference(NOW)
    keys.create_key(PROVINCE, NOW)
    first = export_directory(NOW)

    assert export_directory(LATER) == first
    Institution.objects.filter(pk=HOME).update(phone="0372-8000000")
    second = export_directory(LATER)

    assert json.loads(second.document)["version"] == json.loads(first.document)["version"] + 1


def test_a_site_without_the_provinces_key_cannot_export(db):
    sync_reference(NOW)

    with pytest.raises(Unavailable):
        export_directory(NOW)

    assert not BundleVersion.objects.exists()


def test_one_flipped_bit_is_refused_and_changes_nothing(fresh_site):
    phone = lookup.institution(OTHER).phone
    document = bytearray(fresh_site.document)
    document[document.index(b"huaxian.example")] ^= 1

    with pytest.raises(BadSignature):
        import_directory(replace(fresh_site, document=bytes(document)), LATER)

    assert lookup.institution(OTHER).phone == phone
    assert not Site.objects.filter(pk="site-huaxian").exists()


def test_a_directory_signed_by_another_institution_is_refused(fresh_site):
    forged = _signed(json.loads(fresh_site.document), owner=OTHER)

    with pytest.raises(BadSignature):
        import_directory(forged, LATER)


def test_an_older_version_is_refused(fresh_site):
    import_directory(fresh_site, LATER)

    for version in (6, 7):
        with pytest.raises(Stale) as caught:
            import_directory(_changed(fresh_site, version=version, sites=[]), LATER)
        assert caught.value.code == "directory_rollback"
    assert lookup.site("site-huaxian").base_url


def test_the_latest_version_again_changes_nothing(fresh_site):
    import_directory(fresh_site, LATER)
    before = BundleVersion.objects.count()

    assert import_directory(fresh_site, LATER) == 7

    assert BundleVersion.objects.count() == before


def test_a_directory_from_the_future_is_refused(fresh_site):
    with pytest.raises(BadSignature):
        import_directory(fresh_site, NOW - timedelta(days=1))


DISTRICT = {"division_code": "410526", "registry_code": HOME, "valid_from": "2020-01-01", "valid_until": None}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"institutions": [{"code": "registry-410526"}]}, id="missing columns"),
        pytest.param({"institutions": "all"}, id="not a list"),
        pytest.param({"version": "8"}, id="version is text"),
        pytest.param({"districts": [DISTRICT | {"valid_from": "soon"}]}, id="no date"),
        pytest.param({"districts": [DISTRICT, DISTRICT]}, id="two registries on one day"),
        pytest.param({"keys": [{"owner": HOME}]}, id="half a key"),
        pytest.param({"sites": [{"code": "x" * 99, "base_url": ""}]}, id="too long"),
    ],
)
def test_a_signed_document_that_breaks_the_rules_changes_nothing(fresh_site, changes):
    with pytest.raises(InvalidInput):
        import_directory(_changed(fresh_site, **changes), LATER)

    assert RegistryDistrict.objects.count() > 150
    assert not BundleVersion.objects.filter(version=7).exists()


def test_what_is_kept_here_stays_as_it_is(fresh_site):
    local_rules.write_note(local_rules.Note(HOME, "公告", "照常上班。", LATER.date()), set_by="t", now=LATER)
    Window.objects.filter(institution_code=HOME).update(phone="0372-8111111")
    ServiceOpening.objects.filter(registry_code=HOME, channel="online").delete()
    here = _changed(
        fresh_site,
        institutions=[
            row | {"site_code": "site-test" if row["code"] == HOME else "site-province"}
            for row in json.loads(fresh_site.document)["institutions"]
        ],
    )

    import_directory(here, LATER)

    assert {row.phone for row in lookup.windows(HOME)} == {"0372-8111111"}
    assert [note.title_zh for note in local_rules.notes_of(HOME, LATER.date())] == ["公告"]
    assert ServiceOpening.objects.filter(registry_code=HOME).count() == 2 * len(CATALOGUE)
    assert ServiceOpening.objects.filter(registry_code=OTHER).count() == 3 * len(CATALOGUE)


def test_what_another_registry_says_travels(exported):
    local_rules.write_note(local_rules.Note(OTHER, "公告", "照常上班。", LATER.date()), set_by="t", now=LATER)
    signed = export_directory(LATER)
    told = json.loads(signed.document)["notes"]

    assert [(row["registry_code"], row["title_zh"]) for row in told] == [(OTHER, "公告")]


def test_a_provisional_day_never_replaces_a_final_one(fresh_site):
    CalendarDay.objects.filter(day="2027-01-31").update(is_workday=True, is_final=True)

    import_directory(fresh_site, LATER)

    assert CalendarDay.objects.get(pk="2027-01-31").is_workday


def test_the_provinces_figures_travel_and_a_countys_own_stay(fresh_site):
    row = {"name": "correction_days", "valid_from": "2026-12-01", "valid_until": None, "source_zh": "豫〔2026〕1号",
           "set_by": "admin", "set_at": "2026-11-22T02:00:00+00:00"}  # fmt: skip
    ParameterValue.objects.create(
        name="consult_minutes", division_code="410526", value="20", valid_from=date(2026, 11, 22), source_zh="滑",
        set_by="admin", set_at=NOW,
    )  # fmt: skip

    import_directory(_changed(fresh_site, parameters=[row | {"division_code": "410000", "value": "10"}]), LATER)

    assert lookup.parameter_count("correction_days", "410526", date(2026, 12, 1)) == 10
    assert lookup.parameter_count("consult_minutes", "410526", date(2026, 12, 1)) == 20


def test_only_the_provinces_own_key_can_be_pinned(db):
    keys.create_key(HOME, NOW)

    with pytest.raises(InvalidInput):
        bundles.pin_province_key(keys.export_public([HOME]))
    with pytest.raises(InvalidInput):
        bundles.pin_province_key([])


def test_a_bundle_is_never_changed_afterwards(exported):
    for statement in ("UPDATE directory_bundleversion SET version = 9", "DELETE FROM directory_bundleversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_exact_bytes_are_kept(exported):
    row = BundleVersion.objects.get()

    assert base64.b64encode(bytes(row.document)) == base64.b64encode(exported.document)
    assert bytes(row.signature) == exported.signature
