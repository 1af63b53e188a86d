from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from crawlers.sources import Source
from crawlers.tables import read
from crawlers.tables.columns import guess, told
from crawlers.tables.read import read_rows
from crawlers.tables.rows import Fault, row_item
from schemas.errors import UserError
from schemas.raw_item import RawItem

BRIDGES = Path(__file__).parents[2] / "data" / "bridges"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOURCE = Source(name="drop", kind="drop", folder=Path(), channel="letter")


def items(path: Path, **more: str) -> list[RawItem | Fault]:
    rows = list(read_rows(path))
    mapping = guess(list(dict.fromkeys(c for row in rows for c in row.values))) | more
    return [row_item(row, mapping, SOURCE, b"key", NOW, "test") for row in rows]


def good(path: Path, **more: str) -> list[RawItem]:
    found = items(path, **more)
    assert all(isinstance(item, RawItem) for item in found), found
    return [item for item in found if isinstance(item, RawItem)]


def test_weibo_search() -> None:
    post, repost = good(BRIDGES / "weibo-search.csv")
    assert post.text.startswith("小区连续停电两天") and "地点：某市某区" in post.text
    assert post.counts and (post.counts.likes, post.counts.reposts, post.counts.comments) == (
        12_000, 12, 30,
    )  # fmt: skip
    assert repost.parent_id == post.origin_id
    assert post.published_at and post.published_at.isoformat() == "2026-11-24T19:30:00+08:00"
    assert post.author and post.author.hash and post.author.name is None


def test_weibo_crawler() -> None:
    post, repost = good(BRIDGES / "weibo-crawler.csv")
    assert post.published_at and post.published_at.isoformat() == "2026-11-24T08:15:00+08:00"
    assert post.counts and post.counts.likes == 8 and post.parent_id is None
    assert repost.text == "转发微博" and repost.parent_id == post.origin_id
    (comment,) = good(BRIDGES / "weibo-crawler-comments.csv")
    assert comment.parent_id == comment.root_id == post.origin_id
    assert comment.author and comment.author.name is None and comment.author.hash
    (told,) = good(BRIDGES / "weibo-crawler.json")
    assert told.published_at and told.published_at.isoformat() == "2026-11-24T18:20:00+08:00"
    assert told.counts and told.counts.reposts == 9 and told.parent_id


def test_media_crawler_posts_and_comments() -> None:
    (post,) = good(BRIDGES / "mediacrawler-weibo.csv")
    assert post.url == "https://weibo.example/detail/7001"
    first, answer = good(BRIDGES / "mediacrawler-comments.csv")
    assert first.parent_id == post.origin_id == answer.root_id == first.root_id
    assert answer.parent_id == first.origin_id
    assert first.counts and (first.counts.likes, first.counts.comments) == (3, 1)
    (note,) = good(BRIDGES / "mediacrawler-xhs.json")
    assert (note.title, note.url) == ("菜价", "https://xhs.example/8001")
    assert note.counts and note.counts.likes == 11_000
    assert note.published_at and note.published_at.year == 2026
    (video,) = good(BRIDGES / "mediacrawler-kuaishou.csv")
    assert video.counts and video.counts.views == 15_000
    assert video.published_at and video.published_at.year == 2026
    (reply,) = good(BRIDGES / "mediacrawler-tieba-comments.csv")
    assert reply.root_id and reply.author and reply.author.hash


def test_an_office_s_excel_with_a_title_row_formulas_and_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["十一月信访登记表"])
    sheet.append(["序号", "受理编号", "来访时间", "来访人", "反映内容（摘要）", "承办单位", "渠道"])
    sheet.append(
        [1, "X-1", datetime(2026, 11, 3, 9, 30), "王某", "要求公开停车收费标准", "价格处", "来访"]
    )
    sheet.append([2, "X-2", "2026年11月4日", "李某", "=A1&A2", "价格处", "来访"])
    sheet.append([3, "X-3", "不详", "赵某", "反映水费异常", "价格处", "来访"])
    sheet.append([4, "X-4", "2026-11-05", "孙某", "反映水压太低", "价格处", "飞鸽"])
    book.save(tmp_path / "a.xlsx")
    found = items(tmp_path / "a.xlsx")
    assert [type(item).__name__ for item in found] == ["RawItem", "Fault", "Fault", "Fault"]
    first = found[0]
    assert isinstance(first, RawItem) and first.channel == "visit" and first.department == "价格处"
    assert first.published_at and first.published_at.isoformat() == "2026-11-03T09:30:00+08:00"
    assert "王某" not in str(first)
    reasons = [(f.number, f.column, f.reason) for f in found if isinstance(f, Fault)]
    assert reasons == [
        (4, "反映内容（摘要）", "没有标题也没有内容"),  # a formula that was never computed
        (5, "来访时间", "时间看不懂"), (6, "渠道", "不认识的渠道"),
    ]  # fmt: skip


def test_macros_and_links_to_elsewhere_are_left_alone(tmp_path: Path) -> None:
    import zipfile

    book = openpyxl.Workbook()
    book.active.append(["编号", "内容"])
    book.active.append(["1", '=HYPERLINK("http://elsewhere.example/","看这里")'])
    book.active.append(["2", "正常"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open")
        link = "<externalLink><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>"
        packed.writestr("xl/externalLinks/externalLink1.xml", link)
    (tmp_path / "a.xlsx").rename(tmp_path / "a.xlsm")
    found = items(tmp_path / "a.xlsm")
    assert [i.text for i in found if isinstance(i, RawItem)] == ["正常"]
    assert [f.number for f in found if isinstance(f, Fault)] == [2]


@pytest.mark.parametrize("charset", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_the_charsets_that_offices_write(tmp_path: Path, charset: str) -> None:
    text = '工单号;来电时间;诉求内容\r\nA1;2026/11/3 9:30;"暖气不热；\n已报修三次"\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode(charset))
    (item,) = good(tmp_path / "a.csv")
    assert item.text == "暖气不热；\n已报修三次"


def test_bad_rows_lose_no_good_one(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "1", "text": "一"}), "{broken", "[1]", json.dumps({"id": "2"}),
             json.dumps({"id": "3", "text": "三", "published_at": "2099-01-01"}),
             json.dumps({"id": "4", "text": "四"})]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    found = items(tmp_path / "a.jsonl")
    assert [i.text if isinstance(i, RawItem) else i.reason.split("：")[0] for i in found] == [
        "一", "不是 JSON", "不是对象", "没有标题也没有内容", "时间看不懂", "四",
    ]  # fmt: skip


def test_too_many_rows_are_cut_with_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_ROWS", 3)
    (tmp_path / "a.csv").write_text("id,text\n" + "".join(f"{n},内容\n" for n in range(9)), "utf-8")
    rows = list(read_rows(tmp_path / "a.csv"))
    assert len(rows) == 4 and "超过 3 行" in rows[-1].error and rows[-1].number == 5


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.xlsx", b"PK\x03\x04broken"), ("a.xlsx", b""), ("a.xls", b"x"), ("a.json", b"[{"),
     ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600)],
)  # fmt: skip
def test_files_that_cannot_be_read_say_so(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(UserError, match=name):
        list(read_rows(tmp_path / name))


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b"\0\0\0", b'id,text\n1,"never closed', b"\xff" * 99]
)
def test_odd_csv_files_raise_nothing(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(body)
    assert len(list(read_rows(tmp_path / "a.csv"))) <= 1


def test_a_packed_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    monkeypatch.setattr(read, "MAX_FILE", 5 << 20)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (6 << 20))
    with pytest.raises(UserError, match="解压后大于"):
        list(read_rows(tmp_path / "a.xlsx"))


def test_a_mapping_may_be_told_in_either_order() -> None:
    assert told(["反映=text", "title=事"]) == {"text": "反映", "title": "事"}
    with pytest.raises(ValueError, match="字段是"):
        told(["反映=nothing"])
