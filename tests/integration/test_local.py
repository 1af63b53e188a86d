"""Files in a folder, a mailbox, an import: what is no web page."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from infra.settings import PROJECT
from tests.integration.changing import BODY
from tests.integration.crawling import Crawl, command, crawl, environment, wait_measuring

BRIDGES = PROJECT / "tests" / "data" / "bridges"


def collect(where: Path, kind: str, **more: Any) -> Crawl:
    fields = {"kind": kind, "folder": f'"{where / "in"}"', **more}
    lines = [f"name: {kind}", *(f"{name}: {value}" for name, value in fields.items())]
    (where / f"{kind}.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return crawl(where / "o.jsonl", str(where / f"{kind}.yaml"), "--memory", str(where / "m"))


def an_hour_ago(path: Path) -> None:
    old = time.time() - 3600
    os.utime(path, (old, old))


def put(folder: Path, name: str, body: bytes) -> None:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / name).write_bytes(body)
    an_hour_ago(folder / "in" / name)


def warc() -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, status in ((1, "200 OK"), (2, "404 Not Found")):
        page = f"<html><title>存档文章{number}</title><body><p>{BODY}</p></body></html>".encode()
        headers = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(
            f"https://old.example/2026/1124/a_{number}.html", "response", payload=BytesIO(page),
            http_headers=headers, warc_headers_dict={"WARC-Date": "2026-11-24T11:00:00Z"},
        ))  # fmt: skip
    return out.getvalue()


def test_a_folder_of_everything_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path in BRIDGES.iterdir():
        shutil.copy(path, tmp_path / "in")
        an_hour_ago(tmp_path / "in" / path.name)
    put(tmp_path, "a.warc.gz", warc())
    put(tmp_path, "broken.warc.gz", warc()[:-40])
    put(tmp_path, "b.jsonl", b'{"id": "x", "text": "\xe5\xa5\xbd"}\nbroken\n')
    put(tmp_path, "c.xlsx", b"no excel")
    put(tmp_path, "d.jsonl", b'{"id": "y", "text": "young"}')
    soon = time.time() + 60  # somebody is still writing it
    os.utime(tmp_path / "in" / "d.jsonl", (soon, soon))
    (tmp_path / "in" / "e.csv").symlink_to("/etc/passwd")
    first = collect(tmp_path, "drop", channel="weibo")
    texts = [item["text"] for item in first.items]
    assert len(first.items) == 14 and first.code == 0, first.log  # 12 of bridges, a page, a row
    assert any("路灯坏了" in text for text in texts) and "young" not in texts
    page = next(i for i in first.items if i["title"] == "存档文章1")
    assert page["fetched_at"] == "2026-11-24T11:00:00Z"
    errors = first.summaries["drop"]["errors"]
    assert errors == {"layout": 1, "row": 3}  # Excel; a line, the 404 twice
    assert "c.xlsx" in first.log and "drop" in first.log and "b.jsonl, 行 2" in first.log
    an_hour_ago(tmp_path / "in" / "d.jsonl")
    second = collect(tmp_path, "drop", channel="weibo")
    assert [item["text"] for item in second.items] == ["young"]
    third = collect(tmp_path, "drop", channel="weibo")
    assert third.code == 0 and third.summaries["drop"]["why"] == "all seen"


def letter(number: int, attachment: int = 0) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = f"反映问题{number}", "某人 <someone@example.org>"
    message["Message-ID"], message["Date"] = f"<{number}@a>", "Tue, 24 Nov 2026 19:30:00 +0800"
    message.set_content(f"第{number}封信的内容。")
    if attachment:
        message.add_attachment(
            b"x" * attachment, maintype="application", subtype="zip", filename="a.zip"
        )
    return message.as_bytes()


def test_a_folder_of_letters_with_a_huge_one(tmp_path: Path) -> None:
    put(tmp_path, "1.eml", letter(1))
    put(tmp_path, "2.eml", b"X-Nothing: at all\n\n")
    head = letter(3, 10)[:-200]
    put(tmp_path, "3.eml", head)
    with (tmp_path / "in" / "3.eml").open("r+b") as file:
        file.truncate(200 << 20)  # 200 MB
    an_hour_ago(tmp_path / "in" / "3.eml")
    found = collect(tmp_path, "mail", channel="letter")
    assert sorted(i["title"] for i in found.items) == ["反映问题1", "反映问题3"]
    assert found.summaries["mail"]["errors"] == {"row": 1} and found.peak_mb < 200
    assert "someone" not in str(found.items) and "某人" not in str(found.items)


@contextmanager
def imap(folder: Path, *tls: str) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.imap_server", "secret", str(folder), *tls],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


def test_a_mailbox_by_imap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        put(tmp_path, f"{number}.eml", letter(number, 3_000_000 * (number - 1)))
    with imap(tmp_path / "in") as port:
        box = f"{{host: 127.0.0.1, port: {port}, user: letters, tls: false}}"
        fields = {"folder": "null", "imap": box, "channel": "letter"}
        refused = collect(tmp_path, "mail", **fields)
        monkeypatch.setenv("TINGCHAO_IMAP_PASSWORD", "wrong")
        wrong = collect(tmp_path, "mail", **fields)
        monkeypatch.setenv("TINGCHAO_IMAP_PASSWORD", "secret")
        first = collect(tmp_path, "mail", **fields)
        second = collect(tmp_path, "mail", **fields)
    gone = collect(tmp_path, "mail", **fields)
    assert refused.summaries["mail"]["why"] == "no password"
    assert wrong.summaries["mail"]["why"] == "mailbox refused"
    assert sorted(i["text"] for i in first.items) == ["第1封信的内容。", "第2封信的内容。"], (
        first.log
    )
    assert second.items == [] and second.summaries["mail"]["why"] == "all seen"
    assert gone.summaries["mail"]["why"] == "connection failed"
    assert not any("secret" in found.log for found in (first, second, wrong, gone))


def certificate(path: Path, name: str) -> None:
    """A self-signed certificate for `name`, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *form))


def test_a_mailbox_over_tls_is_who_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verified unless it is the name and the certificate that ca_file vouches for."""
    monkeypatch.setenv("TINGCHAO_IMAP_PASSWORD", "secret")
    put(tmp_path, "1.eml", letter(1))
    put(tmp_path, "2.eml", letter(2))
    with (tmp_path / "in" / "2.eml").open("r+b") as file:
        file.truncate(200 << 20)  # an attachment of 200 MB
    why = {}
    for name in ("localhost", "other.example"):
        pem = tmp_path / f"{name}.pem"
        certificate(pem, name)
        with imap(tmp_path / "in", str(pem)) as port:
            for trusted in ("", f", ca_file: {pem}"):
                box = f"{{host: localhost, port: {port}, user: letters{trusted}}}"
                fields = {"folder": "null", "imap": box, "channel": "letter"}
                found = collect(tmp_path, "mail", **fields)
                why[name, bool(trusted)] = found.summaries["mail"]["why"]
                if name == "localhost" and trusted:
                    assert sorted(i["title"] for i in found.items) == ["反映问题1", "反映问题2"]
                    assert found.peak_mb < 250
                else:
                    assert found.items == [] and "mail: " in found.log
                    assert "ca_file" in found.log and "secret" not in found.log
    assert why.pop(("localhost", True)) is None
    assert set(why.values()) == {"certificate refused"}


def run_import(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("import", *arguments), cwd=PROJECT, capture_output=True, text=True, check=False,
        env={**environment(), "TINGCHAO_DATA": str(folder / "data")}, timeout=60,
    )  # fmt: skip


def test_an_import_with_preview_mapping_and_report(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["单号", "来电时间", "说了什么"])
    for number in range(1, 21):
        when = "昨儿" if number == 7 else f"2026-11-0{number % 9 + 1} 10:00"
        book.active.append(
            [f"T{number}", when, f"第{number}个来电：暖气不热" if number != 9 else None]
        )
    book.save(tmp_path / "calls.xlsx")
    file, out = str(tmp_path / "calls.xlsx"), str(tmp_path / "o.jsonl")
    unclear = run_import(tmp_path, file, "--preview")
    assert unclear.returncode == 3 and "--map" in unclear.stderr and "说了什么" in unclear.stderr
    mapped = ("--map", "说了什么=text", "--map", "单号=id", "--channel", "call")
    shown = run_import(tmp_path, file, "--preview", *mapped)
    assert shown.returncode == 0 and "可导入 18 行，2 行有误" in shown.stdout
    assert "第 8 行 来电时间 '昨儿'" in shown.stdout and not Path(out).exists()
    done = run_import(tmp_path, file, *mapped, "--out", out)
    items = [json.loads(line) for line in Path(out).read_text("utf-8").splitlines()]
    assert done.returncode == 1 and len(items) == 18 and {i["channel"] for i in items} == {"call"}
    with (tmp_path / "calls.xlsx.errors.csv").open(encoding="utf-8-sig", newline="") as report:
        rows = list(csv.reader(report))
    assert rows[1:] == [
        ["8", "来电时间", "昨儿", "时间看不懂"],
        ["10", "说了什么", "", "没有标题也没有内容"],
    ]
    again = run_import(tmp_path, file, "--preview")  # the columns are remembered
    assert again.returncode == 0 and "可导入 18 行" in again.stdout


def test_a_million_rows_are_cut_and_memory_stays_bounded(tmp_path: Path) -> None:
    import zipfile

    path, sheet = tmp_path / "big.xlsx", BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["编号", "内容"])
    book.save(path)
    sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                b'<sheetData><row><c t="inlineStr"><is><t>id</t></is></c>'
                b'<c t="inlineStr"><is><t>text</t></is></c></row>')  # fmt: skip
    for number in range(1_000_000):
        sheet.write(b'<row><c><v>%d</v></c><c t="inlineStr"><is><t>a</t></is></c></row>' % number)
    sheet.write(b"</sheetData></worksheet>")
    packed = tmp_path / "in" / "big.xlsx"
    packed.parent.mkdir()
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for part in old.namelist():
            new.writestr(part, sheet.getvalue() if "sheet1" in part else old.read(part))
    process = subprocess.Popen(
        command("import", str(packed), "--out", str(tmp_path / "o.jsonl")), cwd=PROJECT,
        env={**environment(), "TINGCHAO_DATA": str(tmp_path)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    code, peak_mb = wait_measuring(process, 120)
    assert code == 1 and peak_mb < 400
    assert (tmp_path / "o.jsonl").read_bytes().count(b"\n") == 200_000
    assert "超过 200000 行" in packed.with_name("big.xlsx.errors.csv").read_text("utf-8-sig")
