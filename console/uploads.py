"""A file that a form brings: bounded while it comes in."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from console.control import typed
from console.crossing import crossed, token_fits
from console.forms import StaleForm

MOST = 20 * 1024 * 1024  # bytes of a file
OVERHEAD = 64 * 1024  # the form around it
_END = 512  # bytes: a boundary has at most 70
UNREADABLE = "读不懂提交的内容：要是一个完整的表单（multipart/form-data）。"
CUT_OFF = "提交的内容没有到头就断了，什么都没有导入，请重新提交。"
TOO_LARGE = f"文件至多 {MOST // 2**20} MB，请分开导入，或用命令 tingchao import。"


@dataclass(frozen=True)
class Upload:
    fields: dict[str, str]
    name: str  # as its owner calls it; never a path here
    content: bytes


async def upload(request: Request) -> Upload:
    """As `read_file`, from a page of ours only."""
    if crossed(request):
        raise HTTPException(403, "请从控制台页面提交。")
    found = await read_file(request)
    if not token_fits(request, found.fields.get("csrf", "")):
        raise StaleForm()
    return found


async def read_file(request: Request) -> Upload:
    """HTTPException for what is too large or no form; no name where there is no file."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > MOST + OVERHEAD:
        raise HTTPException(413, TOO_LARGE)  # before a byte of it is read
    _utf8(request)
    request.state.form_body = b""  # a file is not given back by a page
    end = bytearray()  # the last bytes of the body
    parser = MultiPartParser(request.headers, _bounded(request, end), max_files=1, max_fields=10)
    try:
        form = await parser.parse()
        if not end.rstrip().endswith(b"--" + _boundary(request) + b"--"):
            # The parser forgets a part without an end, and this one may say "only try".
            await form.close()
            raise HTTPException(400, CUT_OFF)
    except (MultiPartException, KeyError, ClientDisconnect, UnicodeError, LookupError):
        raise HTTPException(400, UNREADABLE) from None
    try:
        fields = {
            typed(name): typed(value)
            for name, value in form.multi_items()
            if isinstance(value, str)
        }
        file = form.get("file")
        name = typed(file.filename or "") if isinstance(file, UploadFile) else ""
        if not isinstance(file, UploadFile) or not name:
            return Upload(fields, "", b"")
        return Upload(fields, name[-200:], await file.read())
    finally:
        await form.close()


def _utf8(request: Request) -> None:
    """The parser takes any codec of Python's that the header names: some make of a name what is
    no text, and some fail. Browsers name none."""
    given = parse_options_header(request.headers.get("content-type", ""))[1].get(b"charset")
    if given is not None and given.decode("latin-1").strip().lower() not in ("utf-8", "utf8"):
        raise HTTPException(400, UNREADABLE)


def _boundary(request: Request) -> bytes:
    given = parse_options_header(request.headers.get("content-type", ""))[1]
    return given.get(b"boundary", b"")


async def _bounded(request: Request, end: bytearray) -> AsyncGenerator[bytes, None]:
    """A stream without a length may be as long as it likes; it is read no further."""
    read = 0
    async for part in request.stream():
        read += len(part)
        if read > MOST + OVERHEAD:
            raise HTTPException(413, TOO_LARGE)
        end[:] = (end + part[-_END:])[-_END:]
        yield part
