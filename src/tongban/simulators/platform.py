"""The national platform as a program of its own: takes uploads in, checks their structure, answers, and has moods.

    python -m tongban.simulators.platform --port 8101 --folder FOLDER

With a folder what was taken in is kept there as the files it came in and is known again after a restart.

POST /messages/Biz<number>.xml   one message; the answer is its Rep document
GET  /answers/Rep<number>.xml    the answer given before, or 404
POST /logs/Biz<number>.xml       the log of a registry's day; the answer holds what was counted here
POST /control                    {"mood": "slow", "delay_s": 2}: how it behaves from now on
GET  /control                    its mood, what it holds, how often it was asked

Moods: normal, slow (takes in at once, answers late), down (503, takes nothing in), duplicate (takes each message
in twice), out_of_order (answers with the answer to another message), lying (says yes and keeps nothing), nonsense
(answers no XML), declining (says no to everything).
"""

from __future__ import annotations

import argparse
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

MOODS = ("normal", "slow", "down", "duplicate", "out_of_order", "lying", "nonsense", "declining")
BODY_BYTES_MAX = 16 * 1024 * 1024

HEAD = (
    *("BizMsgID", "ASID", "AreaCode", "IsRoutine", "RecType", "RightType", "RegType", "CreateDate", "RecFlowID"),
    *("RegOrgID", "ParcelID", "EstateNum", "Mark"),
)
HEAD_OPTIONAL = ("PreEstateNum", "PreCertID", "PreProofID", "CertCount", "ProofCount")
FORMS = {
    "BizMsgID": r"\d{18}",
    "ASID": r"AS100",
    "AreaCode": r"\d{6}",
    "IsRoutine": r"[01]",
    "RecType": r"[1-9]00\d{4}",
    "RightType": r"[1-9]|1\d|2[0-2]|92|99",
    "RegType": r"[1-9]00",
    "CreateDate": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
    "RecFlowID": r"\d{20}(-\d{1,4})?",
    "RegOrgID": r"\d{6}",
    "ParcelID": r"\d{12}[GJZ][A-Z]\d{5}",
    "EstateNum": r"\d{12}[GJZ][A-Z]\d{5}[FLQW]\d{8}",
    "Mark": r".+",
}
REQUIRED = {
    "KTT_ZDJBXX": "ZDDM BDCDYH ZDMJ QXDM",
    "KTT_FW_H": "BDCDYH ZRZH ZL",
    "QLF_QL_JSYDSYQ": "BDCDYH YWH QLLX DJLX DJYY BDCQZH DJJG DBR DJSJ QSZT",
    "QLT_FW_FDCQ_YZ": "BDCDYH YWH QLLX DJLX DJYY GHYT JZMJ BDCQZH DJSJ QSZT",
    "QLT_FW_FDCQ_DZ": "BDCDYH YWH QLLX DJLX DJYY GHYT JZMJ BDCQZH DJSJ QSZT",
    "QLF_QL_DYAQ": "BDCDYH YWH DYBDCLX DYR DYFS DJLX BDCDJZMH DJSJ QSZT",
    "QLF_QL_YGDJ": "BDCDYH YWH YGDJZL BDCDJZMH DJSJ QSZT",
    "QLF_QL_YYDJ": "BDCDYH YWH YYSX BDCDJZMH DJSJ QSZT",
    "QLF_QL_CFDJ": "BDCDYH YWH CFJG CFLX CFWJ CFWH CFFW DJSJ QSZT",
    "QLF_ZXDJ": "YWH ZXSJ QXDM",
    "ZTT_GY_QLR": "BDCDYH QLRMC ZJZL ZJH QLRLX GYFS",
    "DJT_DJ_SLSQ": "YWH DJDL QXDM SLRY SLSJ AJZT",
    "DJF_DJ_SQR": "YWH",
    "DJF_DJ_SJ": "YWH SJMC",
    "DJF_DJ_SH": "YWH JDMC SHRYXM SHJSSJ SHYJ CZJG",
    "DJF_DJ_SF": "YWH SFKMMC YSJE SSJE",
    "DJF_DJ_SZ": "YWH SZZH SZSJ",
    "DJF_DJ_FZ": "YWH FZSJ LZRXM",
    "DJF_DJ_GD": "YWH GDSJ",
}
_GHYT = r"[1-8]0|1[1-3]|11[12]|2[1-7]|3[1-5]|4[1-3]|5[1-5]|8[1-4]"
VALUES = {
    "QLLX": FORMS["RightType"],
    "DJLX": FORMS["RegType"],
    "DJDL": FORMS["RegType"],
    "DJXL": FORMS["RecType"],
    "QSZT": r"[0-3]",
    "GHYT": _GHYT,
    "FWYT1": _GHYT,
    "FWXZ": r"[0-9]|99",
    "FWLX": r"[1-6]|99",
    "ZJZL": r"[1-7]|99",
    "QLRZJZL": r"[1-7]|99",
    "YWRZJZL": r"[1-7]|99",
    "QLRLX": r"[1-4]|99",
    "GYFS": r"[0-3]",
    "DYBDCLX": r"[1-7]",
    "DYFS": r"[12]",
    "YGDJZL": r"[1-4]",
    "CFLX": r"[1-4]",
    "CZJG": r"[1-4]",
    "AJZT": r"[1-5]",
    "SJLX": r"[1-5]|99",
    "SFLX": r"1",
    "QXDM": r"\d{6}",
    "BDCDYH": FORMS["EstateNum"],
}
OWN_ROW = {"8000101": "QLF_QL_CFDJ", "9000101": "QLF_QL_DYAQ", "7000101": "QLF_QL_YGDJ", "6000101": "QLF_QL_YYDJ"}
OWN_ROW |= {"4000101": "QLF_ZXDJ"}
TITLE_ROWS = {"QLT_FW_FDCQ_YZ", "QLT_FW_FDCQ_DZ", "QLF_QL_JSYDSYQ"}
TITLE_RECORDS = re.compile(r"[1235]00(03|04)\d{2}")


def faults_of(root: ET.Element) -> list[str]:
    """Everything the structure check finds, as the platform words it."""
    head, data = root.find("Head"), root.find("Data")
    if root.tag != "Message" or head is None or data is None:
        return ["报文应为 Message，内含 Head 和 Data"]
    faults = _head_faults(head)
    for row in data:
        faults += _row_faults(row)
    names = {row.tag for row in data}
    record = head.findtext("RecType") or ""
    if record in OWN_ROW and OWN_ROW[record] not in names:
        faults.append(f"登记小类{record}缺少{OWN_ROW[record]}")
    if TITLE_RECORDS.fullmatch(record) and not names & TITLE_ROWS:
        faults.append(f"登记小类{record}缺少权利表")
    if head.findtext("RegType") != "800" and "DJT_DJ_SLSQ" not in names:
        faults.append("缺少DJT_DJ_SLSQ")
    if not names & {"KTT_FW_H", "KTT_ZDJBXX"}:
        faults.append("缺少不动产单元")
    return faults


def _head_faults(head: ET.Element) -> list[str]:
    names = [one.tag for one in head]
    expected = [*HEAD, *(name for name in HEAD_OPTIONAL if name in names)]
    if names != expected:
        return [f"Head 的字段应依次为{'、'.join(expected)}"]
    values = {one.tag: one.text or "" for one in head}
    faults = [f"Head.{name}的值“{values[name]}”不合规" for name in HEAD if not re.fullmatch(FORMS[name], values[name])]
    if values["EstateNum"][:6] != values["AreaCode"] or values["BizMsgID"][:6] != values["AreaCode"]:
        faults.append("AreaCode与单元号、报文号的区划不一致")
    if values["EstateNum"][:19] != values["ParcelID"]:
        faults.append("ParcelID与EstateNum不一致")
    return faults


def _row_faults(row: ET.Element) -> list[str]:
    faults = [f"{row.tag}缺少{name}" for name in REQUIRED.get(row.tag, "").split() if not row.get(name)]
    if row.tag == "KTT_FW_H" and not (row.get("SCJZMJ") or row.get("YCJZMJ")):
        faults.append("KTT_FW_H缺少SCJZMJ")
    if row.tag == "QLF_QL_DYAQ":
        amount = "ZGZQSE" if row.get("DYFS") == "2" else "BDBZZQSE"
        faults += [] if row.get(amount) else [f"QLF_QL_DYAQ缺少{amount}"]
    for name, value in row.items():
        if name in VALUES and not re.fullmatch(VALUES[name], value):
            faults.append(f"{row.tag}.{name}的值“{value}”不在字典里")
    return faults


@dataclass
class Held:
    """One message taken in: whose, of which day, which kind of registration, the bytes and the answer."""

    content: bytes
    answer: bytes
    registry: str = ""
    day: str = ""
    registration: str = ""
    flow: str = ""
    is_accepted: bool = False


@dataclass
class Platform:
    """What the platform holds and how it behaves; one lock guards all of it."""

    mood: str = "normal"
    delay_s: float = 2.0
    messages: dict[str, Held] = field(default_factory=dict)
    logs: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    last_answer: bytes = b""
    folder: Path | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, folder: Path) -> None:
        """Keep what is taken in here from now on; what the folder holds is taken in again."""
        folder.mkdir(parents=True, exist_ok=True)
        for kept in sorted(folder.glob("Biz*.xml")):
            self.take(kept.stem.removeprefix("Biz"), kept.read_bytes())
        self.folder = folder

    def take(self, number: str, content: bytes) -> bytes:
        """One message in; the same number and bytes again give the same answer."""
        known = self.messages.get(number)
        if known is not None:
            if known.content == content:
                return known.answer
            return answer(number, "1002", ["同一报文号的内容与上次不同"])
        held = self._examined(number, content)
        if self.mood == "lying":
            return answer(number, "0000", ["接收成功"])
        self.messages[number] = held
        if self.folder is not None and held.is_accepted:
            (self.folder / f"Biz{number}.xml").write_bytes(content)
        return held.answer

    def _examined(self, number: str, content: bytes) -> Held:
        if self.mood == "declining":
            return Held(content, answer(number, "9001", ["平台正在核对该地区的数据，暂不接收"]))
        try:
            root = ET.fromstring(content)  # noqa: S314 - a simulator: its only sender is the product under test
        except ET.ParseError:
            return Held(content, answer(number, "1001", ["不是 XML"]))
        if faults := faults_of(root):
            return Held(content, answer(number, "1003", faults))
        head = {one.tag: one.text or "" for one in root[0]}
        if head["BizMsgID"] != number:
            return Held(content, answer(number, "1004", ["文件名与报文号不一致"]))
        if any(held.flow == head["RecFlowID"] and held.is_accepted for held in self.messages.values()):
            return Held(content, answer(number, "1005", [f"业务{head['RecFlowID']}已经接收过"]))
        return Held(
            content,
            answer(number, "0000", ["接收成功"]),
            registry=head["RegOrgID"],
            day=_day_recorded(root),
            registration=head["RegType"],
            flow=head["RecFlowID"],
            is_accepted=True,
        )

    def count(self, number: str, content: bytes) -> bytes:
        """The log of a day in; what was counted here out."""
        try:
            head = {one.tag: one.text or "" for one in ET.fromstring(content)[0]}  # noqa: S314 - as above
        except (ET.ParseError, IndexError):
            return answer(number, "1001", ["不是登簿日志"])
        if self.mood == "declining" or not {"LogDate", "RegOrgID", "Total"} <= set(head):
            return answer(number, "1003", ["登簿日志缺少字段，或者平台暂不接收"])
        self.logs[number] = int(head["Total"])
        counted = Counter(
            held.registration
            for held in self.messages.values()
            if held.is_accepted and (held.registry, held.day) == (head["RegOrgID"], head["LogDate"])
        )
        return answer(number, "0000", ["接收成功"], counted)


def _day_recorded(root: ET.Element) -> str:
    """The day the recording was made, from the first row that says so."""
    for row in root[1]:
        for name in ("DJSJ", "JSSJ"):
            if row.get(name):
                return str(row.get(name))[:10]
    return ""


def answer(number: str, code: str, reasons: list[str], counts: Counter[str] | None = None) -> bytes:
    """A Rep document."""
    root = ET.Element("Respond")
    header = ET.SubElement(root, "ResponseHeader")
    ET.SubElement(header, "BizMsgID").text = number
    ET.SubElement(header, "SuccessFlag").text = "1" if code == "0000" else "0"
    ET.SubElement(header, "ResponseCode").text = code
    for reason in reasons:
        ET.SubElement(header, "ResponseInfo").text = reason
    for registration, number_of in sorted((counts or Counter()).items()):
        ET.SubElement(root, "Count", {"DJLX": registration, "Number": str(number_of)})
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


class Door(BaseHTTPRequestHandler):
    """The HTTP door of one platform."""

    platform: Platform

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_BYTES_MAX:
            self._reply(413, b"")
            return
        body = self.rfile.read(length)
        if self.path == "/control":
            self._set(body)
            return
        match = re.fullmatch(r"/(messages|logs)/Biz(\d{12,18})\.xml", self.path)
        if match is None:
            self._reply(404, b"")
            return
        self._receive(match[1], match[2], body)

    def do_GET(self) -> None:
        platform = self.platform
        if self.path == "/control":
            with platform.lock:
                accepted = sorted(number for number, held in platform.messages.items() if held.is_accepted)
                shown = {
                    "mood": platform.mood,
                    "asked": platform.asked,
                    "accepted": accepted,
                    "flows": sorted(platform.messages[number].flow for number in accepted),
                    "declined": sorted(set(platform.messages) - set(accepted)),
                    "logs": platform.logs,
                }
            self._reply(200, json.dumps(shown).encode(), "application/json")
            return
        match = re.fullmatch(r"/answers/Rep(\d{18})\.xml", self.path)
        held = platform.messages.get(match[1]) if match else None
        if platform.mood == "down":
            self._reply(503, b"")
        elif held is None:
            self._reply(404, b"")
        else:
            self._reply(200, held.answer)

    def _receive(self, kind: str, number: str, body: bytes) -> None:
        platform = self.platform
        with platform.lock:
            platform.asked += 1
            mood, delay_s = platform.mood, platform.delay_s
            if mood == "down":
                self._reply(503, b"")
                return
            take = platform.take if kind == "messages" else platform.count
            content = take(number, body)
            if mood == "duplicate":
                content = take(number, body)
            previous, platform.last_answer = platform.last_answer, content
        given = previous if mood == "out_of_order" and previous else content
        if mood == "slow":
            time.sleep(delay_s)
        self._reply(200, "系统繁忙，请稍后".encode() if mood == "nonsense" else given)

    def _set(self, body: bytes) -> None:
        try:
            wanted = json.loads(body)
            mood, delay_s = str(wanted["mood"]), float(wanted.get("delay_s", self.platform.delay_s))
        except (ValueError, KeyError, TypeError):
            mood, delay_s = "", 0.0
        if mood not in MOODS:
            self._reply(400, f"moods: {', '.join(MOODS)}\n".encode(), "text/plain; charset=utf-8")
            return
        with self.platform.lock:
            self.platform.mood, self.platform.delay_s = mood, delay_s
        self._reply(204, b"")

    def _reply(self, status: int, body: bytes, media_type: str = "application/xml") -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked has stopped waiting

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the messages hold names."""


def server(port: int, host: str = "127.0.0.1", folder: Path | None = None) -> ThreadingHTTPServer:
    """A platform of its own at this port (0: any free one); `serve_forever` runs it."""
    platform = Platform()
    if folder is not None:
        platform.remember(folder)
    door = type("PlatformDoor", (Door,), {"platform": platform})
    return ThreadingHTTPServer((host, port), door)


def main() -> None:
    """Serve until stopped."""
    words = argparse.ArgumentParser(prog="python -m tongban.simulators.platform", description="国家平台模拟程序")
    words.add_argument("--port", type=int, default=8101)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--folder", type=Path)
    chosen = words.parse_args()
    with server(chosen.port, chosen.host, chosen.folder) as running:
        print(f"platform simulator at http://{chosen.host}:{running.server_port}", flush=True)
        running.serve_forever()


if __name__ == "__main__":
    main()
